"""What broke goes on to somebody who has not let it break, once, and never silently back."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from kernel.actor import MACHINE
from kernel.clock import now
from services.contact import operations
from services.contact.operations import Accepted
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import promises_of
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_handover import (
    accept,
    another_counsellor,
    holder,
    offer,
    row,
    told,
    writes,
)
from tests.services.promises.test_reminders import away

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def handed_to_carl(world: World, clock: time_machine.Traveller, *, later: timedelta = MINUTE) -> Accepted:
    """Nobody has answered it: the first contact waits, and `later` a handover to Carl was offered and accepted."""
    made, nurse = knock(world), world.actor("nurse")
    operations.take(by=nurse, request_id=made.request_id)
    operations.read_conversation(by=nurse, request_id=made.request_id)
    clock.shift(later)
    accept(world, offer(world, made))
    return made


def running(made: Accepted) -> list[Promise]:
    waits = [one for one in promises_of(made.request_id) if one.answered_at is None and one.ended_at is None]
    return sorted(waits, key=lambda one: one.due_at)


def breaks(clock: time_machine.Traveller, promise: Promise) -> None:
    clock.move_to(promise.due_at + MINUTE)
    break_due()


def test_two_clocks_of_one_pass_give_it_on_once(alpha: World, clock: time_machine.Traveller) -> None:
    another_counsellor(alpha)
    made = handed_to_carl(alpha, clock)
    _first, second = running(made)
    breaks(clock, second)
    assert [one.broken_at is not None for one in running(made)] == [True, True]
    assert (holder(made), told("contact/yours_now")) == ("Olga", ["Olga"])
    assert set(told("contact/still_waiting")) == {"Carl", "Olga"}
    assert told("contact/went_on") == ["Carl"], "nothing goes from anybody in silence"


def test_one_clock_after_the_other_gives_it_to_a_third(alpha: World, clock: time_machine.Traveller) -> None:
    another_counsellor(alpha)
    setup.give_post(
        account_id=alpha.people["second_nurse"], role_id=alpha.counsellor_role, school_id=alpha.school,
        starts_on=None, by=MACHINE,
    )  # fmt: skip
    made = handed_to_carl(alpha, clock, later=timedelta(hours=3))
    first, second = running(made)
    breaks(clock, first)
    had_it = holder(made)
    breaks(clock, second)
    assert {had_it, holder(made)} == {"Olga", "Signe"}


def test_is_nobody_left_it_is_free_and_all_of_its_door_are_told(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    made = handed_to_carl(alpha, clock, later=timedelta(hours=3))
    first, second = running(made)
    breaks(clock, first)
    assert holder(made) == "Olga"
    breaks(clock, second)
    assert (holder(made), row(made).state) == (None, "waiting")
    assert set(told("contact/still_waiting")) == {"Carl", "Olga"}
    operations.take(by=alpha.actor("counsellor"), request_id=made.request_id)
    assert holder(made) == "Carl"


def test_what_was_freed_does_not_come_back_by_itself_either(
    alpha: World, clock: time_machine.Traveller
) -> None:
    made = handed_to_carl(alpha, clock, later=timedelta(hours=3))
    first, second = running(made)
    breaks(clock, first)
    assert holder(made) is None
    breaks(clock, second)
    assert holder(made) is None
    assert "Carl" in told("contact/still_waiting")


def test_once_its_student_was_reached_anybody_may_get_it_again(
    alpha: World, clock: time_machine.Traveller
) -> None:
    olga = another_counsellor(alpha)
    made = handed_to_carl(alpha, clock)
    breaks(clock, running(made)[-1])
    operations.read_conversation(by=olga, request_id=made.request_id)
    operations.reply(by=olga, request_id=made.request_id, text="Hei, jeg er her")
    clock.shift(MINUTE)
    writes(made, "En ting til")
    away(alpha, "other_nurse", days=20)
    breaks(clock, running(made)[-1])
    assert holder(made) == "Carl"


def test_the_broken_promise_itself_says_from_whom_it_went_and_no_log_is_asked(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    made = handed_to_carl(alpha, clock, later=timedelta(hours=3))
    first, second = running(made)
    clock.move_to(first.due_at + MINUTE)
    with CaptureQueriesContext(connection) as asked:
        break_due()
    assert not [one["sql"] for one in asked if "SELECT" in one["sql"] and 'FROM "audit_entry"' in one["sql"]]
    went = {one.pk: one.went_from_id for one in promises_of(made.request_id)}
    assert went == {first.pk: alpha.people["counsellor"], second.pk: None}


def test_it_goes_from_nobody_where_it_stays_or_was_nobodys(
    alpha: World, clock: time_machine.Traveller
) -> None:
    free, late = knock(alpha), knock(alpha)
    operations.reply(by=alpha.actor("nurse"), request_id=late.request_id, text="Hei")
    clock.shift(MINUTE)
    writes(late, "Er du der?")
    breaks(clock, running(late)[0])
    assert all(one.broken_at for made in (free, late) for one in running(made))
    assert not Promise.objects.filter(went_from__isnull=False).exists()
    assert holder(late) == "Nora"


def test_what_broke_before_the_promise_said_it_says_from_whom_it_went_by_the_log(
    alpha: World, clock: time_machine.Traveller
) -> None:
    """As the migration fills it, also where two broke in one pass; what the log has no line of stays nobody's."""
    another_counsellor(alpha)
    free, made = knock(alpha), handed_to_carl(alpha, clock, later=3 * MINUTE)
    first, second = running(made)
    breaks(clock, first)
    breaks(clock, second)
    went = {one.pk: one.went_from_id for one in Promise.objects.all()}
    assert went == {
        first.pk: alpha.people["counsellor"],
        second.pk: alpha.people["other_nurse"],
        running(free)[0].pk: None,
    }
    Promise.objects.update(went_from=None)
    fill = import_module("services.promises.migrations.0011_what_broke_before_says_from_whom_it_went").FILL
    for _again in range(2):
        with connection.cursor() as cursor:
            cursor.execute(fill)
        assert {one.pk: one.went_from_id for one in Promise.objects.all()} == went


def test_an_answer_that_is_taken_back_takes_the_mark_and_from_whom_it_went(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    made = handed_to_carl(alpha, clock)
    late = running(made)[0]
    clock.move_to(late.due_at + MINUTE)
    at = now()
    promises.break_overdue(by=MACHINE, subject_id=made.request_id)
    promises.keep(by=MACHINE, promise_id=late.pk, at=at, outcome=Promise.Outcome.REACHED)
    assert Promise.objects.get(pk=late.pk).went_from_id == alpha.people["counsellor"]
    promises.undo_keep(by=MACHINE, subject_id=made.request_id, at=at)
    late.refresh_from_db()
    assert (late.answered_at, late.broken_at, late.went_from_id) == (None, None, None)


def test_nothing_that_stands_went_from_anybody(alpha: World, clock: time_machine.Traveller) -> None:
    knock(alpha)
    with pytest.raises(IntegrityError, match="it_goes_from_nobody_before_it_breaks"):
        Promise.objects.update(went_from_id=alpha.people["nurse"])
