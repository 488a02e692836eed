"""Words that cross an answer, a slip or an undo: what nobody has opened is never without a clock, and none is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations
from services.contact.handover_queries import is_unread
from services.contact.operations import Accepted
from services.nextdoor import operations as nextdoor
from services.promises.models import Promise
from services.promises.queries import promises_of
from services.promises.sweep import break_due, remind_due
from services.reach import operations as reach
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import NUMBER, TUESDAY, knock, visitor
from tests.services.contact.test_handover import accept, offer, taken
from tests.services.contact.test_reply_clock import answered, call, office, reads, row, stands, waits, writes
from tests.services.desk.conftest import signed_in
from tests.services.promises.test_reminders import told

__all__ = ("office", "signed_in")  # fixtures
pytestmark = pytest.mark.django_db
type Traveller = time_machine.Traveller
WORSE = "Jeg har tatt tabletter"


def running(made: Accepted) -> list[Promise]:
    known = promises_of(made.request_id)
    return [one for one in known if one.answered_at is None and one.ended_at is None]


def asked_to_call(world: World) -> Accepted:
    """Nora has it, has read it, and is to call."""
    made = knock(world, channel_kind="phone", channel_value=NUMBER)
    operations.take(by=world.actor("nurse"), request_id=made.request_id)
    reads(world, made)
    return made


def somebody_hears(office: Traveller) -> bool:
    """Whether anybody is reminded of anything in the month that follows."""

    def count() -> int:
        return sum(
            len(told(one)) for one in ("promises/reminder", "promises/reminder_lead", "promises/broken")
        )

    before = count()
    for day in range(1, 30):
        office.move_to(TUESDAY + timedelta(days=day, hours=2))
        remind_due()
        break_due()
    return count() > before


def test_a_call_written_down_after_newer_words_does_not_answer_them(alpha: World, office: Traveller) -> None:
    made = asked_to_call(alpha)
    called = TUESDAY + timedelta(minutes=5)
    office.shift(timedelta(minutes=7))
    writes(made, WORSE)
    office.shift(timedelta(minutes=4))
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=made.request_id, kind="phone", outcome="reached", at=called
    )
    promise = waits(made)
    assert promise is not None
    assert promise.opened_at == TUESDAY.replace(second=0) + timedelta(minutes=7)
    assert stands(made) == ("waiting", True)
    assert somebody_hears(office)


def test_an_answer_does_not_answer_what_it_crossed(alpha: World, office: Traveller) -> None:
    """The nurse types; the student writes meanwhile; the answer is sent."""
    made = answered(alpha)
    office.shift(timedelta(minutes=5))
    writes(made, "Takk")
    reads(alpha, made)
    office.shift(timedelta(minutes=3))
    writes(made, WORSE)
    office.shift(timedelta(seconds=40))
    operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Bare hyggelig!")
    assert waits(made) is not None
    reads(alpha, made)  # the page that comes back shows them: read, and still not answered
    assert stands(made) == ("waiting", True)
    assert somebody_hears(office)


def test_nor_does_the_first_answer(alpha: World, office: Traveller) -> None:
    made = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    reads(alpha, made)
    office.shift(timedelta(minutes=3))
    writes(made, WORSE)
    operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Kom innom når du vil")
    assert row(made).state == "answered"
    assert [one.kind for one in running(made)] == ["reply"]


def test_what_was_read_before_the_answer_is_answered_by_it(alpha: World, office: Traveller) -> None:
    made = knock(alpha)
    office.shift(timedelta(minutes=3))
    writes(made)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    reads(alpha, made)
    operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Kom innom når du vil")
    assert running(made) == []


def test_old_words_that_nobody_opened_get_a_clock_that_runs_from_now(alpha: World, office: Traveller) -> None:
    made = knock(alpha)
    office.shift(timedelta(minutes=3))
    writes(made, WORSE)
    office.move_to(TUESDAY + timedelta(days=3))
    break_due()
    operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Hei")
    promise = waits(made)
    assert promise is not None
    assert promise.due_at > TUESDAY + timedelta(days=3)


def test_stepping_aside_by_a_slip_leaves_no_word_without_a_clock(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    office.shift(timedelta(minutes=5))
    operations.recuse(by=nurse, request_id=made.request_id)
    office.shift(timedelta(seconds=4))
    writes(made, WORSE)
    office.shift(timedelta(seconds=4))
    assert operations.undo_recusal(by=nurse, request_id=made.request_id)
    assert waits(made) is not None
    assert "Nora" in told("contact/message"), "who has it again hears that something was written"
    assert somebody_hears(office)


def test_nor_does_closing_by_a_slip(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    reads(alpha, made)
    office.shift(timedelta(minutes=5))
    operations.close(by=nurse, request_id=made.request_id, outcome="helped")
    office.shift(timedelta(seconds=20))
    writes(made, "Takk, men jeg har det ikke bra")
    office.shift(timedelta(seconds=20))
    operations.undo_close(by=nurse, request_id=made.request_id)
    assert is_unread(row(made))
    assert waits(made) is not None
    assert somebody_hears(office)


def test_a_first_contact_taken_back_while_the_student_wrote_is_as_before(
    alpha: World, office: Traveller
) -> None:
    made, nurse = asked_to_call(alpha), alpha.actor("nurse")
    office.shift(timedelta(minutes=5))
    said = operations.record_contact(
        by=nurse, request_id=made.request_id, kind="phone", outcome="reached", can_undo=True
    )
    office.shift(timedelta(seconds=3))
    writes(made, "Hallo?")
    office.shift(timedelta(seconds=3))
    operations.undo_contact(by=nurse, request_id=made.request_id, attempt_id=said.attempt.pk)
    assert row(made).state == "taken"
    assert [one.kind for one in running(made)] == ["first_contact"]
    office.move_to(TUESDAY + timedelta(days=2, minutes=1))
    break_due()
    assert row(made).taken_by_id == alpha.people["second_nurse"], "somebody takes over"


def test_a_reply_is_taken_back_although_the_student_wrote_meanwhile(alpha: World, office: Traveller) -> None:
    made, nurse = call(alpha), alpha.actor("nurse")
    office.shift(timedelta(hours=1))
    writes(made)
    reads(alpha, made)
    before = waits(made)
    assert before is not None
    office.shift(timedelta(minutes=5))
    sent = operations.reply(by=nurse, request_id=made.request_id, text="Feil", can_undo=True)
    office.shift(timedelta(seconds=4))
    writes(made, "Og en ting til")
    office.shift(timedelta(seconds=3))
    operations.withdraw_reply(by=nurse, request_id=made.request_id, message_id=sent.pk)
    assert [one.pk for one in running(made)] == [before.pk], "the earlier one stands, alone"
    reads(alpha, made)
    office.shift(timedelta(minutes=2))
    operations.reply(by=nurse, request_id=made.request_id, text="Riktig")
    assert running(made) == []


def test_by_page_it_is_taken_back_as_well(alpha: World, signed_in: Callable, office: Traveller) -> None:
    made, nora = call(alpha), signed_in("nurse", "en")
    writes(made)
    reads(alpha, made)
    office.shift(timedelta(minutes=5))
    sent = operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Feil", can_undo=True)
    office.shift(timedelta(seconds=4))
    writes(made, "Og en ting til")
    client: Client = nora
    assert client.post(f"/desk/{made.request_id}/reply/{sent.pk}/take-back/").status_code == 302


def test_no_number_is_given_twice_so_that_a_friend_reads_on(alpha: World, clock: Traveller) -> None:
    made, nurse = knock(alpha), alpha.actor("nurse")
    operations.take(by=nurse, request_id=made.request_id)
    reads(alpha, made)
    sent = operations.reply(by=nurse, request_id=made.request_id, text="Feil", can_undo=True)
    friend = reach.invite_friend(by=visitor(made), request_id=made.request_id, tag="Sam", reads_all=False)
    clock.shift(timedelta(seconds=3))
    operations.withdraw_reply(by=nurse, request_id=made.request_id, message_id=sent.pk)
    clock.shift(timedelta(minutes=1))
    writes(made, "Hei Sam, les dette")
    seen = reach.read_as_friend(by=reach.enter_as_friend(reach.code_of(friend)))
    assert "Hei Sam, les dette" in [line.text for line in seen.lines]


def test_and_the_next_door_reads_what_is_written_to_it(alpha: World, clock: Traveller) -> None:
    """Nora holds both roles; she takes a message back after the student has asked the next door "from now on"."""
    setup.give_post(
        account_id=alpha.people["nurse"], role_id=alpha.counsellor_role, school_id=alpha.school, starts_on=None,
        by=MACHINE,
    )  # fmt: skip
    Post.objects.filter(account_id=alpha.people["second_nurse"]).delete()
    made = asked_to_call(alpha)
    clock.shift(timedelta(days=3))
    break_due()
    nora = alpha.actor("nurse")
    sent = operations.reply(by=nora, request_id=made.request_id, text="Feil elev", can_undo=True)
    clock.shift(timedelta(seconds=4))
    nextdoor.ask(by=visitor(made), request_id=made.request_id, role_id=alpha.counsellor_role, shares="onward")
    clock.shift(timedelta(seconds=3))
    operations.withdraw_reply(by=nora, request_id=made.request_id, message_id=sent.pk)
    clock.shift(timedelta(minutes=2))
    writes(made, "Jeg trenger hjelp nå")
    carl = alpha.actor("counsellor")
    operations.take(by=carl, request_id=made.request_id)
    read = operations.read_conversation(by=carl, request_id=made.request_id)
    assert "Jeg trenger hjelp nå" in [line.text for line in read.lines]


def test_after_a_no_the_one_who_has_it_again_owes_a_word_and_cannot_lay_it_down(
    alpha: World, office: Traveller
) -> None:
    made = taken(alpha)
    accept(alpha, offer(alpha, made))
    reads(alpha, made, "counsellor")
    operations.reply(by=alpha.actor("counsellor"), request_id=made.request_id, text="Hei fra Carl")
    office.shift(timedelta(hours=1))
    writes(made, "Bare til Carl")
    due = waits(made)
    assert due is not None
    operations.refuse_handover(
        by=visitor(made), request_id=made.request_id, all_since=False, unread_too=False
    )
    (promise,) = running(made)
    assert (promise.kind, promise.due_at) == ("handover", due.due_at)
    assert not operations.needs_no_answer(by=alpha.actor("nurse"), request_id=made.request_id)
    assert stands(made)[0] == "waiting"


def test_what_was_answered_since_is_not_asked_for_again_by_an_undo(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    office.shift(timedelta(hours=1))
    writes(made, "Takk")
    reads(alpha, made)
    operations.needs_no_answer(by=nurse, request_id=made.request_id)
    office.shift(timedelta(seconds=10))
    writes(made, "Og mer")
    reads(alpha, made)
    office.shift(timedelta(seconds=10))
    operations.reply(by=nurse, request_id=made.request_id, text="Ja")
    assert not operations.undo_needs_no_answer(by=nurse, request_id=made.request_id)
    assert running(made) == []


def test_nor_is_what_a_closing_ended(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    office.shift(timedelta(hours=1))
    writes(made, "Takk")
    reads(alpha, made)
    operations.close(by=nurse, request_id=made.request_id, outcome="helped")
    office.shift(timedelta(seconds=10))
    operations.student_writes(
        by=visitor(made), request_id=made.request_id, text="Likevel", still_need_help=True
    )
    operations.take(by=nurse, request_id=made.request_id)
    reads(alpha, made)
    operations.reply(by=nurse, request_id=made.request_id, text="Ja")
    assert not operations.undo_needs_no_answer(by=nurse, request_id=made.request_id)
    assert running(made) == []
