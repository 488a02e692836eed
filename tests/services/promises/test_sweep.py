"""Every promise past its due time is marked, in every municipality, whatever one bad row does."""

import io
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from kernel.actor import MACHINE, NOBODY, student
from kernel.audit.models import Entry
from kernel.errors import NotAllowed, violated
from kernel.outbox.models import Message
from kernel.tenancy import as_role, inside
from services.contact.operations import Accepted, knock
from services.promises import operations, subjects
from services.promises.models import Promise
from services.promises.sweep import break_due
from tenants.setup.models import Post
from tests.cast import World

TUESDAY = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock(world: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        for ref in (world.alpha, world.beta):
            with inside(ref):
                Post.objects.update(starts_on=date(2020, 1, 1))
        yield traveller


def knock_at(world: World) -> Accepted:
    return knock(
        by=student(None), idempotency_key=uuid.uuid4().hex, school_id=world.school,
        role_id=world.nurse_role, channel_kind="conversation",
    )  # fmt: skip


def sweep() -> str:
    out = io.StringIO()
    call_command("sweep", stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()[-1]


def test_the_last_line_says_how_many_and_a_second_pass_finds_none(
    world: World, clock: time_machine.Traveller
) -> None:
    for ref in (world.alpha, world.alpha, world.beta):
        with inside(ref):
            due = knock_at(world).due_at
    assert sweep() == "marked 0"
    clock.move_to(due)
    assert sweep() == "marked 0"
    clock.move_to(due + timedelta(seconds=1))
    assert sweep() == "marked 3"
    assert sweep() == "marked 0"


def test_marking_audits_and_tells_the_lead_clock_and_role_alone(
    world: World, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        accepted = knock_at(world)
    clock.move_to(accepted.due_at + timedelta(seconds=1))
    sweep()
    with inside(world.alpha):
        promise = Promise.objects.get()
        assert promise.broken_at == accepted.due_at + timedelta(seconds=1)
        assert Entry.objects.filter(verb="promises.break", object_id=str(promise.pk)).count() == 1
        told = Message.objects.get(cause=f"promise-broken:{promise.pk}")
        assert told.account_id == world.people["lead"]


def test_one_bad_row_never_keeps_the_others_waiting(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(world.alpha):
        bad, good = knock_at(world), knock_at(world)
    follows = subjects.broken

    def stumble(promise: Promise) -> None:
        if promise.subject_id == bad.request_id:
            raise RuntimeError("stumbled")
        follows(promise)

    monkeypatch.setattr("services.promises.subjects.broken", stumble)
    clock.move_to(good.due_at + timedelta(seconds=1))
    done = break_due()
    assert (done.marked, done.failed) == (1, 1)
    with inside(world.alpha):
        assert Promise.objects.get(subject_id=bad.request_id).broken_at is None
        assert not Entry.objects.filter(verb="promises.break").exclude(
            object_id=str(Promise.objects.get(subject_id=good.request_id).pk)
        )
    with pytest.raises(CommandError):
        sweep()
    monkeypatch.setattr("services.promises.subjects.broken", follows)
    assert break_due().marked == 1


def test_a_municipality_that_cannot_be_read_does_not_hide_the_others(
    world: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    from kernel.tenancy import municipalities

    with inside(world.alpha):
        due = knock_at(world).due_at
    gone = dataclasses.replace(world.beta, id=999_999, schema="m_999999", role="m_999999")
    monkeypatch.setattr("services.promises.sweep.municipalities", lambda: [*municipalities(), gone])
    clock.move_to(due + timedelta(seconds=1))
    with transaction.atomic():
        done = _inside_savepoints(break_due)
    assert (done.marked, done.failed) == (1, 1)


def _inside_savepoints(act):
    """In production each question is its own transaction; inside a test's one it needs a savepoint."""
    from services.promises import sweep as room

    ask = room._ask

    def guarded(*given):
        with transaction.atomic():
            return list(ask(*given))

    room._ask = guarded
    try:
        return act()
    finally:
        room._ask = ask


def test_the_sweeper_may_read_ids_and_clocks_and_nothing_else(world: World, clock: object) -> None:
    for column in ("subject_id", "school_id", "role_id", "*"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), as_role("sweeper"):
            _ask_for(world, column)


def _ask_for(world: World, column: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {world.alpha.schema}.promises_promise")


def test_nobody_but_the_machine_breaks_a_promise_and_no_student_keeps_one(
    world: World, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        accepted = knock_at(world)
        promise = Promise.objects.get().pk
        for by in (NOBODY, student(accepted.request_id), world.actor("nurse"), world.actor("admin")):
            with pytest.raises(NotAllowed):
                operations.break_promise(by=by, promise_id=promise, now=TUESDAY)
        for by in (NOBODY, student(accepted.request_id)):
            with pytest.raises(NotAllowed):
                operations.keep(by=by, promise_id=promise, at=TUESDAY, outcome="reached")


def test_the_instant_of_due_itself_is_still_in_time(world: World, clock: time_machine.Traveller) -> None:
    with inside(world.alpha):
        accepted = knock_at(world)
        promise = Promise.objects.get().pk
        assert not operations.break_promise(by=MACHINE, promise_id=promise, now=accepted.due_at)
        just_after = accepted.due_at + timedelta(microseconds=1)
        assert operations.break_promise(by=MACHINE, promise_id=promise, now=just_after)


def test_the_first_answer_counts_and_later_ones_change_nothing(
    world: World, clock: time_machine.Traveller
) -> None:
    with inside(world.alpha):
        knock_at(world)
        promise = Promise.objects.get().pk
        operations.keep(by=MACHINE, promise_id=promise, at=TUESDAY + timedelta(hours=1), outcome="attempted")
        operations.keep(by=MACHINE, promise_id=promise, at=TUESDAY + timedelta(hours=2), outcome="reached")
        kept = Promise.objects.get()
        assert (kept.kept_at, kept.outcome) == (TUESDAY + timedelta(hours=1), "attempted")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kept_at": timedelta(days=99)}, "kept_means_answered_at_or_before_due"),
        ({"broken_at": timedelta(0)}, "broken_only_after_due"),
        ({"corrected_at": timedelta(0)}, "corrected_means_broken_and_kept"),
        ({"due_at": timedelta(0)}, "due_comes_after_it_was_given"),
        (
            {"kept_at": timedelta(hours=1), "broken_at": timedelta(days=99)},
            "kept_and_broken_only_when_corrected",
        ),
    ],
)
def test_the_table_itself_refuses_what_cannot_be(
    world: World, clock: object, change: dict[str, timedelta], name: str
) -> None:
    with inside(world.alpha):
        knock_at(world)
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            Promise.objects.update(**{field: TUESDAY + after for field, after in change.items()})
        assert violated(refused.value) == name
