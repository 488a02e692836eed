"""Child processes of `make run`: each in its own session, its lines named, restarted when it crashes."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Self

from config import env

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0  # seconds before a crashed child is started again
_STEADY = 60.0  # a child that lived this long has its next crash counted as the first
_MANNERS = 12.0  # seconds a child has to end after SIGTERM
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A program that we keep running: its name before each line, its command."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = _FIRST_PAUSE
    began: float = 0.0
    again_at: float | None = None
    rest: bytes = field(default=b"", repr=False)


class Crew:
    """The children, as a context manager: leaving it stops them all, politely and then not."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_all()
        self._selector.close()

    def start(self, child: Child) -> None:
        """Start it and keep it running."""
        self._children.append(child)
        self._launch(child)

    def finish(self, child: Child) -> None:
        """Run it to its end; SystemExit with one line when it fails."""
        self._children.append(child)
        self._launch(child)
        while child.process and child.process.poll() is None:
            self._read(0.2)
        self._drain(child)
        self._children.remove(child)
        status = child.process.returncode if child.process else 1
        if status != 0:
            sys.exit(f"lavterskel: `{child.name}` failed with status {status}; see above for why.")

    def turn(self, seconds: float) -> None:
        """Read for up to that long, then start again what has crashed and has waited long enough."""
        self._read(seconds)
        now = time.monotonic()
        for child in self._children:
            if child.process and child.process.poll() is not None:
                self._note_crash(child, now)
            if child.again_at is not None and now >= child.again_at:
                self._launch(child)

    def _note_crash(self, child: Child, now: float) -> None:
        self._drain(child)
        status = child.process.returncode if child.process else 0
        child.process = None
        if now - child.began > _STEADY:
            child.pause = _FIRST_PAUSE
        child.again_at = now + child.pause
        _say(child.name, f"ended with status {status}; starting again in {child.pause:.0f} s")
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)

    def _launch(self, child: Child) -> None:
        child.began, child.again_at = time.monotonic(), None
        ours = os.getpid()
        child.process = subprocess.Popen(
            child.command,
            cwd=env.CLONE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,  # Ctrl-C is ours to pass on
            preexec_fn=lambda: _die_with(ours),  # safe: we have no threads
        )
        if child.process.stdout:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _read(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self._selector.select(seconds):
            self._take(key.data, key.fileobj)  # type: ignore[arg-type]

    def _take(self, child: Child, pipe: IO[bytes]) -> None:
        try:
            part = os.read(pipe.fileno(), 65536)
        except BlockingIOError:
            return
        *lines, child.rest = (child.rest + part).split(b"\n")
        for line in lines:
            _say(child.name, line.decode(errors="replace"))
        if not part:
            self._close(child, pipe)

    def _drain(self, child: Child) -> None:
        """What a child said last; a grandchild that holds the pipe open is not waited for."""
        pipe = child.process.stdout if child.process else None
        if pipe and not pipe.closed:
            for _ in range(64):
                self._take(child, pipe)
                if pipe.closed:
                    return
            self._close(child, pipe)

    def _close(self, child: Child, pipe: IO[bytes]) -> None:
        if child.rest:
            _say(child.name, child.rest.decode(errors="replace"))
            child.rest = b""
        self._selector.unregister(pipe)
        pipe.close()

    def _stop_all(self) -> None:
        living = [child for child in self._children if child.process and child.process.poll() is None]
        for child in living:
            _signal(child, signal.SIGTERM, whole_group=False)
        deadline = time.monotonic() + _MANNERS
        while time.monotonic() < deadline and any(_lives(child) for child in living):
            self._read(0.05)
        for child in living:
            # The leader is asked first; whoever is left of its session is ended.
            _signal(child, signal.SIGKILL, whole_group=True)
            if child.process:
                child.process.wait()


def _lives(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None


def _signal(child: Child, number: int, *, whole_group: bool) -> None:
    if child.process:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if whole_group:
                os.killpg(child.process.pid, number)
            else:
                os.kill(child.process.pid, number)


def _die_with(parent: int) -> None:
    """In the child: SIGTERM when the parent dies, however it dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _say(name: str, line: str) -> None:
    print(f"{name:<8} | {line}", flush=True)
