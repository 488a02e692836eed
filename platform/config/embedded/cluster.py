"""Making, starting and stopping a cluster in its place: `initdb`, `pg_ctl`, and what goes wrong with them."""

import contextlib
import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path

from config.embedded.place import EmbeddedProblem, Place

MAJOR = "18"
_START_LIMIT = 60.0  # seconds, also for a recovery after a crash
_NEEDED_BYTES = 300 * 1024 * 1024
_INCLUDE = "include 'lavterskel.conf'\n"
#: Somebody is, or seems to be, still there: a killed postmaster not yet reaped, or its last backends.
_STILL_THERE = ("lock file", "pre-existing shared memory block", "is still in use", "could not bind")


def make(place: Place, *, password: str, fast: bool = False) -> None:
    """`initdb` unless there is a cluster; whole or not at all. `fast` leaves out the sync to disk (tests)."""
    if (place.data / "PG_VERSION").is_file():
        _check_version(place)
        return
    if shutil.disk_usage(place.home).free < _NEEDED_BYTES:
        raise EmbeddedProblem(
            f"there is too little room on the disk of {place.home}: 300 MB are needed to begin."
        )
    half = place.home / f"data.{secrets.token_hex(4)}"
    word = place.home / f"word.{secrets.token_hex(4)}"
    try:
        _write_for_server(place, word, password + "\n")
        done = place.run(
            "initdb", f"--pgdata={half}", "--username=postgres", f"--pwfile={word}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions", *(["--no-sync"] if fast else []),
        )  # fmt: skip
        if done.returncode != 0:
            raise EmbeddedProblem(f"initdb did not succeed: {_last_words(done.stderr)}.")
        half.rename(place.data)
    finally:
        word.unlink(missing_ok=True)
        shutil.rmtree(half, ignore_errors=True)


def start(place: Place, *, fast: bool = False) -> None:
    """Start the server and wait until it answers. Retries while a killed predecessor still disappears."""
    _check_version(place)
    _configure(place, fast=fast)
    deadline = time.monotonic() + _START_LIMIT
    while True:
        told = _size(place.log)
        wait = f"--timeout={int(_START_LIMIT)}"
        arguments = ("start", "--wait", wait, "--silent", f"--pgdata={place.data}", f"--log={place.log}")
        done = place.run("pg_ctl", *arguments, limit=_START_LIMIT + 30)
        if done.returncode == 0:
            return
        words = _log_since(place.log, told) + done.stderr
        if "No space left on device" in words:
            raise EmbeddedProblem(f"the disk of {place.home} is full.")
        if not any(sign in words for sign in _STILL_THERE) or time.monotonic() > deadline:
            raise EmbeddedProblem(f"it does not start: {_last_words(words)} (all of it in {place.log}).")
        _forget_stale_postmaster(place)
        time.sleep(0.2)


def stop(place: Place) -> None:
    """Stop the server if it runs: sessions are ended, everything committed is kept."""
    for mode in ("fast", "immediate"):
        if postmaster(place) is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            place.run("pg_ctl", "stop", f"--mode={mode}", "--wait", "--timeout=30", f"--pgdata={place.data}")


def postmaster(place: Place) -> int | None:
    """The process id of this cluster's living postmaster; None when there is none."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except PermissionError:
        return pid
    except (OSError, ValueError):
        return None
    return pid if _is_ours(pid, place.data) else None


def _is_ours(pid: int, data: Path) -> bool:
    """False for a zombie, and for a stranger who got the number of a postmaster that is gone.

    A postmaster's working folder is its data folder. Where the system cannot tell, the number is believed.
    """
    folder = Path(f"/proc/{pid}")
    if not folder.is_dir():
        return not Path("/proc/self").is_dir()
    try:
        return os.path.samefile(os.readlink(folder / "cwd"), data)
    except FileNotFoundError:
        return False  # a zombie has no working folder any more
    except OSError:
        return True


def _forget_stale_postmaster(place: Place) -> None:
    """Remove a `postmaster.pid` whose number lives, but as a zombie or as somebody else's.

    Backends that outlive their postmaster are still kept out by the shared memory segment, which
    PostgreSQL checks.
    """
    file = place.data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError):
        lines = file.read_text().split("\n")
        if postmaster(place) is None and not _backends_of(place.data):
            place.run("pg_ctl", "status", f"--pgdata={place.data}")
            if file.read_text().split("\n") == lines:
                file.unlink()


def _backends_of(data: Path) -> list[int]:
    """Processes that still work in the data folder (Linux; elsewhere none are seen)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.readlink(process / "cwd") == str(data.resolve()):
                found.append(int(process.name))
    return found


def _configure(place: Place, *, fast: bool) -> None:
    """Our settings, written anew at each start, in a file that `postgresql.conf` includes last."""
    settings = {
        "listen_addresses": "''",
        "port": "5432",  # names the socket file; no TCP
        "unix_socket_directories": f"'{place.socket}'",
        "unix_socket_permissions": "0700",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "100",
        # A statement over all municipalities locks several tables of each (see docs of migrate_all and the
        # sweep).
        "max_locks_per_transaction": "1024",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] %u '",
        # What students write must not reach a log: neither failed statements, nor their values, nor row
        # details.
        "log_min_error_statement": "panic",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "fsync": "off" if fast else "on",
        "synchronous_commit": "off" if fast else "on",
        "full_page_writes": "off" if fast else "on",
    }
    text = "".join(f"{name} = {value}\n" for name, value in settings.items())
    _write_for_server(place, place.data / "lavterskel.conf", text)
    main = place.data / "postgresql.conf"
    found = main.read_text(encoding="utf-8")
    if _INCLUDE not in found:
        _write_for_server(place, main, f"{found.rstrip()}\n\n{_INCLUDE}")


def _write_for_server(place: Place, path: Path, text: str) -> None:
    """Write a file (0600) that the server's user owns, whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if place.user:
            os.fchown(descriptor, place.user.uid, place.user.gid)
        file.write(text)
    os.replace(half, path)


def _check_version(place: Place) -> None:
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise EmbeddedProblem(
            f"{place.data} is of PostgreSQL {found}, this is {MAJOR}. Dump it with the one that wrote it."
        )


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def _log_since(log: Path, position: int) -> str:
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            file.seek(position)
            return file.read()
    except OSError:
        return ""


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    return (telling or lines or ["it said nothing"])[-1].rstrip(".")
