"""PostgreSQL goes away while a student knocks: nothing is lost, nothing promised that is not stored."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from kernel.tenancy import inside
from services.contact.models import ContactRequest
from tests import server
from tests.services.contact.committed import Place, committed
from tests.services.contact.test_pages import code_in, hidden

pytestmark = pytest.mark.skipif(not hasattr(server, "SERVER"), reason="only our own server may be stopped")

WORDS = "Jeg vil ikke miste det jeg har skrevet."


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("borte") as made:
        yield made


@contextmanager
def database_away() -> Iterator[None]:
    """The real server is stopped, and started again whatever happens."""
    from config.embedded import cluster

    cluster.stop(server.SERVER.place)
    try:
        yield
    finally:
        cluster.start(server.SERVER.place, fast=True)
        for name in ("default", "owner"):
            connections[name].close()


def phone(place: Place) -> Client:
    return Client(SERVER_NAME=f"{place.ref.slug}.localhost", headers={"accept-language": "nb"})


def check_page(client: Client, place: Place) -> dict[str, str]:
    said = {
        "school": str(place.school), "role": str(place.role), "channel": "conversation", "message": WORDS,
        "language": "nb", "step": "name",
    }  # fmt: skip
    return hidden(client.post("/knock/", said).content.decode())


def count(place: Place) -> int:
    with inside(place.ref):
        return ContactRequest.objects.count()


def test_the_last_press_says_not_sent_and_keeps_every_word_and_is_sent_later(place: Place) -> None:
    client, before = phone(place), count(place)
    form = {**check_page(client, place), "step": "check"}
    client.get("/")  # this process has seen the door: its look and words are remembered
    with database_away():
        response = client.post("/knock/", form)
        page = response.content.decode()
        assert response.status_code == 503
        assert "Ikke sendt" in page
        assert "<title>Borte</title>" in page
        assert hidden(page)["message"] == WORDS
        assert hidden(page)["key"] == form["key"]
        assert not re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}", page)
        assert "tel:116111" in page
    sent = client.post("/knock/", {**hidden(page), "step": "check"})
    assert sent.status_code == 200
    assert code_in(sent.content.decode())
    assert count(place) == before + 1


def test_the_first_screen_and_the_questions_still_stand(place: Place) -> None:
    client = phone(place)
    client.get("/")
    with database_away():
        first = client.get("/")
        assert first.status_code == 200
        assert "Trenger du noen" in unescape(first.content.decode())
        assert client.get("/knock/").status_code == 200


def test_a_message_in_the_conversation_is_kept_in_the_page(place: Place) -> None:
    client = phone(place)
    sent = client.post("/knock/", {**check_page(client, place), "step": "check"})
    client.post("/receipt/", {"receipt": code_in(sent.content.decode())})
    proof = hidden(client.get("/conversation/").content.decode())["proof"]
    with database_away():
        response = client.post("/conversation/", {"proof": proof, "act": "message", "text": WORDS})
        assert response.status_code == 503
        assert WORDS in unescape(response.content.decode())
        assert client.get("/conversation/").status_code == 503
    again = client.post("/conversation/", {"proof": proof, "act": "message", "text": WORDS})
    assert again.status_code == 303


def test_the_api_answers_503_and_accepts_the_same_key_afterwards(place: Place) -> None:
    client, key = phone(place), uuid.uuid4().hex
    said = {"school": str(place.school), "role": str(place.role), "channel": {"kind": "conversation"}}

    def post() -> Any:
        return client.post(
            "/api/v1/contact-requests",
            said,
            content_type="application/json",
            headers={"idempotency-key": key},
        )

    before = count(place)
    client.get("/api/v1/door")
    with database_away():
        refused = post()
        assert refused.status_code == 503
        assert "receipt" not in refused.json()
    assert post().status_code == 201
    assert post().status_code == 201
    assert count(place) == before + 1


def test_a_database_that_dies_in_the_middle_of_a_knock_leaves_nothing_half(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the request row is written and before COMMIT: no receipt is shown, no row is there."""
    from services.contact import notices

    client, before = phone(place), count(place)
    form = {**check_page(client, place), "step": "check"}
    tell = notices.somebody_knocked

    def die(*given: Any) -> None:
        tell(*given)
        with server.SERVER.connect() as boss:
            boss.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'")

    monkeypatch.setattr("services.contact.notices.somebody_knocked", die)
    response = client.post("/knock/", form)
    assert response.status_code == 503
    assert "Ikke sendt" in response.content.decode()
    monkeypatch.undo()
    connections["default"].close()
    assert count(place) == before
    assert client.post("/knock/", form).status_code == 200
    assert count(place) == before + 1
