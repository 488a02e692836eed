"""T10, the other half: words of a student are nowhere in the clear. Real parts: a municipality is dumped, the files
of the server are read byte by byte, and so are the log, the jobs, the messages and the error reports."""

import base64
import io
import json
import logging
import os
import subprocess
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sentry_sdk
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client
from PIL import Image

from kernel import reports
from kernel.actor import MACHINE, student
from kernel.logs import WithoutWords
from kernel.outbox import operations as outbox
from kernel.outbox.models import Message
from kernel.people.models import Account
from kernel.tenancy import inside, owner
from services.attachments.intake import Upload, take_in
from services.contact import operations as contact
from services.contact.models import ContactRequest
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests import server
from tests.kernel.reports.test_reports import Kept
from tests.services.contact.committed import Place, committed

pytestmark = pytest.mark.skipif(not hasattr(server, "SERVER"), reason="needs the files of our own server")

#: What is planted where; none may be found. `CONTROL` is planted in the clear, and must be.
CANARIES = {
    "message": f"kanari-{uuid.uuid4().hex}",
    "name": f"Kanari {uuid.uuid4().hex}",
    "address": f"{uuid.uuid4().hex}@kanari.example",
    "times": f"Tirsdag {uuid.uuid4().hex}",
    "answer": f"Svar {uuid.uuid4().hex}",
    "more": f"Mer {uuid.uuid4().hex}",
    "document": f"Vedtak {uuid.uuid4().hex}",
    "name of a document": f"Fil {uuid.uuid4().hex}",
    "name of a picture": f"Bilde {uuid.uuid4().hex}",
}
CONTROL = f"Kontroll {uuid.uuid4().hex}"


def shapes(word: str) -> list[bytes]:
    """A text as it may lie about: plain, in hexadecimal (a dumped bytea), in base64 at each alignment."""
    plain = word.encode()
    found = [plain, plain.hex().encode(), json.dumps(word)[1:-1].encode()]
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + plain)
        found.append(coded[4 if shift else 0 : -4])
    return found


def told(where: bytes) -> set[str]:
    return {name for name, word in CANARIES.items() for shape in shapes(word) if shape in where}


@pytest.fixture
def wire(monkeypatch) -> Iterator[Kept]:
    kept, start = Kept(), sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: start(**options, transport=kept))
    reports.start("https://key@errors.example/1", "test")
    yield kept
    start(dsn="")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger of the process says, from DEBUG on, as the settings have it written."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutWords())
    root.addHandler(handler)
    levels = {logger: logger.level for logger in (root, logging.getLogger("django.request"))}
    for logger in levels:
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, level in levels.items():
        logger.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def place(django_db_setup: None, django_db_blocker) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("kanari") as made:
        yield made


def live(place: Place) -> None:
    """A conversation by the real doors, with a fault in the middle of it."""
    door = Client(SERVER_NAME=f"{place.ref.slug}.localhost", raise_request_exception=False)
    said = door.post(
        "/api/v1/contact-requests",
        json.dumps(
            {
                "school": str(place.school),
                "role": str(place.role),
                "channel": {"kind": "email", "value": CANARIES["address"]},
                "preferred_times": CANARIES["times"],
                "name": CANARIES["name"],
                "message": CANARIES["message"],
                "language": "nb",
            }
        ),
        content_type="application/json",
        headers={"idempotency-key": uuid.uuid4().hex},
    )
    assert said.status_code == 201, said.content
    with inside(place.ref):
        Post.objects.update(starts_on=date(2020, 1, 1))
        nurse, request = place.nurse(0), ContactRequest.objects.get()
        contact.take(by=nurse, request_id=request.pk)
        setup.set_attachments(who="everybody", by=MACHINE)
        document = f"%PDF-1.7 {CANARIES['document']} %%EOF".encode()
        upload = Upload(f"{CANARIES['name of a document']}.pdf", document, len(document))
        files = take_in([upload], documents=True)
        contact.reply(by=nurse, request_id=request.pk, text=CANARIES["answer"], files=files)
        fetched = contact.read_attachment(by=nurse, request_id=request.pk, number=1)
        assert fetched.content == document
        opened = contact.read_conversation(by=nurse, request_id=request.pk)
        assert opened.name == CANARIES["name"]
        assert opened.channel_value == CANARIES["address"]
    body = {"receipt": said.json()["receipt"], "text": CANARIES["more"]}
    more = door.post("/api/v1/receipts/messages", json.dumps(body), content_type="application/json")
    assert more.status_code == 201, more.content
    _sends_a_picture(door, said.json()["receipt"], status=303)


