"""The clock of a meeting's promise stands while it is the student's turn; a first contact's never does."""

import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock as kernel_clock
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import violated
from kernel.guarantee import CountedHours, Guarantee, WorkingCalendar, WorkingDays, due_at
from kernel.guarantee.vectors import CALENDAR_FIELDS
from kernel.tenancy import inside
from services.promises import operations
from services.promises.models import Promise, PromisePause
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock

_THEIRS = {ours: name for name, ours in CALENDAR_FIELDS.items()}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    with inside(world.alpha):
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    """Tuesday 10:00 in Oslo, office hours."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
        yield traveller


def promised(world: World, guarantee: Guarantee | None = None) -> Promise:
    return operations.give(
        by=MACHINE, kind=Promise.Kind.MEETING, subject_kind="meeting", subject_id=uuid4(),
        school_id=world.school, role_id=world.nurse_role, opened_at=kernel_clock.this_minute(),
        guarantee=guarantee or WorkingDays(2),
    )  # fmt: skip


def by_hand(promise: Promise) -> datetime:
    """What `manage.py due` says of the same promise and its pauses."""
    promise = Promise.objects.select_related("calendar_version").get(pk=promise.pk)
    data = dict(promise.calendar_version.data)
    case = {
        "id": "it",
        "timezone": data.pop("timezone"),
        "calendar": {_THEIRS.get(name, name): value for name, value in data.items()},
        "guarantee": promise.guarantee,
        "opened_at": promise.opened_at.isoformat(),
        "paused": [[one.starts_at.isoformat(), one.ends_at.isoformat()] for one in promise.pauses.all()],
    }
    out, before = io.StringIO(), sys.stdin
    try:
        sys.stdin = io.TextIOWrapper(io.BytesIO(json.dumps({"cases": [case]}).encode()))
        call_command("due", stdout=out)
    finally:
        sys.stdin = before
    return datetime.fromisoformat(json.loads(out.getvalue())[0]["due_at"])


def test_a_pause_moves_the_due_time_as_the_guarantee_says_and_manage_py_due_agrees(alpha, clock) -> None:
    promise = promised(alpha)
    before = promise.due_at
    moved = operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 3 * DAY)
    assert moved.due_at > before
    assert Promise.objects.get(pk=promise.pk).due_at == moved.due_at == by_hand(promise)


def test_a_student_who_answers_early_gets_the_rest_of_the_pause_back(alpha, clock) -> None:
    promise = promised(alpha, CountedHours(10))
    first = promise.due_at
    operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 3 * DAY)
    clock.shift(HOUR)
    resumed = operations.resume(by=MACHINE, promise_id=promise.pk)
    assert resumed.due_at == first + HOUR == by_hand(promise)


def test_a_pause_nobody_cut_ends_by_itself_and_the_promise_breaks_after_the_moved_time(alpha, clock) -> None:
    promise = promised(alpha, CountedHours(2))
    promise = operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 3 * HOUR)
    clock.move_to(TUESDAY + 4 * HOUR)
    assert break_due().marked == 0
    assert promise.due_at > TUESDAY + 3 * HOUR
    clock.move_to(promise.due_at + timedelta(minutes=1))
    assert Promise.objects.get(pk=promise.pk).state_at(kernel_clock.now()) == "broken"


def test_two_proposals_are_one_pause_and_nothing_that_was_is_taken_away(alpha, clock) -> None:
    promise = promised(alpha, CountedHours(10))
    operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 2 * HOUR)
    operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 3 * HOUR)
    operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + HOUR)
    assert [one.ends_at - one.starts_at for one in promise.pauses.all()] == [
        TUESDAY + 3 * HOUR - TUESDAY.replace(second=0)
    ]
    clock.move_to(TUESDAY + 5 * HOUR)
    assert operations.resume(by=MACHINE, promise_id=promise.pk).due_at == by_hand(promise)
    assert PromisePause.objects.get().ends_at == TUESDAY + 3 * HOUR


def test_the_first_contact_never_pauses(alpha, clock) -> None:
    request_id = knock(alpha).request_id
    first = Promise.objects.get(subject_id=request_id)
    assert operations.pause(by=MACHINE, promise_id=first.pk, until=TUESDAY + DAY).due_at == first.due_at
    assert not PromisePause.objects.exists()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Promise.objects.filter(pk=first.pk).update(guarantee={"kind": "counted_hours", "hours": 24})
    assert violated(refused.value) == "only_the_promise_of_a_meeting_may_pause"


def test_what_is_broken_kept_or_over_pauses_no_more(alpha, clock) -> None:
    promise = promised(alpha, CountedHours(1))
    clock.move_to(promise.due_at + timedelta(seconds=1))
    assert (
        operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + 9 * DAY).due_at == promise.due_at
    )
    assert break_due().marked == 0  # nobody owns the subject here: nothing is marked, and nothing is paused
    assert not PromisePause.objects.exists()


def test_each_pause_is_a_row_in_the_audit(alpha, clock) -> None:
    promise = promised(alpha)
    operations.pause(by=MACHINE, promise_id=promise.pk, until=TUESDAY + DAY)
    operations.resume(by=MACHINE, promise_id=promise.pk)
    verbs = Entry.objects.filter(object_id=str(promise.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["promises.give", "promises.pause", "promises.resume"]


OPENED = st.sampled_from(
    [
        datetime(2026, 3, 27, 14, 30, tzinfo=UTC),  # the Friday before the clocks go forward
        datetime(2026, 10, 23, 14, 30, tzinfo=UTC),  # and back
        datetime(2027, 12, 30, 9, 5, tzinfo=UTC),  # New Year
        datetime(2028, 2, 28, 22, 59, tzinfo=UTC),  # a 29th of February follows; midnight in Oslo
        datetime(2026, 9, 15, 8, 0, tzinfo=UTC),
    ]
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["pause", "resume", "wait"]), st.integers(1, 96)), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    opened=OPENED, steps=STEPS, amount=st.sampled_from([CountedHours(8), CountedHours(40), WorkingDays(3)])
)
def test_whatever_pauses_come_and_go_the_stored_time_is_the_arithmetics(alpha, opened, steps, amount) -> None:
    with time_machine.travel(opened, tick=False) as traveller, transaction.atomic():
        setup.change_longest_pause(days=30, by=alpha.actor("admin"))
        promise = promised(alpha, amount)
        for step, hours in steps:
            if step == "pause":
                until = kernel_clock.now() + hours * HOUR
                operations.pause(by=MACHINE, promise_id=promise.pk, until=until)
            elif step == "resume":
                operations.resume(by=MACHINE, promise_id=promise.pk)
            else:
                traveller.shift(hours * HOUR / 8)
        promise = Promise.objects.select_related("calendar_version").get(pk=promise.pk)
        pauses = [(one.starts_at, one.ends_at) for one in promise.pauses.all()]
        calendar = WorkingCalendar.from_json(promise.calendar_version.data)
        assert promise.due_at == due_at(calendar, amount, promise.opened_at, pauses)
        for (_s, end), (start, _e) in zip(sorted(pauses), sorted(pauses)[1:], strict=False):
            assert end <= start
        transaction.set_rollback(True)


def test_after_a_pause_of_weeks_there_is_still_a_reminder_before_it_breaks(
    alpha: World, clock: time_machine.Traveller
) -> None:
    setup.change_longest_pause(days=30, by=alpha.actor("admin"))
    promise = promised(alpha, CountedHours(24))
    clock.shift(HOUR)
    until = kernel_clock.this_minute() + 28 * DAY
    paused = operations.pause(by=MACHINE, promise_id=promise.pk, until=until)
    assert paused.remind_at is not None
    assert until < paused.remind_at < paused.due_at
    first = paused.remind_at
    clock.move_to(until + timedelta(minutes=1))
    operations.pause(by=MACHINE, promise_id=promise.pk, until=until + DAY)
    moved = Promise.objects.get(pk=promise.pk)
    assert moved.remind_at is not None
    assert first < moved.remind_at < moved.due_at
