"""In which language, with an interpreter, what to say to somebody else: asked where it matters, shown to a helper."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.models import ContactRequest
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_pages import asks, hidden
from tests.services.desk.conftest import nora, signed_in  # noqa: F401  a helper's browser


@pytest.fixture
def phone(alpha: World, at: Any) -> Client:
    return at(alpha.alpha, headers={"accept-language": "en"})


def answers(world: World, **more: str) -> dict[str, str]:
    given = {
        "school": str(world.school),
        "role": str(world.nurse_role),
        "channel": "conversation",
        "language": "en",
    }
    return {**given, **more}


def test_the_language_is_asked_only_when_nobody_there_answers_in_the_one_of_the_page(
    alpha: World, phone: Client
) -> None:
    page = phone.post("/knock/", {**answers(alpha), "step": "how"}).content.decode()
    assert asks(page) == "about"
    setup.change_languages_spoken(account_id=alpha.people["nurse"], languages=["ar"], by=MACHINE)
    page = phone.post("/knock/", {**answers(alpha), "step": "how"}).content.decode()
    assert asks(page) == "about", "a colleague of theirs has not said, and answers as the municipality does"
    for who in ("nurse", "second_nurse"):
        setup.change_languages_spoken(account_id=alpha.people[who], languages=["nb", "ar"], by=MACHINE)
    page = phone.post("/knock/", {**answers(alpha), "step": "how"}).content.decode()
    assert asks(page) == "spoken"
    page = phone.post("/knock/", {**hidden(page), "other_spoken": "en"}).content.decode()
    assert (asks(page), hidden(page)["interpreter"]) == ("about", "yes")
    page = phone.post("/knock/", {**hidden(page), "step": "spoken", "spoken": "ar"}).content.decode()
    assert "interpreter" not in hidden(page), "an adult answers in it"
    page = phone.post("/knock/", {**answers(alpha), "step": "spoken", "skip": "1"}).content.decode()
    assert asks(page) == "about"


def test_who_answers_in_what_is_said_where_they_are_chosen(alpha: World, phone: Client) -> None:
    setup.change_languages_spoken(account_id=alpha.people["second_nurse"], languages=["nb", "ar"], by=MACHINE)
    page = phone.post("/knock/", {"school": str(alpha.school), "step": "school"}).content.decode()
    assert "Answers in Bokmål, \u2068العربية\u2069" in page


def test_another_language_can_be_chosen_from_the_last_page_and_leads_back_to_it(
    alpha: World, phone: Client
) -> None:
    check = phone.post("/knock/", {**answers(alpha), "step": "name"}).content.decode()
    assert "Another language, or an interpreter" in check
    page = phone.post("/knock/", {**hidden(check), "go": "spoken"}).content.decode()
    assert asks(page) == "spoken"
    page = phone.post("/knock/", {**hidden(page), "other_spoken": "so"}).content.decode()
    assert asks(page) == "check"
    assert "with an interpreter" in page


def test_what_to_say_goes_with_a_phone_and_with_nothing_else(alpha: World) -> None:
    called = knock(alpha, channel_kind="phone", channel_value="99887766", say_instead="Biblioteket")
    written = knock(alpha, say_instead="Biblioteket")
    said = {
        one.request_id: operations.read_conversation(
            by=alpha.actor("nurse"), request_id=one.request_id
        ).wish.say_instead
        for one in (called, written)
    }
    assert said == {called.request_id: "Biblioteket", written.request_id: ""}


def test_the_desk_shows_all_of_it_to_the_one_who_has_it_and_the_wished_for_to_the_door(
    alpha: World,
    nora: Client,  # noqa: F811
) -> None:
    accepted = knock(
        alpha, channel_kind="phone", channel_value="99887766", say_instead="Biblioteket", topic="bullying",
        spoken="ar", interpreter=True, person_id=alpha.people["second_nurse"], preferred_times="Etter skolen",
    )  # fmt: skip
    where = reverse("desk:request", args=[accepted.request_id], urlconf="config.urls_municipality")
    assert (
        "for Signe first"
        in nora.get(reverse("desk:waiting", urlconf="config.urls_municipality")).content.decode()
    )
    sealed = nora.get(where).content.decode()
    assert "Asked for Signe" in sealed
    assert "Biblioteket" not in sealed
    assert "Somebody is mean to me" not in sealed
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    opened = nora.get(where).content.decode()
    for words in (
        "Biblioteket",
        "Somebody is mean to me",
        "with an interpreter",
        "Etter skolen",
        "Asked for Signe",
    ):
        assert words in opened


def test_a_program_says_the_same_and_an_old_one_need_not(alpha: World, at: Any) -> None:
    program = at(alpha.alpha)
    door = program.get("/api/v1/door").json()
    school = next(one for one in door["schools"] if one["id"] == str(alpha.school))
    role = next(one for one in school["roles"] if one["id"] == str(alpha.nurse_role))
    assert {one["name"] for one in role["people"]} == {"Nora Alfa", "Signe Alfa"}
    assert {one["id"] for one in school["topics"]} >= {"sleep", "hurt", "else"}
    body = {
        "school": str(alpha.school), "role": str(alpha.nurse_role), "channel": {"kind": "conversation"},
        "person": str(alpha.people["nurse"]), "not_them": [str(alpha.people["second_nurse"])],
        "topic": "sleep", "spoken_language": "ar", "interpreter": True,
    }  # fmt: skip

    def sent(key: str, **more: Any) -> Any:
        return program.post(
            "/api/v1/contact-requests", {**body, **more}, content_type="application/json",
            headers={"idempotency-key": key * 16},
        )  # fmt: skip

    assert sent("a").status_code == 201
    assert sent("a").status_code == 201, "the same again"
    assert sent("a", topic="love").status_code == 409
    assert ContactRequest.objects.count() == 1
    refused = sent("b", person=str(alpha.people["second_nurse"]), topic="x", spoken_language="xx")
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["errors"]} == {"role", "topic", "spoken_language"}
