"""The embedded server of DATA_DIR: attach or start, and who turns off the light.

`postgresql.lock` is held while somebody starts or stops; `postgresql.users` is held shared by every
process that uses the server. Whoever leaves and finds nobody else there stops it. The kernel releases
both when a process is killed, so nothing here can be left behind by a `kill -9`.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from config import env, secret_file
from config.embedded import cluster
from config.embedded.place import EmbeddedProblem, Place, place_of, read_record, write_record
from config.embedded.server import SUPERUSER, Server

_SILENT_LIMIT = 60.0  # seconds for which a server that runs and does not answer is waited for

_used: list[int] = []  # descriptors that keep the shared lock until this process ends


def ensure_running(data_dir: Path | None = None) -> Server:
    """Attach to the server of DATA_DIR or start it. It stays on; this process is its user until it ends."""
    folder = data_dir or env.data_dir()
    with _alone(folder):
        server = _attach_or_start(folder)
        _used.append(_enter(folder))
    return server


@contextlib.contextmanager
def running(data_dir: Path | None = None, *, always_stop: bool = False) -> Iterator[Server]:
    """The server of DATA_DIR for a `with` block. The last one out stops it, or `always_stop`."""
    folder = data_dir or env.data_dir()
    with _alone(folder):
        server = _attach_or_start(folder)
        mine = _enter(folder)
    try:
        with _leaving_on_sigterm():
            yield server
    finally:
        with _alone(folder):
            if _nobody_else(mine) or always_stop:
                server.stop()
            os.close(mine)


def remember(**facts: Any) -> None:
    """Keep facts about this DATA_DIR's server beside its place, for config.env to read."""
    with _alone(env.data_dir()):
        write_record(env.data_dir(), {**read_record(env.data_dir()), **facts})


def revive(server: Server) -> bool:
    """Start a server again that has died under its users; True when that was needed."""
    if cluster.postmaster(server.place) is not None:
        return False
    if not server.place.data.is_dir():  # an empty database in its stead would be worse than none
        raise EmbeddedProblem(f"its data folder {server.place.data} is gone.")
    with _alone(env.data_dir()):
        _attach_or_start(env.data_dir())
    return True


def in_use(data_dir: Path) -> bool:
    """True while a process uses the server of DATA_DIR."""
    if not (data_dir / "postgresql.users").exists():
        return False
    descriptor = _open(data_dir, "postgresql.users")
    try:
        return not _nobody_else(descriptor)
    finally:
        os.close(descriptor)


def destroy(data_dir: Path | None = None) -> None:
    """Stop the server of DATA_DIR and delete its data for good; the secrets and other files stay."""
    folder = data_dir or env.data_dir()
    if "home" not in read_record(folder):
        return
    with _alone(folder):
        record = read_record(folder)
        if Path(record["home"]).is_dir():
            place = place_of(folder)
            cluster.stop(place)
            shutil.rmtree(place.home)
        shutil.rmtree(record.get("socket", ""), ignore_errors=True)
        (folder / env.RECORD_NAME).unlink(missing_ok=True)


def _attach_or_start(folder: Path) -> Server:
    place = place_of(folder)
    server = Server(place, env.embedded_password)
    _wait_while_silent(place, server)
    if cluster.postmaster(place) is None:
        _start(place, server)
    server.ensure_roles_and_database()
    return server


def _wait_while_silent(place: Place, server: Server) -> None:
    """A server that runs and does not answer (frozen, or still starting) is waited for.

    Nothing is started beside it: two servers on one data folder would be the end of it.
    """
    deadline, said = time.monotonic() + _SILENT_LIMIT, False
    while (pid := cluster.postmaster(place)) is not None and not server.answers():
        if time.monotonic() > deadline:
            raise EmbeddedProblem(
                f"it runs (process {pid}) but has not answered for {_SILENT_LIMIT:.0f} s. Nothing is started "
                "beside it: let it go on (kill -CONT), or end it."
            )
        if not said:
            words = f"PostgreSQL runs (process {pid}) but does not answer. Waiting for it."
            print(f"lavterskel: {words}", file=sys.stderr, flush=True)
            said = True
        time.sleep(0.3)


def _start(place: Place, server: Server) -> None:
    try:
        cluster.make(place, password=server.password(SUPERUSER))
        cluster.start(place)
    except OSError as error:
        raise EmbeddedProblem(f"{error.filename or place.home}: {error.strerror or error}.") from error
    if not server.answers():
        raise EmbeddedProblem(f"it started but does not answer (see {place.log}).")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops."""
    descriptor = _open(folder, "postgresql.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _enter(folder: Path) -> int:
    descriptor = _open(folder, "postgresql.users")
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def _nobody_else(mine: int) -> bool:
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(folder: Path, name: str) -> int:
    try:
        secret_file.make_folder(folder)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedProblem(f"{folder / name}: {error.strerror or error}.") from error


@contextlib.contextmanager
def _leaving_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block properly, where the program has no manners of its own for it."""
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
