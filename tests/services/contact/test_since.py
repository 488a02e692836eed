"""Whoever opens the page with their code again reads what has happened since, and no promise of then."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel import clock as our_clock
from kernel.actor import MACHINE
from services.contact import operations
from services.contact.since import since
from services.contact.standing import standing_of
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import NUMBER, knock, visitor

pytestmark = pytest.mark.django_db
WAYS = {
    "phone": ("phone", "You talked with us on the phone"),
    "sms": ("sms", "We sent you a text message"),
    "email": ("email", "We sent you an e-mail"),
    "visit": ("visit", "You met us"),
    "walk": ("walk", "You met us"),
    "video": ("video", "You met us"),
}


def asked(alpha: World, kind: str) -> Any:
    value = "a@b.example" if kind == "email" else NUMBER
    return knock(alpha, channel_kind=kind, channel_value=value, language="en", name="Ada")


def met(alpha: World, accepted: Any, kind: str, **said: Any) -> None:
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind=kind, outcome="reached", **said
    )


def conversation(at: Any, alpha: World, accepted: Any) -> str:
    client: Client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    page: str = client.get("/conversation/").content.decode()
    return page


def sent(alpha: World, at: Any) -> tuple[Client, dict[str, str]]:
    """A browser that has the page with the code, and what its reload sends."""
    said = {
        "step": "check", "school": str(alpha.school), "role": str(alpha.nurse_role), "channel": "visit",
        "channel_value": "Biblioteket", "message": "Hei", "key": uuid.uuid4().hex, "language": "en",
    }  # fmt: skip
    client = at(alpha.alpha, headers={"accept-language": "en"})
    page = client.post("/knock/", said).content.decode()
    assert 'id="receipt-code"' in page
    assert "You hear from us by" in page
    return client, said


@pytest.mark.parametrize("kind", WAYS)
def test_a_contact_in_person_is_said_as_it_was_and_what_comes_next(
    alpha: World, at: Any, clock: time_machine.Traveller, kind: str
) -> None:
    accepted = asked(alpha, kind)
    clock.shift(timedelta(hours=1))
    met(alpha, accepted, kind)
    page = conversation(at, alpha, accepted)
    assert WAYS[kind][1] in page
    assert "We answered you" not in page
    assert "Do you want to talk more?" in page
    assert "You chose:" not in page


def test_an_answer_in_the_conversation_is_called_an_answer(alpha: World, at: Any) -> None:
    accepted = knock(alpha, language="en")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    page = conversation(at, alpha, accepted)
    assert "We answered you" in page
    assert "Do you want to talk more?" not in page


def test_the_page_with_the_code_says_that_they_met_and_promises_it_no_more(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    client, said = sent(alpha, at)
    case = operations.open_by_receipt(code(client.post("/knock/", said).content.decode())).case_id
    clock.shift(timedelta(hours=1))
    assert case is not None
    operations.record_contact(by=alpha.actor("nurse"), request_id=case, kind="visit", outcome="reached")
    again = client.post("/knock/", said).content.decode()
    assert 'id="receipt-code"' in again
    assert "You met us" in again
    assert "Do you want to talk more?" in again
    assert "You hear from us by" not in again
    assert "You don't have to do anything more." not in again.replace("&#x27;", "'")


def code(page: str) -> str:
    return "".join(re.findall(r"<span>([0-9A-Z*~$=-]+)</span>", page.split('id="receipt-code"')[1])[:6])


def test_a_promise_that_broke_is_no_promise_on_the_page_with_the_code(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    client, said = sent(alpha, at)
    clock.shift(timedelta(hours=26))
    break_due()
    again = client.post("/knock/", said).content.decode()
    assert "We are sorry. You should have heard from us by" in again
    assert "We have no new time for you yet." in again


def test_what_can_still_be_taken_back_has_not_happened(alpha: World, clock: time_machine.Traveller) -> None:
    by_visit, here = asked(alpha, "visit"), knock(alpha)
    clock.shift(timedelta(hours=1))
    met(alpha, by_visit, "visit", can_undo=True)
    operations.reply(by=alpha.actor("nurse"), request_id=here.request_id, text="Hei", can_undo=True)
    for accepted in (by_visit, here):
        assert since(accepted, our_clock.now()) is None
    clock.shift(timedelta(minutes=1))
    for accepted, how in ((by_visit, "visit"), (here, "")):
        told = since(accepted, our_clock.now())
        assert told is not None
        assert (told.word, told.how) == ("answered", how)


def test_a_try_in_vain_says_the_next_one(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = asked(alpha, "phone")
    clock.shift(timedelta(hours=1))
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="attempted"
    )
    told = since(accepted, our_clock.now())
    assert told is not None
    assert told.word == "tried"
    opened = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert told == standing_of(opened, our_clock.now()), "the same as behind the code"


def test_what_waits_as_it_did_and_what_is_closed_say_nothing_new(alpha: World) -> None:
    accepted = knock(alpha)
    assert since(accepted, our_clock.now()) is None
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert since(replace(accepted, is_open=False), our_clock.now()) is None, "its page says that it is closed"


def test_outside_the_hours_the_promise_stands_once_on_the_pages_behind_it(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
    clock.shift(timedelta(hours=12))
    client, said = sent(alpha, at)
    receipt = client.post("/knock/", said).content.decode()
    page = conversation(at, alpha, knock(alpha, language="en"))
    for one in (receipt, page):
        assert "We have closed for today." in one
        assert one.count("You hear from us by") == 1
        assert "Somebody answers by" not in one
        assert "We open" not in one
