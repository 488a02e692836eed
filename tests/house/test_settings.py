"""Every environment variable that the code reads is in docs/settings.md, and nothing else is."""

import base64
import os
import re
import subprocess
import sys
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
_READ = re.compile(
    r"(?:\benv\.(?:text|flag|number|items|name_servers|choice|url|path|secret|key)|\b(?:text|flag|number|path|secret|parse_database)"
    r"|environ(?:\.get|\.setdefault)?)[(\[]\s*\"([A-Z][A-Z_]{2,})\""
)
#: Read, but not ours: the system's own.
_SYSTEM = {
    "PATH",
    "HOME",
    "DJANGO_SETTINGS_MODULE",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
    "PYTHONPATH",
    "LC_ALL",
    "CI",
}


def _documented() -> set[str]:
    table = (CLONE / "docs" / "settings.md").read_text()
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def _read_by_code() -> set[str]:
    files = [*(CLONE / "platform").rglob("*.py"), *(CLONE / "deploy").glob("*.py"), CLONE / "manage.py"]
    files += [
        path for folder in ("tenants", "services", "billing") for path in (CLONE / folder).rglob("*.py")
    ]
    found = {name for path in files for name in _READ.findall(path.read_text())}
    return found - _SYSTEM


def test_every_setting_is_documented() -> None:
    assert _read_by_code() - _documented() == set()


def test_no_setting_is_documented_that_nobody_reads() -> None:
    of_the_suite = {"TEST_DATABASE_URL", "ENDURE", "EMBEDDED_DATABASE_PASSWORD"}
    assert _documented() - _read_by_code() - of_the_suite == set()


def test_a_real_host_passes_djangos_deployment_check_without_a_word() -> None:
    real = {
        "FRONT_HOST": "door.example",
        "SECRET_KEY": "k" * 60 + "".join(chr(97 + n) for n in range(20)),
        "KEY_ENCRYPTION_KEY": base64.b64encode(bytes(range(32))).decode(),
        "DATABASE_URL": "postgresql://app:word@127.0.0.1:1/lavterskel",
        "PATH": os.environ["PATH"],
    }
    found = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CLONE, env=real, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr


def test_a_real_host_without_secrets_refuses_to_start_and_names_the_first(tmp_path: Path) -> None:
    real = {"FRONT_HOST": "door.example", "PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    real["DATABASE_URL"] = "postgresql://app:word@127.0.0.1:1/lavterskel"
    found = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=CLONE,
        env=real,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert "SECRET_KEY is not set" in found.stderr
    assert "Traceback" not in found.stderr
