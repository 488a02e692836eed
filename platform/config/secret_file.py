"""The file of secrets that a demo or a test run makes for itself: `DATA_DIR/secrets.env`.

Lines of `NAME=value`, readable by its owner alone (0600). It is written whole beside the old one and renamed
over it, under a lock, so that two processes that start at once agree and nobody ever reads half a file.
"""

import base64
import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "secrets.env"
LOCK_NAME = "secrets.lock"


def random_key() -> str:
    """32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def random_text() -> str:
    """64 URL-safe characters (48 random bytes)."""
    return secrets.token_urlsafe(48)


def read(folder: Path) -> dict[str, str]:
    """The secrets in the folder's file; none without a file. PermissionError if it is somebody else's."""
    try:
        lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def get_or_make(folder: Path, name: str, make: Callable[[], str]) -> str:
    """The secret of that name; made and kept when the file has none. Creates a missing folder."""
    known = read(folder)
    if name in known:
        return known[name]
    make_folder(folder)
    with _locked(folder):
        known = read(folder)
        if name not in known:
            known[name] = make()
            _write(folder, known)
    return known[name]


def make_folder(folder: Path) -> None:
    """Create DATA_DIR when it is missing, closed to others.

    Root's folder can be walked through (0711) but not listed: the embedded PostgreSQL, which refuses to be
    root, runs as another user inside it. Each file has its own mode. An existing folder is left as it is.
    """
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(folder: Path, values: dict[str, str]) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".secrets-", dir=folder)  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(
                "# Made by Lavterskel for this data folder. Lose it, and what students wrote is lost.\n"
            )
            file.writelines(f"{name}={value}\n" for name, value in values.items())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, folder / FILE_NAME)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
