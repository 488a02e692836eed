"""The whole house for a browser: web server, worker and mail server as they run in production, one database."""

import email
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email import policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

CLONE = Path(__file__).resolve().parents[2]
_PATIENCE = 45.0  # seconds: two cores, and much else may be running on them


def until[T](ask: Callable[[], T | None], what: str) -> T:
    """The first answer that is not None. Fails aloud, naming what was waited for."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if (found := ask()) is not None:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {_PATIENCE:.0f} s")


class PostOffice:
    """A real mail server. Each mail is handed out once, so that an old code is never taken for a new one."""

    def __init__(self) -> None:
        self.mails: list[email.message.EmailMessage] = []
        self._read: set[int] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def wait_for(self, to: str, pattern: str) -> str:
        """What `pattern` finds (its first group) in the next unread mail to this address that has it."""
        return until(lambda: self._next(to, pattern), f"a mail to {to} with {pattern}")

    def _next(self, to: str, pattern: str) -> str | None:
        for number, mail in enumerate(self.mails):
            if number in self._read or mail["To"] != to:
                continue
            if found := re.search(pattern, words_of(mail), re.M):
                self._read.add(number)
                return found.group(1)
        return None


def words_of(mail: email.message.EmailMessage) -> str:
    """Subject and plain text of a mail."""
    body = mail.get_body(("plain",))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}".replace("\r\n", "\n")


@dataclass(frozen=True)
class Stage:
    """A running house: where it is, and its mail."""

    port: int
    post: PostOffice

    def origin(self, slug: str = "") -> str:
        """Address of a municipality's host; of the front door without a slug."""
        return f"http://{slug}{'.' if slug else ''}localhost:{self.port}"


@contextmanager
def stage() -> Iterator[Stage]:
    """Start gunicorn and the worker on this process's database; stop what was started."""
    post, mail_port, port = PostOffice(), free_port(), free_port()
    controller = Controller(post, hostname="127.0.0.1", port=mail_port)
    told = {
        "PORT": str(port), "PUBLIC_PORT": str(port), "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mail_port),
        "WEB_WORKERS": "1", "WEB_THREADS": "6", "LAVTERSKEL_TESTING": "1",
    }  # fmt: skip
    with ExitStack() as stack:
        controller.start()
        stack.callback(controller.stop)
        web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]
        said = stack.enter_context(_running(web, told))
        until(lambda: _is_healthy(port), f"the web server ({said})")
        stack.enter_context(_running([sys.executable, "manage.py", "worker"], told))
        yield Stage(port, post)


@contextmanager
def _running(command: list[str], told: dict[str, str]) -> Iterator[str]:
    """A process of ours, and the file that holds what it says. Printed when the test fails (captured)."""
    with tempfile.NamedTemporaryFile(suffix=".log") as said:
        process = subprocess.Popen(
            command, cwd=CLONE, env={**os.environ, **told}, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            yield said.name
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            if process.poll() is None:
                process.kill()
                process.wait()
            print(Path(said.name).read_text())


def _is_healthy(port: int) -> bool | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError), opener.open(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
        return True if answer.status == 200 else None
    return None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
