"""Searching one's own conversations: what is found, what is logged, and what is nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry, ReadEntry
from kernel.crypto.operations import shred
from kernel.errors import Invalid, NotAllowed
from services.contact import operations as contact
from services.contact.case_numbers import as_drawn
from services.contact.models import ContactRequest
from services.desk import operations
from services.desk.operations import searching
from tenants.walls import cases
from tests.cast import World
from tests.services.contact.people import knock

WORD = "Kanarifugl"


@pytest.fixture
def held(alpha: World) -> dict[str, Any]:
    """Three that Nora has taken (two with the word), one that Signe has, one that waits; all with the word."""
    nurse, second = alpha.actor("nurse"), alpha.actor("second_nurse")
    ids = {
        "message": knock(alpha, message=f"Jeg har en {WORD} hjemme").request_id,
        "name": knock(alpha, message="Hei", name=f"Ida {WORD}").request_id,
        "without": knock(alpha, message="Noe helt annet").request_id,
        "hers": knock(alpha, message=WORD).request_id,
        "waiting": knock(alpha, message=WORD).request_id,
    }
    for which in ("message", "name", "without"):
        contact.take(by=nurse, request_id=ids[which])
    contact.take(by=second, request_id=ids["hers"])
    ReadEntry.objects.filter()  # nothing is read by taking
    assert not ReadEntry.objects.exists()
    return ids


def test_the_words_of_what_one_has_taken_are_found_and_nobody_elses(alpha: World, held) -> None:
    found = operations.search(by=alpha.actor("nurse"), words="kanariFUGL")
    assert set(found.ids) == {held["message"], held["name"]}
    assert (found.looked_at, found.is_all) == (3, True)
    assert operations.search(by=alpha.actor("nurse"), words=f"hjemme {WORD}").ids == (held["message"],)
    assert operations.search(by=alpha.actor("counsellor"), words=WORD).ids == ()


def test_each_conversation_that_was_opened_is_one_row_in_the_read_log_found_or_not(alpha, held) -> None:
    operations.search(by=alpha.actor("nurse"), words="finnes ikke")
    rows = ReadEntry.objects.values_list("case_key_id", "why", "role_id", "actor_id")
    mine = ContactRequest.objects.filter(taken_by=alpha.people["nurse"])
    assert sorted(rows) == sorted(
        (one.case_key_id, "search", alpha.nurse_role, alpha.people["nurse"]) for one in mine
    )


def test_without_the_log_nothing_is_opened(alpha: World, held, monkeypatch) -> None:
    def away(*_rows: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("kernel.audit.operations.ReadEntry.objects.bulk_create", away)
    with pytest.raises(ConnectionError):
        operations.search(by=alpha.actor("nurse"), words=WORD)


def test_a_case_number_finds_its_request_and_opens_nothing(alpha: World, held) -> None:
    number = ContactRequest.objects.get(pk=held["waiting"]).case_number
    found = operations.search(by=alpha.actor("nurse"), words=f" {number.lower()} ")
    assert found.ids == (held["waiting"],)
    assert operations.search(by=alpha.actor("other_nurse"), words=number).ids == ()
    assert not ReadEntry.objects.exists()


@pytest.mark.parametrize("between", ["", " ", "-", "–", "—", " - "])
def test_a_case_number_is_taken_as_people_type_it(alpha: World, held, between: str) -> None:
    number = ContactRequest.objects.get(pk=held["waiting"]).case_number
    typed = number.replace("-", between).lower()
    assert operations.search(by=alpha.actor("nurse"), words=typed).ids == (held["waiting"],)
    found = cases.find("number", typed)
    assert found is not None, "to be opened by two persons as well"
    assert found.number == number


def test_what_is_no_case_number_is_left_as_it_is() -> None:
    assert [as_drawn(one) for one in ("7jwk", "7 J w k", "7b", "hei du", "1abc")] == [
        "7-JWK", "7-JWK", "7B", "HEI DU", "1ABC",
    ]  # fmt: skip


def test_what_was_handed_back_or_shredded_is_not_searched(alpha: World, held) -> None:
    contact.release(by=alpha.actor("nurse"), request_id=held["message"])
    key = ContactRequest.objects.get(pk=held["without"]).case_key_id
    shred(by=MACHINE, case_key_ids=[key])
    found = operations.search(by=alpha.actor("nurse"), words=WORD)
    assert (found.ids, found.looked_at) == ((held["name"],), 1)


def test_only_so_many_are_opened_the_newest_first_and_it_is_said(
    alpha: World, held, monkeypatch, nora
) -> None:
    monkeypatch.setattr(searching, "MOST", 2)
    found = operations.search(by=alpha.actor("nurse"), words=WORD)
    assert (found.looked_at, found.is_all) == (2, False)
    page = nora.post("/desk/search/", {"search": WORD}).content.decode()
    assert "The 2 newest of your conversations were searched." in page


def test_only_who_holds_a_post_searches(alpha: World, held) -> None:
    for who in ("lead", "admin", "outsider"):
        with pytest.raises(NotAllowed):
            operations.search(by=alpha.actor(who), words=WORD)


@pytest.mark.parametrize("words", ["", "   ", "x" * 101])
def test_nothing_or_too_much_is_refused_before_anything_is_opened(alpha: World, held, words: str) -> None:
    with pytest.raises(Invalid):
        operations.search(by=alpha.actor("nurse"), words=words)
    assert not ReadEntry.objects.exists()


def test_a_search_costs_as_many_questions_for_many_as_for_few(
    alpha: World, held, django_assert_max_num_queries
) -> None:
    nurse = alpha.actor("nurse")
    for n in range(12):
        contact.take(by=nurse, request_id=knock(alpha, message=f"{WORD} {n}").request_id)
    with django_assert_max_num_queries(10):
        assert len(operations.search(by=nurse, words=WORD).ids) == 14


def test_the_page_shows_rows_and_never_a_word_of_what_was_written(nora: Client, held) -> None:
    assert nora.get("/desk/search/").status_code == 200
    page = nora.post("/desk/search/", {"search": "hjemme"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Found: 1" in text
    assert f"/desk/{held['message']}/" in text
    assert WORD not in text
    assert "no-store" in page["Cache-Control"]


def test_an_empty_search_is_asked_again_with_its_remedy(nora: Client, held) -> None:
    page = nora.post("/desk/search/", {"search": " "})
    assert page.status_code == 422
    assert "Write one or more words" in page.content.decode()


def test_words_in_the_address_search_nothing(nora: Client, held) -> None:
    assert "Found" not in nora.get("/desk/search/", {"search": WORD}).content.decode()
    assert not ReadEntry.objects.exists()


def test_what_was_looked_for_is_kept_nowhere(alpha: World, held, nora: Client) -> None:
    nora.post("/desk/search/", {"search": "papegøye"})
    said = [*Entry.objects.values_list("details", "object_id"), *ReadEntry.objects.values_list("what", "why")]
    assert "papegøye" not in repr(said)
    assert "papegøye" not in repr(dict(nora.session))


def test_a_program_searches_too(api: Callable[..., Callable[..., Any]], held) -> None:
    nora, carl = api("nurse"), api("counsellor")
    answer = nora("post", "search", {"search": WORD.lower()})
    assert answer.status_code == 200
    found = answer.json()
    assert {row["id"] for row in found["results"]} == {str(held["message"]), str(held["name"])}
    assert (found["searched"] >= 2, found["is_all"]) == (True, True)
    assert WORD not in answer.content.decode()
    assert carl("post", "search", {"search": WORD}).json()["results"] == []
    for nothing in ("", "x" * 101):
        assert nora("post", "search", {"search": nothing}).status_code == 422


def test_words_in_the_address_of_the_api_search_nothing_and_are_not_repeated(
    api: Callable[..., Callable[..., Any]], held
) -> None:
    answer = api("nurse")("get", f"requests?search={WORD}&limit=1")
    assert answer.status_code == 422
    assert WORD not in answer.content.decode()
    assert not ReadEntry.objects.exists()
