"""Many at once, on a real PostgreSQL: a knock is stored once, a request is taken by one."""

import json
import os
import random
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from kernel.errors import Conflict
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact import operations
from services.contact.models import ContactRequest
from services.promises.models import Promise
from tests.services.contact.committed import Place, committed

ENDURE = os.environ.get("ENDURE") == "1"
SENDS = 10_000 if ENDURE else 250
THREADS = 8


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("sturm") as made:
        yield made


def send(place: Place, key: str, message: str = "Hei") -> tuple[int, dict[str, str]]:
    body = {
        "school": str(place.school),
        "role": str(place.role),
        "channel": {"kind": "conversation"},
        "message": message,
        "language": "nb",
    }
    response = Client(SERVER_NAME=f"{place.ref.slug}.localhost").post(
        "/api/v1/contact-requests",
        json.dumps(body),
        content_type="application/json",
        headers={"idempotency-key": key},
    )
    return response.status_code, response.json()


def send_until_heard(place: Place, key: str) -> tuple[int, dict[str, str]]:
    """As people do: "not just now" (503, a machine out of breath) is sent again with its key."""
    for _press in range(10):
        status, body = send(place, key)
        if status != 503:
            break
    return status, body


def in_threads(act, given: list) -> list:
    def one(item):
        try:
            return act(item)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, given))


def test_a_storm_of_double_sends_stores_each_knock_once(place: Place) -> None:
    keys = [uuid.uuid4().hex for _ in range(SENDS // 5)]
    sends = keys * 5
    random.Random(5).shuffle(sends)
    answers = in_threads(lambda key: (key, *send_until_heard(place, key)), sends)
    assert Counter(status for _key, status, _body in answers) == {201: len(sends)}
    by_key: dict[str, set[str]] = {}
    for key, _status, body in answers:
        by_key.setdefault(key, set()).add(json.dumps(body, sort_keys=True))
    assert all(len(bodies) == 1 for bodies in by_key.values())
    with inside(place.ref):
        assert ContactRequest.objects.count() == len(keys)
        assert Promise.objects.count() == len(keys)
        assert Message.objects.filter(cause__startswith="knock:").count() == 2 * len(keys)
    others = in_threads(lambda key: send(place, key, message="Noe annet")[0], keys[:50])
    assert set(others) == {409}


def test_the_same_knock_from_eight_places_at_the_same_moment_is_one(place: Place) -> None:
    for _round in range(10):
        key, gate = uuid.uuid4().hex, threading.Barrier(THREADS, timeout=30)

        def at_the_gate(_n: int, key: str = key, gate: threading.Barrier = gate) -> tuple[int, str]:
            gate.wait()
            status, body = send(place, key)
            return status, body.get("receipt", "")

        answers = in_threads(at_the_gate, list(range(THREADS)))
        assert len(set(answers)) == 1
        assert answers[0][0] == 201


def test_two_helpers_take_at_once_and_one_of_them_gets_it(place: Place) -> None:
    for _round in range(20):
        _status, body = send(place, uuid.uuid4().hex)
        with inside(place.ref):
            request = ContactRequest.objects.get(case_number=body["case_number"]).pk
        gate = threading.Barrier(2, timeout=30)

        def takes(
            number: int, request: uuid.UUID = request, gate: threading.Barrier = gate
        ) -> tuple[str, int]:
            with inside(place.ref):
                nurse = place.nurse(number)
                gate.wait()
                try:
                    operations.take(by=nurse, request_id=request)
                except Conflict as lost:
                    return str(lost.detail), number
            return "took", number

        results = in_threads(takes, [0, 1])
        winners = [number for said, number in results if said == "took"]
        assert len(winners) == 1
        loser = next(said for said, _number in results if said != "took")
        assert ("Nora", "Signe")[winners[0]] in loser
