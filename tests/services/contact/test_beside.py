"""What stands beside a conversation (notes, the clock of a meeting) after a handover, a no, and stepping aside."""

from datetime import timedelta

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.outbox.models import Message
from services.contact import operations
from services.contact.operations import Accepted
from services.desk import operations as desk
from services.meetings import operations as meetings
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due, remind_due
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.contact.test_handover import accept, holder, offer, reads, taken

NOTE = "Kanarinotat: moren drikker"


def notes_of(world: World, who: str, accepted: Accepted) -> list[str]:
    opened = desk.read_notes(by=world.actor(who), request_id=accepted.request_id).opened
    return [word for one in opened for word in (one.text, *(text for _at, text in one.earlier))]


def noted(world: World, accepted: Accepted, who: str = "nurse") -> None:
    desk.add_note(by=world.actor(who), request_id=accepted.request_id, text=NOTE)


def without_a_word(world: World) -> Accepted:
    """Nora has it; nobody has written a message."""
    accepted = knock(world, message="", channel_kind="phone", channel_value="99887766")
    operations.take(by=world.actor("nurse"), request_id=accepted.request_id)
    return accepted


def nine_days(clock: time_machine.Traveller) -> list[tuple[str, str]]:
    """What goes out in nine days of waiting: (template, to whom)."""
    Message.objects.all().delete()
    for _ in range(24 * 9):
        clock.shift(timedelta(hours=1))
        remind_due()
        break_due()
    return list(Message.objects.exclude(account=None).values_list("template", "account__name"))


# --- notes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shares", ["nothing", "onward"])
def test_notes_stay_closed_when_less_than_everything_follows_also_before_the_first_message(
    alpha: World, shares: str
) -> None:
    accepted = without_a_word(alpha)
    noted(alpha, accepted)
    accept(alpha, offer(alpha, accepted, to="second_nurse", shares=shares), "second_nurse")
    assert notes_of(alpha, "second_nurse", accepted) == []


def test_everything_gives_on_no_more_notes_than_the_giver_could_read(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    noted(alpha, accepted)
    clock.shift(timedelta(minutes=5))
    accept(alpha, offer(alpha, accepted, to="second_nurse", shares="nothing"), "second_nurse")
    clock.shift(timedelta(minutes=5))
    operations.reply(by=alpha.actor("second_nurse"), request_id=accepted.request_id, text="Hei")
    desk.add_note(by=alpha.actor("second_nurse"), request_id=accepted.request_id, text="Mitt eget")
    clock.shift(timedelta(minutes=5))
    setup.give_post(
        account_id=alpha.people["other_nurse"], role_id=alpha.nurse_role, school_id=alpha.school,
        starts_on=None, by=MACHINE,
    )  # fmt: skip
    given = accept(alpha, offer(alpha, accepted, by="second_nurse", to="other_nurse"), "other_nurse")
    assert given.shares == "everything"
    assert notes_of(alpha, "other_nurse", accepted) == ["Mitt eget"]


def test_a_note_changed_while_the_student_is_apart_is_closed_with_every_version(
    alpha: World, clock: time_machine.Traveller
) -> None:
    """Signe's note is older than what the student closed; its newest words are from within."""
    accepted = knock(alpha)
    signe, nora = alpha.actor("second_nurse"), alpha.actor("nurse")
    operations.take(by=signe, request_id=accepted.request_id)
    reads(alpha, "second_nurse", accepted)
    operations.reply(by=signe, request_id=accepted.request_id, text="Hei")
    note = desk.add_note(by=signe, request_id=accepted.request_id, text="Ring i morgen")
    clock.shift(timedelta(minutes=5))
    accept(alpha, offer(alpha, accepted, by="second_nurse", to="nurse"), "nurse")
    assert notes_of(alpha, "nurse", accepted) == ["Ring i morgen"]
    operations.reply(by=nora, request_id=accepted.request_id, text="Hei, Nora her")
    clock.shift(timedelta(minutes=5))
    accept(alpha, offer(alpha, accepted, by="nurse", to="second_nurse"), "second_nurse")
    operations.reply(by=signe, request_id=accepted.request_id, text="Hei igjen")
    clock.shift(timedelta(minutes=5))
    desk.edit_note(by=signe, request_id=accepted.request_id, note_id=note.pk, text=NOTE, seen=1)
    clock.shift(timedelta(minutes=5))
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    clock.shift(timedelta(minutes=5))
    assert holder(accepted) == "Nora"
    assert notes_of(alpha, "nurse", accepted) == []


# --- the clock of a meeting -------------------------------------------------------------------------------


def test_whoever_stepped_aside_hears_nothing_of_its_meeting(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    meetings.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="days")
    operations.recuse(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert [one for one in nine_days(clock) if one[1].startswith("Nora")] == []


def test_given_back_after_a_no_the_clock_of_the_meeting_comes_back_to_the_old_door(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei, Carl her")
    meetings.set_urgency(by=alpha.actor("counsellor"), request_id=accepted.request_id, urgency="days")
    due = Promise.objects.get(STANDING, kind="meeting").due_at
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    promise = Promise.objects.get(STANDING, kind="meeting")
    assert (promise.role_id, promise.due_at) == (alpha.nurse_role, due)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Nora igjen")
    told = nine_days(clock)
    assert [one for one in told if one[1].startswith("Carl")] == []
    assert [one for one in told if one[1].startswith("Nora")] != []


def test_an_overdue_meeting_breaks_at_the_door_that_let_it_and_its_new_clock_goes_along(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    meetings.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="days")
    due = Promise.objects.get(kind="meeting").due_at
    clock.move_to(due - timedelta(minutes=1))
    handover = offer(alpha, accepted)
    clock.move_to(due + timedelta(minutes=1))
    accept(alpha, handover)
    broken, runs = Promise.objects.filter(kind="meeting").order_by("opened_at")
    assert broken.broken_at is not None
    assert broken.role_id == alpha.nurse_role
    assert runs.role_id == alpha.counsellor_role