def _sends_a_picture(door: Client, receipt: str, *, status: int) -> None:
    """By the form, its bytes larger than what Django would keep in memory."""
    picture = SimpleUploadedFile(f"{CANARIES['name of a picture']}.png", _large_picture())
    body = {"receipt": receipt, "text": CANARIES["more"], "files": [picture]}
    assert door.post("/conversation/", body).status_code == status


def _large_picture() -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (1100, 1000), os.urandom(3_300_000)).save(out, format="PNG")
    return out.getvalue()


def fault(place: Place, monkeypatch) -> None:
    """Something breaks while a student writes (reported), and the database is away when one opens (logged)."""

    def breaks(**_said: object) -> None:
        raise RuntimeError(f"could not store {CANARIES['message']}")

    def breaks_with_files(_by: object, _case: object, uploads: list[Upload]) -> None:
        raise RuntimeError(f"could not look through {uploads}")

    def is_away(_code: str) -> None:
        raise OperationalError(f"server closed the connection while reading {CANARIES['message']}")

    with monkeypatch.context() as broken:
        broken.setattr(contact, "knock", breaks)
        broken.setattr(contact, "open_by_receipt", is_away)
        door = Client(SERVER_NAME=f"{place.ref.slug}.localhost", raise_request_exception=False)
        body = {
            "school": str(place.school), "role": str(place.role), "channel": {"kind": "conversation"},
            "message": CANARIES["message"], "language": "nb",
        }  # fmt: skip
        answer = door.post(
            "/api/v1/contact-requests", json.dumps(body), content_type="application/json",
            headers={"idempotency-key": uuid.uuid4().hex},
        )  # fmt: skip
        assert answer.status_code == 500
        with broken.context() as also:
            also.setattr(contact, "open_by_receipt", lambda _code: student(uuid.uuid4()))
            also.setattr("services.contact.enclosing.take_in_for", breaks_with_files)
            _sends_a_picture(door, "A", status=500)
        assert door.post("/receipt/", {"receipt": "A"}).status_code == 503


def dump(place: Place) -> bytes:
    address = server.SERVER.url("postgres")
    command = [str(server.SERVER.program("pg_dump")), f"--schema={place.ref.schema}", address]
    return subprocess.run(command, capture_output=True, check=True).stdout


def files() -> Iterator[tuple[Path, bytes]]:
    """Every file of the server, after everything in memory has been written down."""
    with server.SERVER.connect() as superuser:
        superuser.execute("CHECKPOINT")
    for path in server.SERVER.place.home.rglob("*"):
        try:
            if path.is_file():
                yield path, path.read_bytes()
        except FileNotFoundError:
            continue


def test_no_word_of_a_student_is_anywhere_in_the_clear(
    place: Place, wire: Kept, log: io.StringIO, monkeypatch, settings
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    live(place)
    fault(place, monkeypatch)
    with inside(place.ref):
        Account.objects.filter(pk=place.nurses[1]).update(name=CONTROL)
        outbox.send_all_due(100)
        rows = list(Message.objects.values())
    assert "sent" in {row["state"] for row in rows}
    assert all(row["sealed"] is None for row in rows if row["state"] == "sent")
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT * FROM jobs.procrastinate_jobs")
        jobs = cursor.fetchall()
        cursor.execute("SELECT * FROM jobs.procrastinate_events")
        jobs += cursor.fetchall()
    assert jobs, "what happened has woken somebody"
    sentry_sdk.flush()
    assert wire.sent, "the fault was reported"
    assert "The database is away" in log.getvalue(), "the fault was logged"
    dumped = dump(place)
    assert CONTROL.encode() in dumped, "the dump holds what is in the clear"
    looked = {
        "dump": dumped,
        "messages": repr(rows).encode(),
        "jobs": repr(jobs).encode(),
        "log": log.getvalue().encode(),
        "error reports": b"\n".join(wire.sent),
    }
    assert {where: told(what) for where, what in looked.items() if told(what)} == {}
    connection.close()
    control: set[str] = set()
    for path, content in files():
        assert told(content) == set(), path
        if CONTROL.encode() in content:
            control.add(path.parent.name)
    assert "pg_wal" in control, "the write-ahead log holds what is in the clear"
    assert len(control) >= 2, "and so do the tables' own files"
    connections.close_all()
