"""A request with an agreed meeting is handed over: the receiver decides what becomes of it, and nobody finds out at the
door."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.errors import Conflict
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.models import Handover
from services.meetings import operations
from services.meetings.models import MeetingTime
from services.promises.queries import promises_of
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.contact.test_handover import accept, offer
from tests.services.meetings.people import HOUR, WEDNESDAY, agreed, meeting_of, room, states
from tests.services.meetings.test_pages import phone, signed_in, student_page, words

__all__ = ("phone", "signed_in")  # fixtures


def handed(world: World, **said: Any) -> tuple[contact.Accepted, Handover]:
    """Nora and the student have agreed on Wednesday at ten; Carl is asked."""
    accepted = agreed(world)
    contact.read_conversation(by=world.actor("nurse"), request_id=accepted.request_id)
    return accepted, offer(world, accepted, **said)


def whose(accepted: contact.Accepted) -> str:
    rows = MeetingTime.objects.filter(meeting__request_id=accepted.request_id, state="agreed")
    return ", ".join(row.account.get_short_name() for row in rows.select_related("account"))


def carl_is_booked(world: World) -> None:
    """Carl has a meeting of his own then."""
    other = contact.knock(
        by=visitor_of_nobody(), idempotency_key="k" * 20, school_id=world.school, role_id=world.counsellor_role,
        channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip
    carl = world.actor("counsellor")
    contact.take(by=carl, request_id=other.request_id)
    (time,) = operations.propose(
        by=carl, request_id=other.request_id, urgency="days", times=[room(WEDNESDAY)]
    )
    operations.pick(by=visitor(other), request_id=other.request_id, time_id=time.pk)


def visitor_of_nobody() -> Any:
    from kernel.actor import student

    return student(None)


def test_both_are_warned_and_the_receiver_keeps_the_time(
    alpha: World, signed_in: Callable[[str], Client], phone: Client
) -> None:
    accepted = agreed(alpha)
    nora, carl, page = signed_in("nurse"), signed_in("counsellor"), f"/desk/{accepted.request_id}/"
    contact.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert (
        "You have agreed a meeting: tomorrow at 10:00, in a room."
        in nora.get(f"{page}hand-over/").content.decode()
    )
    handover = offer(alpha, accepted)
    asked = unescape(carl.get(page).content.decode())
    assert "A meeting is agreed with the student: tomorrow at 10:00, in a room." in asked
    assert "I come to it instead of Nora" in asked
    assert "Rom B12" not in asked, "where is sealed until it is theirs"
    carl.post(f"{page}hand-over/accept/", {"handover": handover.pk, "meeting": "keep"})
    assert (whose(accepted), states(accepted)) == ("Carl", ["agreed"])
    shown = words(student_page(phone, accepted))
    assert "You meet us tomorrow at 10:00" in shown
    assert "Carl comes to it instead of Nora." in shown
    (promise,) = [one for one in promises_of(meeting_of(accepted).pk) if not one.ended_at]
    assert (promise.role_id, promise.due_at > WEDNESDAY) == (alpha.counsellor_role, True)


def test_called_off_the_student_is_told_and_promised_another_time(
    alpha: World, signed_in: Callable[[str], Client], phone: Client
) -> None:
    accepted, handover = handed(alpha)
    carl = signed_in("counsellor")
    carl.post(f"/desk/{accepted.request_id}/hand-over/accept/", {"handover": handover.pk, "meeting": "off"})
    assert states(accepted) == ["fell_through"]
    shown = words(student_page(phone, accepted))
    assert "You do not meet us tomorrow at 10:00 after all. We are sorry." in shown
    assert "You meet us by" in shown
    assert "You hear from Carl by" in shown
    clocks = [one for one in promises_of(meeting_of(accepted).pk) if not one.ended_at]
    assert [one.role_id for one in clocks] == [alpha.counsellor_role]


def test_with_walk_along_keeping_it_is_the_talk_together(
    alpha: World, signed_in: Callable[[str], Client], phone: Client
) -> None:
    accepted, handover = handed(alpha, walk_along=True)
    assert (
        "I come to it with Nora"
        in signed_in("counsellor").get(f"/desk/{accepted.request_id}/").content.decode()
    )
    accept(alpha, handover)
    assert "Carl comes to it, and Nora comes along." in words(student_page(phone, accepted))


def test_whoever_is_booked_then_is_told_before_saying_yes_and_never_booked_twice(
    alpha: World, signed_in: Callable[[str], Client]
) -> None:
    accepted, handover = handed(alpha)
    carl_is_booked(alpha)
    shown = signed_in("counsellor").get(f"/desk/{accepted.request_id}/").content.decode()
    assert "You are away or booked then." in shown
    with pytest.raises(Conflict) as refused:
        contact.accept_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, keep_meeting=True)
    assert refused.value.code == "meeting"
    assert (whose(accepted), Handover.objects.get(pk=handover.pk).state) == ("Nora", "offered")
    accept(alpha, handover)
    assert states(accepted) == ["fell_through"]


def told(template: str) -> list[str]:
    rows = Message.objects.filter(template=template, account__isnull=False).select_related("account")
    return sorted(row.account.get_short_name() for row in rows)


def test_whom_the_student_said_no_to_reads_that_the_meeting_is_off(alpha: World) -> None:
    accepted, handover = handed(alpha)
    contact.accept_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, keep_meeting=True)
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert states(accepted) == ["fell_through"]
    assert (told("contact/handover_gone"), told("meetings/cancelled")) == (["Carl"], ["Carl"])
    off = MeetingTime.objects.get(meeting__request_id=accepted.request_id)
    assert Message.objects.get(template="meetings/cancelled").cause == f"meeting-cancelled:{off.pk}"
    assert told("meetings/fell_through") == ["Nora"]


def test_whom_the_student_said_no_to_hears_no_more_of_what_was_late(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, handover = handed(alpha)
    contact.accept_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, keep_meeting=True)
    contact.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Vi sees")
    clock.move_to(WEDNESDAY + 2 * HOUR)
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert any(one.broken_at for one in promises_of(meeting_of(accepted).pk)), (
        "nobody wrote down what came of it"
    )
    assert told("meetings/late") == []
    assert told("contact/handover_back") == ["Nora"]
    clocks = [one for one in promises_of(meeting_of(accepted).pk) if not (one.ended_at or one.broken_at)]
    assert [one.role_id for one in clocks] == [alpha.nurse_role]


def test_what_is_late_with_nobody_said_no_to_is_told_to_whoever_has_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, handover = handed(alpha)
    contact.accept_handover(by=alpha.actor("counsellor"), handover_id=handover.pk, keep_meeting=True)
    contact.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Vi sees")
    clock.move_to(WEDNESDAY + 2 * HOUR)
    break_due()
    assert told("meetings/late") == ["Carl"]


def test_whoever_is_away_that_day_does_not_come(alpha: World) -> None:
    from kernel.actor import MACHINE
    from tenants.presence import operations as presence

    accepted, handover = handed(alpha)
    presence.begin_absence(
        by=MACHINE,
        account_id=alpha.people["counsellor"],
        first_day=WEDNESDAY.date(),
        last_day=WEDNESDAY.date(),
    )
    accept(alpha, handover)
    assert states(accepted) == ["fell_through"]


def test_nothing_is_agreed_and_nothing_is_asked(alpha: World, signed_in: Callable[[str], Client]) -> None:
    from tests.services.contact.test_handover import taken

    accepted = taken(alpha)
    offer(alpha, accepted)
    assert (
        "meeting_choice" not in signed_in("counsellor").get(f"/desk/{accepted.request_id}/").content.decode()
    )
