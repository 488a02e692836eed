"""What the tests of the ground floor share: folders that anybody can walk to, and programs of their own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config import env

_OURS = {
    "DATABASE_URL", "DATABASE_OWNER_URL", "DEMO", "DATA_DIR", "TEMPLATE_DIR", "PORT", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def child_environment(data_dir: Path, **more: str) -> Mapping[str, str]:
    """The environment of a program that uses that DATA_DIR and nothing of this test run's database."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OURS}
    path = os.pathsep.join([str(env.CLONE / "platform"), str(env.CLONE)])
    return {**inherited, "PYTHONPATH": path, "LAVTERSKEL_TESTING": "1", "DATA_DIR": str(data_dir), **more}


@contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that every user can walk through (pytest's own are one user's); deleted at the end."""
    folder = Path(tempfile.mkdtemp(prefix="lavterskel-g-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start_python(code: str, data_dir: Path, *, errors: int | None = None) -> "subprocess.Popen[str]":
    """Start a Python with our packages; its output and input are pipes (and its errors, when asked)."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=env.CLONE,
        env=child_environment(data_dir),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def run_python(code: str, data_dir: Path) -> str:
    """What a Python with our packages prints; fails the test when it fails."""
    process = start_python(code, data_dir)
    out, _ = process.communicate("")
    assert process.returncode == 0, out
    return out


def wait_for(happened: Callable[[], bool], seconds: float) -> None:
    """Wait until it has happened; fails the test after that long."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen within {seconds} s"
        time.sleep(0.05)
