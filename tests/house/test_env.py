"""The environment is read with types, and a demo's secrets are made once."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import env, secret_file


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DEMO", "LAVTERSKEL_TESTING", "DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "PORT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("KEY_ENCRYPTION_KEY", "RECEIPT_PEPPER", "EMBEDDED_DATABASE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("eighty", "PORT is 'eighty'; it must be a whole number."),
        ("0", "PORT is 0; it must be at least 1 and at most 65535."),
        ("65536", "PORT is 65536; it must be at least 1 and at most 65535."),
        ("8.5", "PORT is '8.5'; it must be a whole number."),
    ],
)
def test_a_number_that_cannot_be_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    monkeypatch.setenv("PORT", value)
    with pytest.raises(env.BadSetting, match=message):
        env.number("PORT", 8000, low=1, high=65535)


def test_numbers_at_the_limits_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", " 65535 ")
    assert env.number("PORT", 8000, low=1, high=65535) == 65535
    monkeypatch.setenv("PORT", "")
    assert env.number("PORT", 8000, low=1, high=65535) == 8000


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", True)])
def test_a_flag_is_on_or_off(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("SOME_FLAG", value)
    assert env.flag("SOME_FLAG", True) is expected


def test_a_misspelt_flag_is_refused_and_not_taken_for_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "yse")
    with pytest.raises(env.BadSetting, match="DEMO is 'yse'; it can be 1 or 0"):
        env.demo()


def test_lists_drop_blanks_and_empty_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", " a.example, ,b.example,")
    assert env.items("HOSTS") == ["a.example", "b.example"]
    assert env.items("OTHER", ["x"]) == ["x"]


def test_a_bad_setting_ends_a_program_with_one_line_and_no_traceback() -> None:
    code = "from config import env; env.secret('SECRET_KEY')"
    clean = {name: value for name, value in os.environ.items() if name not in {"DEMO", "LAVTERSKEL_TESTING"}}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, "PYTHONPATH": f"{env.CLONE / 'platform'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "lavterskel: SECRET_KEY is not set. It is a secret and has no default; "
        "make one with: openssl rand -base64 48"
    ]


@pytest.mark.parametrize("name", ["SECRET_KEY", "KEY_ENCRYPTION_KEY", "RECEIPT_PEPPER"])
def test_without_demo_a_missing_secret_refuses_and_names_itself(name: str) -> None:
    with pytest.raises(env.BadSetting, match=f"{name} is not set"):
        env.secret(name)
    assert not env.data_dir().exists()


@pytest.mark.parametrize("mode", ["DEMO", "LAVTERSKEL_TESTING"])
def test_demo_and_tests_make_secrets_once_for_every_later_process(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv(mode, "1")
    made = env.secret("SECRET_KEY"), env.key("KEY_ENCRYPTION_KEY")
    assert len(made[1]) == 32
    monkeypatch.delenv(mode)
    assert (env.secret("SECRET_KEY"), env.key("KEY_ENCRYPTION_KEY")) == made
    file = env.data_dir() / secret_file.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(env.data_dir().stat().st_mode) & 0o066 == 0  # nobody else lists or writes


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "1")
    env.secret("KEY_ENCRYPTION_KEY")
    mine = base64.b64encode(b"k" * 32).decode()
    monkeypatch.setenv("KEY_ENCRYPTION_KEY", mine)
    assert env.secret("KEY_ENCRYPTION_KEY") == mine


@pytest.mark.parametrize("value", ["short", base64.b64encode(b"k" * 31).decode(), "å" * 44])
def test_a_key_of_the_wrong_size_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RECEIPT_PEPPER", value)
    with pytest.raises(env.BadSetting, match="RECEIPT_PEPPER must be 32 bytes in base64") as refused:
        env.secret("RECEIPT_PEPPER")
    assert value not in str(refused.value)


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    code = "from config import env; print(env.secret('SECRET_KEY'), env.secret('RECEIPT_PEPPER'))"
    around = {
        **os.environ,
        "DEMO": "1",
        "DATA_DIR": str(tmp_path / "d"),
        "PYTHONPATH": str(env.CLONE / "platform"),
    }
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=around, stdout=subprocess.PIPE) for _ in range(6)
    ]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert [path.name for path in (tmp_path / "d").glob(".secrets-*")] == []


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "file" / "data"))
    monkeypatch.setenv("DEMO", "1")
    with pytest.raises(env.BadSetting, match=r"DATA_DIR is .*file/data"):
        env.secret("SECRET_KEY")


def test_a_relative_data_dir_counts_from_the_clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", ".data")
    monkeypatch.chdir(tmp_path)
    assert env.data_dir() == env.CLONE / ".data"


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:p%40ss@db.example:5433/door?sslmode=verify-full")
    assert env.database() == {
        "NAME": "door", "USER": "app", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }  # fmt: skip
    assert env.owner_database() == env.database()
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner:o@/door?host=%2Frun%2Fpg")
    assert env.owner_database()["HOST"] == "/run/pg"
    assert env.owner_database()["USER"] == "owner"


@pytest.mark.parametrize(
    "url", ["mysql://a:topsecret@h/d", "postgresql://a:topsecret@h:7x/d", "postgresql://a:topsecret@h",
            "postgresql://a:topsecret@h/d?sslmod=require"],
)  # fmt: skip
def test_a_bad_database_address_is_refused_without_showing_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(env.BadSetting, match="DATABASE_URL") as refused:
        env.database()
    assert "topsecret" not in str(refused.value)


def test_a_demo_is_remembered_for_other_shells_but_never_with_a_database_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env.data_dir().mkdir()
    (env.data_dir() / env.RECORD_NAME).write_text('{"demo": true, "socket": "/tmp/s", "port": 8123}')
    assert env.demo() is True
    assert env.port() == 8123
    monkeypatch.setenv("DEMO", "0")
    assert env.demo() is False
    monkeypatch.delenv("DEMO")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:x@h/d")
    assert env.demo() is False


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True), ("door.localhost", True), ("LOCALHOST.", True), ("evillocalhost", False),
        ("notlocalhost", False), ("localhost.example", False), ("", False),
    ],
)  # fmt: skip
def test_only_localhost_and_what_is_below_it_never_leaves_this_machine(host: str, ours: bool) -> None:
    assert env.is_localhost(host) is ours


@pytest.mark.parametrize(
    "program",
    [["-m", "config.prepare"], ["-m", "config.run"], ["-m", "config.demo_reset"], ["manage.py", "demo"]],
)
def test_a_demo_on_a_real_host_is_refused_before_anything_is_made(tmp_path: Path, program: list[str]) -> None:
    real = {
        "DEMO": "1", "FRONT_HOST": "notlocalhost", "PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "made"),
    }  # fmt: skip
    found = subprocess.run(
        [sys.executable, *program], cwd=env.CLONE, env=real, capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert found.stderr.startswith("lavterskel: FRONT_HOST is a real host")
    assert not (tmp_path / "made").exists()
