"""Taking, answering, recording, closing: what stops the clock and what does not."""

from datetime import timedelta

import pytest
import time_machine

from kernel import clock as kernel_clock
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox.models import Message
from services.contact import operations, queries
from services.contact.models import ContactAttempt, ContactRequest
from services.promises.models import Promise
from services.promises.queries import present, promises_of
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, read_and_close, visitor


def promise_of(accepted: operations.Accepted) -> Promise:
    found = present(promises_of(accepted.request_id))
    assert found is not None
    return found


def row(accepted: operations.Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def test_take_is_a_lock_with_a_name(alpha: World) -> None:
    accepted = knock(alpha)
    nurse, second = alpha.actor("nurse"), alpha.actor("second_nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    with pytest.raises(Conflict, match="taken") as lost:
        operations.take(by=second, request_id=accepted.request_id)
    assert "Nora" in str(lost.value.detail)
    assert row(accepted).taken_by_id == alpha.people["nurse"]


def test_take_again_by_me_is_fine_and_changes_nothing(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.take(by=nurse, request_id=accepted.request_id)
    assert Entry.objects.filter(verb="contact.take").count() == 1


def test_release_lets_another_take(alpha: World) -> None:
    accepted, nurse, second = knock(alpha), alpha.actor("nurse"), alpha.actor("second_nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    with pytest.raises(Conflict):
        operations.release(by=second, request_id=accepted.request_id)
    operations.release(by=nurse, request_id=accepted.request_id)
    assert row(accepted).state == "waiting"
    operations.take(by=second, request_id=accepted.request_id)


def test_neither_opening_nor_taking_nor_releasing_stops_the_clock(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.release(by=nurse, request_id=accepted.request_id)
    assert promise_of(accepted).state_at(kernel_clock.now()) == "waiting"


def test_a_reply_keeps_the_promise_when_the_student_chose_a_conversation(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei, jeg er her.")
    assert promise_of(accepted).kept_at is not None
    assert row(accepted).state == "answered"


def test_a_reply_keeps_nothing_when_the_student_asked_for_a_call(alpha: World) -> None:
    accepted, nurse = knock(alpha, channel_kind="phone", channel_value="99887766"), alpha.actor("nurse")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Jeg ringer deg snart.")
    assert promise_of(accepted).kept_at is None
    assert row(accepted).state == "taken"


def test_a_call_keeps_the_promise_of_who_asked_for_a_call(alpha: World) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    done = operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="reached"
    )
    assert done.stopped_the_clock
    assert promise_of(accepted).kept_at is not None
    assert row(accepted).state == "answered"


def test_another_way_than_the_chosen_is_recorded_and_says_that_the_clock_goes_on(alpha: World) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    done = operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="sms", outcome="reached"
    )
    assert not done.stopped_the_clock
    assert not done.attempt.as_chosen
    assert promise_of(accepted).state_at(kernel_clock.now()) == "waiting"


def test_an_attempt_stops_the_first_clock_and_promises_the_next_try(alpha: World) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    done = operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="attempted"
    )
    first = Promise.objects.get(kind="first_contact")
    assert (first.outcome, first.kept_at is not None) == ("attempted", True)
    assert done.next_try is not None
    assert promise_of(accepted) == done.next_try
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="reached"
    )
    assert promise_of(accepted).outcome == "reached"
    assert Promise.objects.filter(kept_at=None).count() == 0


@pytest.mark.parametrize("minutes", [-1, 61])
def test_a_contact_is_recorded_within_the_hour_and_never_ahead(
    alpha: World, clock: time_machine.Traveller, minutes: int
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    clock.shift(timedelta(hours=2))
    with pytest.raises(Invalid):
        operations.record_contact(
            by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="reached",
            at=kernel_clock.now() - timedelta(minutes=minutes),
        )  # fmt: skip
    assert ContactAttempt.objects.count() == 0


def test_a_contact_is_never_before_the_knock(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    clock.shift(timedelta(minutes=5))
    with pytest.raises(Invalid):
        operations.record_contact(
            by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="reached",
            at=kernel_clock.now() - timedelta(minutes=6),
        )  # fmt: skip


def test_broken_and_then_recorded_in_time_becomes_kept_and_both_facts_stay(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    clock.move_to(accepted.due_at + timedelta(minutes=10))
    assert break_due().marked == 1
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="phone", outcome="reached",
        at=accepted.due_at - timedelta(minutes=5),
    )  # fmt: skip
    promise = promise_of(accepted)
    assert promise.kept_at == accepted.due_at - timedelta(minutes=5)
    assert promise.broken_at is not None
    assert promise.corrected_at is not None


def test_an_answer_after_due_leaves_it_broken_even_when_no_sweep_was_here(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    clock.move_to(accepted.due_at + timedelta(minutes=1))
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Unnskyld.")
    promise = promise_of(accepted)
    assert (promise.kept_at, promise.broken_at is not None, promise.answered_at is not None) == (
        None, True, True,
    )  # fmt: skip
    assert Message.objects.filter(cause=f"promise-broken:{promise.pk}").count() == 1


def test_an_answer_at_the_very_instant_of_due_is_kept(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    clock.move_to(accepted.due_at)
    assert break_due().marked == 0
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Her er jeg.")
    assert promise_of(accepted).kept_at == accepted.due_at


def test_closing_never_stops_the_clock_of_a_first_contact_that_was_not_made(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="not_reached")
    clock.move_to(accepted.due_at + timedelta(seconds=1))
    assert break_due().marked == 1
    assert row(accepted).state == "closed"


def test_closing_ends_the_next_try(alpha: World, clock: time_machine.Traveller) -> None:
    accepted, nurse = knock(alpha, channel_kind="phone", channel_value="99887766"), alpha.actor("nurse")
    operations.record_contact(by=nurse, request_id=accepted.request_id, kind="phone", outcome="attempted")
    read_and_close(by=nurse, request_id=accepted.request_id, outcome="not_reached")
    clock.shift(timedelta(days=30))
    assert break_due().marked == 0


@pytest.mark.parametrize("outcome", ["", "won", "helped "])
def test_closing_needs_an_outcome_we_know(alpha: World, outcome: str) -> None:
    accepted = knock(alpha)
    with pytest.raises(Invalid):
        read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome=outcome)


def test_what_is_closed_cannot_be_taken_answered_or_closed_again(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    for act in (
        lambda: operations.take(by=nurse, request_id=accepted.request_id),
        lambda: operations.reply(by=nurse, request_id=accepted.request_id, text="Hei"),
        lambda: read_and_close(by=nurse, request_id=accepted.request_id, outcome="helped"),
        lambda: operations.release(by=nurse, request_id=accepted.request_id),
    ):
        with pytest.raises(Conflict, match="closed"):
            act()


def test_thanks_does_not_reopen_and_still_need_help_gives_a_new_promise(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    student = visitor(accepted)
    operations.student_writes(by=student, request_id=accepted.request_id, text="Takk!")
    assert row(accepted).state == "closed"
    assert Promise.objects.count() == 1
    clock.shift(timedelta(days=1))
    operations.student_writes(
        by=student, request_id=accepted.request_id, text="Det er ikke bra likevel", still_need_help=True
    )
    assert row(accepted).state == "waiting"
    old, new = Promise.objects.order_by("opened_at")
    assert (old.kept_at is not None, new.kind, new.kept_at) == (True, "reopened", None)
    operations.reply(by=nurse, request_id=accepted.request_id, text="Kom i dag.")
    new.refresh_from_db()
    assert new.kept_at is not None


def test_withdrawing_ends_the_promise_and_a_late_withdrawal_does_not_undo_a_broken_one(
    alpha: World, clock: time_machine.Traveller
) -> None:
    in_time, too_late = knock(alpha), knock(alpha)
    operations.withdraw(by=visitor(in_time), request_id=in_time.request_id)
    clock.move_to(too_late.due_at + timedelta(minutes=2))
    operations.withdraw(by=visitor(too_late), request_id=too_late.request_id)
    assert promise_of(in_time).ended_at is not None
    assert break_due().marked == 1
    assert promise_of(too_late).broken_at is not None
    assert row(in_time).state == row(too_late).state == "withdrawn"


def test_when_it_breaks_a_colleague_takes_over_and_the_lead_is_told(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    clock.move_to(accepted.due_at + timedelta(seconds=30))
    assert break_due().marked == 1
    assert (row(accepted).state, row(accepted).taken_by_id) == ("taken", alpha.people["second_nurse"])
    told = {
        message.cause.split(":")[0]: message.account_id
        for message in Message.objects.exclude(cause__startswith="knock:")
    }
    assert told["promise-broken"] == alpha.people["lead"]
    holders = Message.objects.filter(cause__startswith="still-waiting:").values_list("account_id", flat=True)
    assert set(holders) == {alpha.people["second_nurse"]}


def test_waiting_is_in_order_of_the_promise_not_of_arrival(
    alpha: World, clock: time_machine.Traveller
) -> None:
    from kernel.actor import MACHINE
    from tenants.setup import operations as setup

    slow = knock(alpha)
    setup.set_guarantee(school_id=None, role_id=None, kind="counted_hours", amount=2, by=MACHINE)
    clock.shift(timedelta(minutes=30))
    quick = knock(alpha)
    nurse = alpha.actor("nurse")
    waiting = [item.request.pk for item in queries.listed(nurse, "waiting")]
    assert waiting == [quick.request_id, slow.request_id]
    operations.take(by=nurse, request_id=slow.request_id)
    assert [item.request.pk for item in queries.listed(nurse, "mine")] == [slow.request_id]
    assert [item.request.pk for item in queries.taken_by_others(alpha.actor("second_nurse"))] == [
        slow.request_id
    ]


def test_a_helper_who_lost_the_post_sees_nothing_any_more(
    alpha: World, clock: time_machine.Traveller
) -> None:
    from tenants.setup.models import Post

    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    Post.objects.filter(account_id=alpha.people["nurse"]).delete()
    with pytest.raises(NotFound):
        operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
