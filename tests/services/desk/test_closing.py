"""A program that closes while the student waits for a word is told so; what it could do before it can do still."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kernel.errors import Conflict
from services.contact import operations
from services.contact.closing import waits_for
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from tests.cast import World
from tests.services.contact.people import NUMBER, knock, visitor
from tests.services.contact.test_handover import accept, offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(alpha: World, clock: time_machine.Traveller) -> Accepted:
    """Nora has answered; nobody waits."""
    made, nora = knock(alpha), alpha.actor("nurse")
    operations.take(by=nora, request_id=made.request_id)
    operations.read_conversation(by=nora, request_id=made.request_id)
    operations.reply(by=nora, request_id=made.request_id, text="Hei")
    return made


def writes(world: World, made: Accepted, *, read: bool = True) -> None:
    operations.student_writes(by=visitor(made), request_id=made.request_id, text="Kan du svare meg?")
    if read:
        operations.read_conversation(by=world.actor("nurse"), request_id=made.request_id)


def close(api: Callable[..., Any], made: Accepted, **said: Any) -> Any:
    return api("nurse")("post", f"requests/{made.request_id}/close", {"outcome": "helped", **said})


def state(made: Accepted) -> str:
    return ContactRequest.objects.get(pk=made.request_id).state


def test_a_program_that_closes_beside_an_unanswered_message_reads_it_in_the_answer(
    alpha, answered, api
) -> None:
    writes(alpha, answered)
    done = close(api, answered)
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    (warning,) = done.json()["warnings"]
    assert warning["code"] == "reply"
    assert "Eleven venter på dette svaret." in warning["detail"]


def test_a_program_that_asks_for_it_is_refused_and_nothing_is_closed(alpha, answered, api) -> None:
    writes(alpha, answered)
    refused = close(api, answered, unless_waiting=True)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("waiting")
    assert state(answered) == "answered"
    operations.reply(by=alpha.actor("nurse"), request_id=answered.request_id, text="Ja")
    done = close(api, answered, unless_waiting=True)
    assert (done.status_code, done.json()["warnings"]) == (200, [])


def test_what_broke_unanswered_is_waited_for_as_well(alpha, answered, api, clock) -> None:
    writes(alpha, answered)
    clock.shift(timedelta(days=9))
    refused = close(api, answered, unless_waiting=True)
    assert refused.status_code == 409
    assert [one["code"] for one in close(api, answered).json()["warnings"]] == ["reply"]


def test_what_was_said_to_need_no_answer_is_waited_for_no_more(alpha, answered, api) -> None:
    writes(alpha, answered)
    operations.needs_no_answer(by=alpha.actor("nurse"), request_id=answered.request_id)
    assert close(api, answered, unless_waiting=True).json()["warnings"] == []


def test_a_contact_that_was_never_made_is_named_too(alpha, clock, api) -> None:
    made = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=made.request_id)
    assert close(api, made, outcome="not_reached", unless_waiting=True).status_code == 409
    done = close(api, made, outcome="not_reached")
    assert [one["code"] for one in done.json()["warnings"]] == ["contact"]


def test_unread_words_are_refused_before_anything_is_asked(alpha, answered, api) -> None:
    writes(alpha, answered, read=False)
    for said in ({}, {"unless_waiting": True}):
        refused = close(api, answered, **said)
        assert refused.status_code == 409
        assert refused.json()["type"].endswith("unread")


def test_nothing_is_warned_of_where_nobody_waits(alpha, answered, api) -> None:
    assert close(api, answered).json()["warnings"] == []


def test_a_word_that_whoever_took_it_over_owes_is_named_too(alpha, answered, clock, api) -> None:
    clock.shift(timedelta(minutes=1))
    accept(alpha, offer(alpha, answered))
    carl = alpha.actor("counsellor")
    operations.read_conversation(by=carl, request_id=answered.request_id)
    assert waits_for(answered.request_id) == ("contact",)
    with pytest.raises(Conflict):
        operations.close(by=carl, request_id=answered.request_id, outcome="not_reached", unless_waiting=True)
