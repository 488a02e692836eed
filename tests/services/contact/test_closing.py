"""How a conversation may end: help is said of nobody whom no adult has reached since they were last promised a word."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.errors import Conflict, Invalid, NotAllowed
from services.contact import operations, queries
from services.contact.models import ContactRequest
from services.contact.operations import Accepted, Receiver
from services.contact.reached import outcomes_of
from services.contact.writing import add_message
from services.meetings import operations as meetings
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import NUMBER, TUESDAY, knock, read_and_close, visitor
from tests.services.contact.test_handover import accept, offer, row, taken
from tests.services.contact.test_left_behind import is_away, post_ended
from tests.services.desk.conftest import api, nora, signed_in  # noqa: F401
from tests.services.desk.test_case import act, words
from tests.services.meetings.people import WEDNESDAY, agreed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CALL = {"channel_kind": "phone", "channel_value": NUMBER}
WITHOUT = ["not_reached", "withdrawn"]
ALL = ["helped", "referred", *WITHOUT]


def may_end(accepted: Accepted) -> list[str]:
    return outcomes_of(row(accepted))


def closes(world: World, accepted: Accepted, outcome: str = "helped", who: str = "nurse") -> None:
    read_and_close(by=world.actor(who), request_id=accepted.request_id, outcome=outcome)


def says(world: World, accepted: Accepted, who: str = "nurse", **more: Any) -> Any:
    said = {"text": "Hei, jeg er her", **more}
    return operations.reply(by=world.actor(who), request_id=accepted.request_id, **said)


def notes(world: World, accepted: Accepted, kind: str, outcome: str = "reached") -> None:
    by = world.actor("nurse")
    operations.record_contact(by=by, request_id=accepted.request_id, kind=kind, outcome=outcome)


def asks_again(accepted: Accepted) -> None:
    said = {"text": "Det er noe annet også", "still_need_help": True}
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, **said)


@pytest.mark.parametrize("outcome", ["helped", "referred"])
def test_nobody_was_helped_whom_nobody_has_reached(alpha: World, outcome: str) -> None:
    accepted = knock(alpha)
    with pytest.raises(Invalid) as refused:
        closes(alpha, accepted, outcome)
    assert [error.field for error in refused.value.errors] == ["outcome"]
    assert (row(accepted).state, row(accepted).taken_by_id) == ("waiting", None), "nothing was done"


@pytest.mark.parametrize("outcome", WITHOUT)
def test_it_can_end_without_contact_and_the_clock_runs_on(
    alpha: World, clock: time_machine.Traveller, outcome: str
) -> None:
    accepted = knock(alpha)
    assert may_end(accepted) == WITHOUT
    closes(alpha, accepted, outcome)
    assert Promise.objects.filter(STANDING, subject_id=accepted.request_id).exists()
    clock.move_to(accepted.due_at + MINUTE)
    assert break_due().marked == 1


def test_a_message_in_the_conversation_they_chose_reaches_them(alpha: World) -> None:
    accepted = knock(alpha)
    says(alpha, accepted)
    assert may_end(accepted) == ALL
    closes(alpha, accepted)


def test_a_message_beside_the_way_they_chose_reaches_them_once_they_open_it(alpha: World) -> None:
    accepted = knock(alpha, **CALL)
    says(alpha, accepted)
    assert may_end(accepted) == WITHOUT
    operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert may_end(accepted) == ALL


@pytest.mark.parametrize(
    ("kind", "outcome", "ends"),
    [("phone", "reached", ALL), ("visit", "reached", ALL), ("phone", "attempted", WITHOUT)],
)
def test_a_contact_in_whatever_way_counts_and_a_try_does_not(
    alpha: World, kind: str, outcome: str, ends: list[str]
) -> None:
    accepted = knock(alpha, **CALL)
    notes(alpha, accepted, kind, outcome)
    assert may_end(accepted) == ends


def test_what_a_colleague_did_before_they_let_go_counts(alpha: World) -> None:
    accepted = knock(alpha)
    says(alpha, accepted)
    operations.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    closes(alpha, accepted, who="second_nurse")
    assert row(accepted).outcome == "helped"


def test_whoever_takes_it_over_must_say_the_word_the_student_waits_for(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    clock.shift(MINUTE)
    handover = offer(alpha, accepted)
    assert may_end(accepted) == ALL, "the one who has it has answered"
    clock.shift(MINUTE)
    accept(alpha, handover)
    assert may_end(accepted) == WITHOUT
    with pytest.raises(Invalid):
        closes(alpha, accepted, who="counsellor")
    says(alpha, accepted, "counsellor")
    assert may_end(accepted) == ALL


def test_walking_along_to_the_new_adult_is_a_contact(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = taken(alpha)
    clock.shift(MINUTE)
    accept(alpha, offer(alpha, accepted, walk_along=True))
    clock.shift(MINUTE)
    by = alpha.actor("counsellor")
    operations.record_contact(by=by, request_id=accepted.request_id, kind="walk", outcome="reached")
    assert may_end(accepted) == ALL


@pytest.mark.parametrize("ends", ["declined", "withdrawn", "aside"])
def test_a_clock_that_was_given_since_wants_a_word_of_its_own(
    alpha: World, clock: time_machine.Traveller, ends: str
) -> None:
    accepted = taken(alpha)
    clock.shift(MINUTE)
    if ends == "aside":
        operations.recuse(by=alpha.actor("nurse"), request_id=accepted.request_id)
    else:
        handover = offer(alpha, accepted)
        verb, who = ("decline", "counsellor") if ends == "declined" else ("withdraw", "nurse")
        getattr(operations, f"{verb}_handover")(by=alpha.actor(who), handover_id=handover.pk)
    assert may_end(accepted) == WITHOUT
    clock.shift(MINUTE)
    says(alpha, accepted, "second_nurse" if ends == "aside" else "nurse")
    assert may_end(accepted) == ALL


@pytest.mark.parametrize("said", [{"all_since": True}, {}])
def test_after_a_no_it_is_the_old_adult_who_must_say_a_word(
    alpha: World, clock: time_machine.Traveller, said: dict[str, Any]
) -> None:
    accepted = taken(alpha)
    clock.shift(MINUTE)
    accept(alpha, offer(alpha, accepted))
    clock.shift(MINUTE)
    says(alpha, accepted, "counsellor")
    assert may_end(accepted) == ALL
    clock.shift(MINUTE)
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id, **said)
    assert may_end(accepted) == WITHOUT
    clock.shift(MINUTE)
    says(alpha, accepted)
    assert may_end(accepted) == ALL


def test_a_no_before_the_first_word_leaves_no_contact_of_the_refused_one(
    alpha: World, clock: time_machine.Traveller
) -> None:
    """They met in the corridor, which the student had not chosen: the first clock runs on, and no new one is given."""
    accepted = knock(alpha, **CALL)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    clock.shift(MINUTE)
    accept(alpha, offer(alpha, accepted))
    clock.shift(MINUTE)
    by = alpha.actor("counsellor")
    operations.record_contact(by=by, request_id=accepted.request_id, kind="visit", outcome="reached")
    assert may_end(accepted) == ALL
    clock.shift(MINUTE)
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert may_end(accepted) == WITHOUT


def test_who_asks_again_is_reached_again_before_it_was_help(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    says(alpha, accepted)
    closes(alpha, accepted)
    clock.shift(HOUR)
    asks_again(accepted)
    assert may_end(accepted) == WITHOUT
    with pytest.raises(Invalid):
        closes(alpha, accepted)
    says(alpha, accepted)
    closes(alpha, accepted)


def test_who_asks_again_while_the_first_clock_runs_is_reached_again_too(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, **CALL)
    notes(alpha, accepted, "visit")
    clock.shift(timedelta(seconds=5))
    closes(alpha, accepted)
    clock.shift(timedelta(seconds=5))
    asks_again(accepted)
    assert Promise.objects.filter(subject_id=accepted.request_id).count() == 1, "the first one stands"
    assert may_end(accepted) == WITHOUT


def test_a_first_word_that_was_taken_back_was_none(alpha: World) -> None:
    accepted, by = knock(alpha), alpha.actor("nurse")
    message = says(alpha, accepted, can_undo=True)
    operations.withdraw_reply(by=by, request_id=accepted.request_id, message_id=message.pk)
    with pytest.raises(Invalid):
        closes(alpha, accepted)


def test_closing_seals_the_first_word_and_a_closing_undone_opens_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, by = knock(alpha), alpha.actor("nurse")
    message = says(alpha, accepted, can_undo=True)
    closes(alpha, accepted)

    def unsay() -> object:
        return operations.withdraw_reply(by=by, request_id=accepted.request_id, message_id=message.pk)

    with pytest.raises(Conflict):
        unsay()
    clock.shift(timedelta(seconds=5))
    operations.undo_close(by=by, request_id=accepted.request_id)
    assert may_end(accepted) == ALL
    unsay()
    assert may_end(accepted) == WITHOUT
    with pytest.raises(Invalid):
        closes(alpha, accepted)


@pytest.mark.parametrize(("record", "ends"), [("record_held", ALL), ("record_no_show", WITHOUT)])
def test_a_meeting_that_was_held_is_a_contact_and_one_that_was_agreed_is_none(
    alpha: World, clock: time_machine.Traveller, record: str, ends: list[str]
) -> None:
    accepted = agreed(alpha)
    assert may_end(accepted) == WITHOUT
    clock.move_to(WEDNESDAY + HOUR)
    assert may_end(accepted) == WITHOUT
    getattr(meetings, record)(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert may_end(accepted) == ends
    clock.shift(MINUTE)
    closes(alpha, accepted, ends[0])
    clock.shift(MINUTE)
    asks_again(accepted)
    assert may_end(accepted) == WITHOUT


def test_a_meeting_without_a_time_is_a_contact_too(alpha: World) -> None:
    accepted, by = knock(alpha), alpha.actor("nurse")
    operations.take(by=by, request_id=accepted.request_id)
    meetings.set_urgency(by=by, request_id=accepted.request_id, urgency="days")
    meetings.record_held(by=by, request_id=accepted.request_id)
    assert may_end(accepted) == ALL


def test_who_was_withdrawn_is_closed_already(alpha: World) -> None:
    accepted = knock(alpha)
    says(alpha, accepted)
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    with pytest.raises(Conflict):
        closes(alpha, accepted)


# --- the two doors --------------------------------------------------------------------------------------------------


def test_the_page_offers_what_fits_and_says_how_the_rest_comes(alpha: World, nora: Any) -> None:  # noqa: F811
    accepted = knock(alpha)
    act(nora, accepted, "take")
    where = f"/desk/{accepted.request_id}/close/"
    why = "Once you have answered the student, or noted that you reached them"
    html = words(nora.get(where))
    assert why in html
    assert [f'value="{one}"' in html for one in ALL] == [False, False, True, True]
    refused = words(nora.post(where, {"outcome": "helped"}), 422)
    assert "The student still waits for a word." in refused
    assert 'href="#id_outcome_0"' in refused
    act(nora, accepted, "reply", text="Hei")
    html = words(nora.get(where))
    assert why not in html
    assert [f'value="{one}"' in html for one in ALL] == [True] * 4
    act(nora, accepted, "read")
    act(nora, accepted, "close", outcome="helped")
    assert row(accepted).outcome == "helped"


def test_the_api_names_the_field(alpha: World, api: Callable) -> None:  # noqa: F811
    call, accepted = api("nurse"), knock(alpha)
    said = call("post", f"requests/{accepted.request_id}/close", {"outcome": "referred"})
    assert said.status_code == 422
    assert [error["field"] for error in said.json()["errors"]] == ["outcome"]
    reads(alpha, accepted)
    assert call("post", f"requests/{accepted.request_id}/close", {"outcome": "withdrawn"}).status_code == 200


def test_an_offer_to_a_role_keeps_what_its_giver_said(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = taken(alpha)
    clock.shift(MINUTE)
    by = alpha.actor("nurse")
    operations.offer_handover(
        by=by, request_id=accepted.request_id, reason="Hun spør om skole", shares="nothing", agreement="in_talk",
        to=Receiver(role_id=alpha.counsellor_role, school_id=alpha.school),
    )  # fmt: skip
    closes(alpha, accepted)
    assert row(accepted).outcome == "helped"


# --- nothing is closed over words that nobody has read -------------------------------------------------------


def writes(accepted: Accepted, text: str = "Jeg orker ikke mer") -> None:
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=text)


def reads(world: World, accepted: Accepted, who: str = "nurse") -> list[str]:
    opened = operations.read_conversation(by=world.actor(who), request_id=accepted.request_id)
    return [line.text for line in opened.lines]


def refuses_unread(world: World, accepted: Accepted, outcome: str = "helped") -> None:
    with pytest.raises(Conflict) as refused:
        operations.close(by=world.actor("nurse"), request_id=accepted.request_id, outcome=outcome)
    assert refused.value.code == "unread"


@pytest.mark.parametrize("outcome", ALL)
def test_what_the_student_wrote_is_read_before_it_is_closed(alpha: World, outcome: str) -> None:
    accepted = taken(alpha)
    writes(accepted)
    refuses_unread(alpha, accepted, outcome)
    assert row(accepted).state == "answered"
    reads(alpha, accepted)
    closes(alpha, accepted, outcome)
    assert row(accepted).outcome == outcome


def test_what_was_never_opened_is_not_closed_and_stays_with_nobody(alpha: World) -> None:
    accepted = knock(alpha)
    refuses_unread(alpha, accepted, "not_reached")
    assert (row(accepted).state, row(accepted).taken_by_id) == ("waiting", None)


def test_a_student_takes_back_what_nobody_has_read(alpha: World) -> None:
    accepted = taken(alpha)
    writes(accepted)
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert row(accepted).state == "withdrawn"


def test_a_flood_is_closed_unread_and_what_is_let_out_of_it_is_not(alpha: World) -> None:
    flood, real = knock(alpha), knock(alpha)
    ContactRequest.objects.update(held="held")
    operations.close(by=alpha.actor("nurse"), request_id=flood.request_id, outcome="not_reached")
    operations.let_out(by=alpha.actor("nurse"), request_id=real.request_id)
    refuses_unread(alpha, real, "not_reached")


@pytest.mark.parametrize("how", [is_away, post_ended])
def test_words_that_came_before_an_old_closing_are_found_and_read_at_the_door(
    alpha: World, how: Callable[[World], None]
) -> None:
    accepted, nurse = taken(alpha), alpha.actor("nurse")
    said = operations.Settling(recorded_in="Journal")
    operations.close(by=nurse, request_id=accepted.request_id, outcome="helped", said=said)
    how(alpha)
    second = alpha.actor("second_nurse")
    with pytest.raises(NotAllowed):
        reads(alpha, accepted, "second_nurse")
    add_message(row(accepted), sender="student", text="Hjelp", at=TUESDAY - HOUR)  # as closing once let it be
    listed = queries.listed(second, "closed")
    assert [(one.request.pk, one.unseen) for one in listed] == [(accepted.request_id, 1)]
    assert "Hjelp" in reads(alpha, accepted, "second_nurse")


def test_the_page_keeps_what_was_chosen_and_says_to_read_first(alpha: World, nora: Client) -> None:  # noqa: F811
    accepted = taken(alpha)
    writes(accepted)
    page = words(act(nora, accepted, "close", outcome="referred"), 409)
    assert "Read what they wrote first" in page
    assert re.search(r'value="referred"\s+checked', page)
    act(nora, accepted, "read")
    assert act(nora, accepted, "close", outcome="referred").status_code == 302
    assert row(accepted).outcome == "referred"


def test_the_api_says_by_its_type_that_something_is_unread(alpha: World, api: Callable) -> None:  # noqa: F811
    accepted = taken(alpha)
    writes(accepted)
    answer = api("nurse")("post", f"requests/{accepted.request_id}/close", {"outcome": "helped"})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lavterskel:problem:unread")
