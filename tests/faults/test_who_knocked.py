"""T14: after many anonymous knocks nothing on disk says from where or with what. Real parts: the pages and the API, a
fault in between, the files of the database read byte by byte, everything that was logged, jobs, messages; and the web
server as it is deployed."""

import http.client
import io
import ipaddress
import json
import logging
import os
import re
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import Client

from kernel.tenancy import inside, owner
from services.contact import operations as contact
from services.contact.models import ContactRequest
from tests import server
from tests.house.test_gunicorn import CLONE, _wait_for
from tests.kernel.crypto.test_canaries import files, log
from tests.services.contact.committed import Place, committed

__all__ = ["log"]

ENDURE = os.environ.get("ENDURE") == "1"
KNOCKS = 1_000 if ENDURE else 50
AGENT = f"Kanari-{uuid.uuid4().hex[:12]}"
#: What every address of ours begins with, in words and as a database packs it.
NETWORK = "2001:db8:cafe:f00d"
PACKED = ipaddress.ip_address(f"{NETWORK}::1").packed[:8]
FORWARDED = "203.0.113.77"
FROM = f"https://{AGENT.lower()}.example/a-page"
CONTROL = f"Kontroll {uuid.uuid4().hex}"

needs_files = pytest.mark.skipif(not hasattr(server, "SERVER"), reason="needs the files of our own server")


def told(where: bytes) -> set[str]:
    """Which traces are in it."""
    traces = {
        "agent": AGENT.encode(),
        "agent in small letters": AGENT.lower().encode(),
        "address": NETWORK.encode(),
        "address in full": b"2001:0db8:cafe:f00d",
        "address packed": PACKED,
        "forwarded address": FORWARDED.encode(),
    }
    return {name for name, trace in traces.items() if trace in where}


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("sporlos") as made:
        yield made


def somebody(place: Place, number: int) -> Client:
    """A browser of its own: another address, another agent, from another page."""
    return Client(
        SERVER_NAME=f"{place.ref.slug}.localhost",
        raise_request_exception=False,
        REMOTE_ADDR=f"{NETWORK}::{number + 1:x}",
        headers={
            "user-agent": f"{AGENT}/{number} (telefon)",
            "x-forwarded-for": f"{NETWORK}::{number + 1:x}, {FORWARDED}",
            "x-real-ip": FORWARDED,
            "referer": FROM,
            "accept-language": "nb",
        },
    )


def knocks(place: Place, number: int) -> None:
    """By the pages and by the API in turn; then the conversation is opened and written into."""
    browser = somebody(place, number)
    browser.get("/")
    said = {
        "school": str(place.school), "role": str(place.role), "message": f"Hei {number}", "language": "nb",
    }  # fmt: skip
    if number % 2:
        answer = browser.post(
            "/api/v1/contact-requests", json.dumps({**said, "channel": {"kind": "conversation"}}),
            content_type="application/json", headers={"idempotency-key": uuid.uuid4().hex},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
        receipt = answer.json()["receipt"]
    else:
        form = {**said, "step": "check", "channel": "conversation", "key": uuid.uuid4().hex}
        page = browser.post("/knock/", form).content.decode()
        found = re.search(r'name="receipt" value="([^"]+)"', page)
        assert found, page
        receipt = found[1]
    assert browser.post("/receipt/", {"receipt": receipt}).status_code == 303
    page = browser.get("/conversation/").content.decode()
    proof = re.search(r'name="proof" value="([^"]+)"', page)
    assert proof
    said_more = browser.post("/conversation/", {"proof": proof[1], "act": "message", "text": "Mer"})
    assert said_more.status_code == 303
    browser.get("/conversation/state/")
    browser.get(f"/not-there-{number}/")


@needs_files
def test_nothing_on_disk_says_from_where_or_with_what_somebody_knocked(
    place: Place, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}  # type: ignore[attr-defined]
    for number in range(KNOCKS):
        knocks(place, number)
    with monkeypatch.context() as broken:
        broken.setattr(contact, "open_by_receipt", lambda _code: 1 / 0)
        assert somebody(place, KNOCKS).post("/receipt/", {"receipt": "A"}).status_code == 500
    logging.getLogger("lavterskel").warning(CONTROL)
    with inside(place.ref):
        assert ContactRequest.objects.count() == KNOCKS
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT * FROM jobs.procrastinate_jobs")
        jobs = repr(cursor.fetchall()).encode()
        cursor.execute(f'COMMENT ON TABLE "{place.ref.schema}".contact_contactrequest IS %s', [CONTROL])
    assert CONTROL in log.getvalue(), "the log is looked at"
    assert told(log.getvalue().encode()) == set()
    assert told(jobs) == set()
    connection.close()
    control = 0
    for path, content in files():
        assert told(content) == set(), path
        control += CONTROL.encode() in content
    assert control, "the files are looked at"
    data = Path(os.environ["DATA_DIR"])
    for path in data.rglob("*"):
        if path.is_file():
            assert told(path.read_bytes()) == set(), path
    connections.close_all()


def test_the_web_server_as_it_is_deployed_writes_down_nobody(tmp_path: Path) -> None:
    """Requests that are fine, that are none, and that break off: neither address nor agent is said of any."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "tests.house.echo"]
    environment = {
        **os.environ,
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "WEB_THREADS": "1",
        "GUNICORN_LOG_LEVEL": "debug",
    }
    said = tmp_path / "said"
    with said.open("wb") as everything:
        running = subprocess.Popen(command, cwd=CLONE, env=environment, stdout=everything, stderr=everything)
        try:
            _wait_for(port)
            for number in range(20):
                source = (f"127.66.0.{number + 1}", 0)
                caller = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=source)
                caller.request("GET", "/knock/", headers={"User-Agent": AGENT, "X-Forwarded-For": FORWARDED})
                assert caller.getresponse().status == 200
                caller.close()
                with socket.create_connection(("127.0.0.1", port), 20, source) as broken:
                    broken.sendall(b"NONSENSE / HTTP/9.9\r\nUser-Agent: " + AGENT.encode() + b"\r\n\r\n")
                    broken.recv(100)
        finally:
            running.terminate()
            running.wait(20)
    heard = said.read_bytes()
    assert heard, "it says something, and is listened to"
    assert told(heard) == set()
    assert b"127.66.0." not in heard
