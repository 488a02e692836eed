"""When the promise of a meeting moves, both read why: one sentence, on the student's page and on the desk's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kernel.clock import now
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.meetings import operations
from services.meetings.moves import Moved
from services.meetings.queries import shown_to
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.meetings.people import (
    DAY,
    HOUR,
    LATER,
    MINUTE,
    WEDNESDAY,
    picked,
    proposed,
    room,
    standing,
    taken,
    time_id,
)
from tests.services.meetings.test_pages import case_page, student_page, words
from tests.services.meetings.test_pages import phone as phone
from tests.services.meetings.test_pages import signed_in as signed_in

pytestmark = pytest.mark.django_db


def nothing(world: World, accepted: Any, clock: Any) -> None:
    operations.set_urgency(by=world.actor("nurse"), request_id=accepted.request_id, urgency="days")


def turn(world: World, accepted: Any, clock: Any) -> None:
    proposed(world, accepted, room(WEDNESDAY), room(LATER))


def agree(world: World, accepted: Any, clock: Any) -> None:
    picked(accepted, proposed(world, accepted, room(WEDNESDAY), room(LATER))[0])


def none_fits(world: World, accepted: Any, clock: Any) -> None:
    turn(world, accepted, clock)
    clock.shift(HOUR)
    operations.none_fit(by=visitor(accepted), request_id=accepted.request_id)


def cancel(world: World, accepted: Any, clock: Any) -> None:
    agree(world, accepted, clock)
    clock.shift(HOUR)
    operations.cancel(by=visitor(accepted), request_id=accepted.request_id, again=True)


def call_off(world: World, accepted: Any, clock: Any) -> None:
    agree(world, accepted, clock)
    operations.take_back(
        by=world.actor("nurse"),
        request_id=accepted.request_id,
        time_id=time_id(accepted),
        reason="Jeg er syk",
    )


def no_show(world: World, accepted: Any, clock: Any) -> None:
    agree(world, accepted, clock)
    clock.move_to(WEDNESDAY + 20 * MINUTE)
    operations.record_no_show(by=world.actor("nurse"), request_id=accepted.request_id)


def breaks(world: World, accepted: Any, clock: Any) -> None:
    contact.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei")
    nothing(world, accepted, clock)
    clock.move_to(standing(accepted).due_at + MINUTE)
    break_due()


def other_urgency(world: World, accepted: Any, clock: Any) -> None:
    nothing(world, accepted, clock)
    clock.shift(HOUR)
    operations.set_urgency(by=world.actor("nurse"), request_id=accepted.request_id, urgency="today")


CASES = {
    nothing: (None, "", ""),
    turn: ("turn", "Choose until tomorrow at 12:00. The promise waits that long.",
           "The student chooses. The clock stands until tomorrow at 12:00."),
    agree: ("agreed", "The time you chose is what we promise now.",
            "The agreed time is the promise now. Write down by tomorrow at 11:30 what came of it."),
    none_fits: ("waited", "This time is later: the promise waited while you chose.",
                "Later than at first: the clock stood while the student chose."),
    cancel: ("cancelled", "You wanted another time, so we promise anew.",
             "The student cancelled the agreed time: promised anew since then."),
    call_off: ("off", "That meeting fell away, so we promise anew.",
               "The agreed time was called off: promised anew since then."),
    no_show: ("missed", "We did not meet, so we promise anew.",
              "The student did not come: promised anew since then."),
    breaks: ("broken", "We did not keep the last promise, so we promise anew.",
             "The promise before this one broke: promised anew since then."),
    other_urgency: ("urgency", "How urgent it is has changed, so we promise anew.",
                    "How urgent it is was changed: promised anew since then."),
}  # fmt: skip


@pytest.mark.parametrize("happens", CASES, ids=lambda happens: happens.__name__)
def test_both_read_why_the_promise_is_due_when_it_is(
    alpha: World, clock: Any, phone: Client, signed_in: Callable[[str], Client], happens: Callable[..., None]
) -> None:
    why, for_the_student, for_the_helper = CASES[happens]
    accepted = taken(alpha)
    happens(alpha, accepted, clock)
    theirs, ours = words(student_page(phone, accepted)), words(case_page(signed_in("nurse"), accepted))
    said = {one for one, _student, _helper in CASES.values() if one and one != why}
    assert for_the_student in theirs
    assert for_the_helper in ours
    for other, student, helper in CASES.values():
        if other in said:
            assert student not in theirs
            assert helper not in ours
    if happens is turn:
        assert "You meet us by " in theirs


def test_a_second_move_is_told_by_its_own_cause_and_not_by_the_first(alpha: World, clock: Any) -> None:
    accepted = taken(alpha)
    cancel(alpha, accepted, clock)
    clock.shift(HOUR)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="weeks")
    assert why(accepted) == Moved("urgency")
    proposed(alpha, accepted, room(WEDNESDAY + DAY))
    assert why(accepted) == Moved("turn", WEDNESDAY + DAY)


def why(accepted: Any) -> Moved | None:
    request = ContactRequest.objects.get(pk=accepted.request_id)
    shown = shown_to(visitor(accepted), request, now())
    return shown.moved if shown else None
