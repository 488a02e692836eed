"""T8, a student's part: the mail server refuses, hangs or babbles while students knock. Every knock is accepted, no
receipt is false, and what could not be sent waits to be."""

import itertools
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections
from django.test import Client, override_settings

from kernel.outbox import sweep
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact.models import ContactRequest
from services.contact.operations import open_by_receipt
from services.promises.models import Promise
from tests.services.contact.committed import Place, committed

ENDURE = os.environ.get("ENDURE") == "1"
KNOCKS = 1_000 if ENDURE else 24
STUDENTS = 4


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("postlos") as made:
        yield made


def refuses(listener: socket.socket) -> None:
    """Closes the door in everybody's face."""
    listener.close()


def hangs(listener: socket.socket) -> None:
    """Lets everybody in, and says nothing for as long as the test runs."""
    held = []
    for _caller in itertools.count():
        try:
            held.append(listener.accept())
        except OSError:
            return


def babbles(listener: socket.socket) -> None:
    """Talks without an end, and none of it is SMTP."""
    while True:
        try:
            caller, _address = listener.accept()
        except OSError:
            return
        with caller:
            try:
                for _line in range(200):
                    caller.sendall(b"\xff\x00 999 bla bla " + os.urandom(64).hex().encode() + b"\r\n")
            except OSError:
                continue


@contextmanager
def mail_server(behaves: Callable[[socket.socket], None]) -> Iterator[None]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    talking = threading.Thread(target=behaves, args=(listener,), daemon=True)
    talking.start()
    options = {"host": "127.0.0.1", "port": port, "timeout": 1}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    try:
        with override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": options}}):
            yield
    finally:
        listener.close()


def knock(place: Place) -> tuple[int, str, float]:
    """What the student is told: the status, the receipt, and after how many seconds."""
    body = {
        "school": str(place.school), "role": str(place.role), "channel": {"kind": "conversation"},
        "message": "Hei", "language": "nb",
    }  # fmt: skip
    begun = time.monotonic()
    try:
        answer = Client(SERVER_NAME=f"{place.ref.slug}.localhost").post(
            "/api/v1/contact-requests", json.dumps(body), content_type="application/json",
            headers={"idempotency-key": uuid.uuid4().hex},
        )  # fmt: skip
        receipt = answer.json().get("receipt", "") if answer.status_code == 201 else ""
        return answer.status_code, receipt, time.monotonic() - begun
    finally:
        connections["default"].close()


def send_mail_until(done: threading.Event) -> int:
    """As the worker does, over and over, as long as students knock; how many mails left the house."""
    sent = 0
    try:
        while not done.is_set():
            sent += sweep.send_everywhere(limit=2)
            done.wait(0.05)
    finally:
        connections["default"].close()
    return sent


@pytest.mark.parametrize("behaves", [refuses, hangs, babbles], ids=lambda one: one.__name__)
def test_every_knock_is_accepted_and_no_receipt_is_false(
    place: Place, behaves: Callable[[socket.socket], None]
) -> None:
    done = threading.Event()
    with mail_server(behaves), ThreadPoolExecutor(STUDENTS + 1) as pool:
        mail = pool.submit(send_mail_until, done)
        told = list(pool.map(lambda _number: knock(place), range(KNOCKS)))
        done.set()
        assert mail.result() == 0, "no mail left a house whose post office is broken"
    accepted = [receipt for status, receipt, _took in told if status == 201]
    assert len(accepted) >= KNOCKS * 0.999, [status for status, _receipt, _took in told if status != 201]
    if ENDURE:
        took = sorted(seconds for _status, _receipt, seconds in told)
        assert took[int(len(took) * 0.95)] < 1.0
    with inside(place.ref):
        for receipt in accepted:
            case_id = open_by_receipt(receipt).case_id
            request = ContactRequest.objects.get(pk=case_id)
            promise = Promise.objects.get(subject_id=request.pk)
            notices = Message.objects.filter(cause=f"knock:{promise.pk}")
            assert {one.state for one in notices} == {"queued"}, "it waits, and nobody says it was sent"
            assert notices.count() == len(place.nurses)
