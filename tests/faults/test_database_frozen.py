"""PostgreSQL freezes (it is there and says nothing) while students knock at the real web server.

The limits are the clients' time-outs: far beyond the few seconds that are promised, far below for ever.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connections

from kernel.tenancy import inside
from services.contact.models import ContactRequest
from tests import server
from tests.faults.freezing import frozen
from tests.faults.test_database_away import database_away
from tests.house.grounds import wait_for
from tests.services.contact.committed import Place, committed

pytestmark = pytest.mark.skipif(
    not hasattr(server, "SERVER") or sys.platform != "linux", reason="only our own server may be frozen"
)
WORDS = "Jeg vil ikke miste det jeg har skrevet."
#: Threads of the web server, and more students than that at once.
THREADS, STUDENTS = 4, 10
AT_FIRST, LATER = 30, 10  # seconds a client waits: just after the freeze, and once it is known


@dataclass(frozen=True)
class Web:
    """The web server as it is run, and a client of the municipality's host."""

    port: int
    host: str

    def ask(
        self, method: str, path: str, body: str = "", *, limit: float = 30, **headers: str
    ) -> tuple[int, str]:
        """Status and body; status 0 when nothing came within `limit` seconds."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, path, body.encode(), {"Host": self.host, "Accept-Language": "nb", **named})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except TimeoutError:
            return 0, ""
        finally:
            line.close()

    def knock(self, place: Place, key: str, *, limit: float) -> tuple[int, dict[str, Any]]:
        said = {
            "school": str(place.school),
            "role": str(place.role),
            "channel": {"kind": "conversation"},
            "message": WORDS,
        }
        headers = {"Content_Type": "application/json", "Idempotency_Key": key}
        status, text = self.ask("POST", "/api/v1/contact-requests", json.dumps(said), limit=limit, **headers)
        return status, json.loads(text) if text else {}

    def last_press(self, place: Place, key: str, *, limit: float) -> tuple[int, str]:
        """The check page's button."""
        said = {
            "school": str(place.school), "role": str(place.role), "channel": "conversation", "message": WORDS,
            "language": "nb", "step": "check", "key": key,
        }  # fmt: skip
        headers = {"Content_Type": "application/x-www-form-urlencoded"}
        status, text = self.ask("POST", "/knock/", urlencode(said), limit=limit, **headers)
        return status, unescape(text)

    def is_healthy(self) -> bool:
        try:
            return self.ask("GET", "/healthz", limit=AT_FIRST)[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("frosset") as made:
        yield made


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the web server says."""
    return tmp_path_factory.mktemp("web") / "log"


@pytest.fixture(scope="module")
def web(place: Place, log: Path) -> Iterator[Web]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "WEB_THREADS": str(THREADS),
        "DATABASE_PATIENCE": "2",
    }
    with log.open("w") as lines:
        process = subprocess.Popen(command, cwd=server.CLONE, env=environment, stderr=lines)
    try:
        made = Web(port, f"{place.ref.slug}.localhost")
        wait_for(made.is_healthy, 60)
        yield made
    finally:
        process.terminate()
        process.wait(30)


def accepted(place: Place) -> int:
    connections["default"].close()
    with inside(place.ref):
        return ContactRequest.objects.count()


def test_a_frozen_database_is_refused_in_words_and_nothing_is_lost_or_doubled(place: Place, web: Web) -> None:
    for _warm in range(2 * THREADS):  # each thread has a connection that was good a moment ago
        assert web.ask("GET", "/")[0] == 200
    before, keys = accepted(place), [uuid.uuid4().hex for _student in range(STUDENTS)]
    pressed = uuid.uuid4().hex
    with frozen(server.SERVER.place), ThreadPoolExecutor(STUDENTS) as students:
        first = list(students.map(lambda key: web.knock(place, key, limit=AT_FIRST), keys))
        assert [status for status, _said in first] == [503] * STUDENTS
        assert not any("receipt" in said for _status, said in first)
        assert web.is_healthy()
        again = list(students.map(lambda key: web.knock(place, key, limit=LATER), keys))
        assert [status for status, _said in again] == [503] * STUDENTS
        status, page = web.last_press(place, pressed, limit=LATER)
        assert status == 503
        assert "Ikke sendt" in page
        assert WORDS in page
        assert pressed in page
        assert web.ask("GET", "/", limit=LATER)[0] == 200
    wait_for(lambda: web.knock(place, keys[0], limit=AT_FIRST)[0] == 201, 30)
    answers = [web.knock(place, key, limit=AT_FIRST) for key in keys]
    assert [status for status, _said in answers] == [201] * STUDENTS
    assert answers == [web.knock(place, key, limit=AT_FIRST) for key in keys]
    assert web.last_press(place, pressed, limit=AT_FIRST)[0] == 200
    assert accepted(place) == before + STUDENTS + 1


def test_a_statement_that_is_only_slow_is_waited_for(place: Place, settings: Any) -> None:
    """Longer than the patience: the pulse is asked for, and it beats."""
    from kernel.tenancy.backend import pulse

    settings.DATABASE_PATIENCE = 5
    with inside(place.ref), connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [settings.DATABASE_PATIENCE + 1])
        assert cursor.fetchall()
    assert not pulse.pulse.is_silent


def test_a_database_that_is_gone_is_one_line_of_each_kind_and_no_traceback(
    place: Place, web: Web, log: Path
) -> None:
    assert web.ask("GET", "/sign-in/")[0] == 200
    with database_away():
        for _again in range(3):
            assert web.knock(place, uuid.uuid4().hex, limit=AT_FIRST)[0] == 503
            assert web.ask("POST", "/receipt/", "receipt=0000", limit=AT_FIRST)[0] == 503
            assert web.ask("GET", "/desk/", limit=AT_FIRST, Cookie="staff=nobodys")[0] in (302, 503)
    said = log.read_text()
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if "database is away" in line]
    assert len(lines) == len(set(lines))
    wait_for(lambda: web.ask("GET", "/receipt/", limit=AT_FIRST)[0] == 200, 30)
