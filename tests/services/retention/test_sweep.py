"""What is over goes, once, whole; what is held stays; what is left names nobody."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections, transaction

from kernel.actor import MACHINE, student
from kernel.audit.models import Entry
from kernel.clock import now
from kernel.crypto.models import CaseKey
from kernel.errors import NotAllowed, NotFound
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.promises.models import Promise
from services.retention import operations, queries
from services.retention.models import Tally, Tombstone
from services.retention.operations import sweeping
from services.retention.operations.sweeping import Swept
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.committed import Place, committed
from tests.services.contact.people import TUESDAY, knock, reach_and_close, visitor
from tests.services.retention.people import close, ended, is_there, row

SIX_MONTHS = timedelta(days=186)


def sweep() -> Swept:
    return operations.sweep(by=MACHINE)


def test_a_case_goes_on_the_day_that_was_said_and_not_a_day_before(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    day = queries.goes_on(row(accepted))
    assert day == date(2027, 3, 15)
    clock.move_to("2027-03-14 22:30:00+00:00")  # half past eleven in Oslo, the day before
    assert sweep() == Swept(0, 0)
    clock.move_to("2027-03-14 23:30:00+00:00")
    assert sweep() == Swept(1, 0)
    assert not is_there(accepted)
    assert sweep() == Swept(0, 0)


def test_what_is_left_says_what_when_and_by_which_rule_and_not_whose(decided: World, clock: Any) -> None:
    helped, back = ended(decided), knock(decided)
    keys = list(CaseKey.objects.filter(wrapped__isnull=False).values_list("pk", flat=True))
    nurse = decided.actor("nurse")
    contact.read_conversation(by=nurse, request_id=back.request_id)
    contact.withdraw(by=visitor(back), request_id=back.request_id)
    clock.shift(timedelta(days=40))
    assert sweep() == Swept(1, 0)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(1, 0)
    stones = [
        (one.kind, one.cause, one.method, one.law, one.rule) for one in Tombstone.objects.order_by("gone_on")
    ]
    assert stones == [
        ("contact_request", "time", "delete", "NO:withdrawn", None),
        ("contact_request", "time", "anonymise", "NO:helped", None),
    ]
    tally = Tally.objects.get()
    assert (tally.month, tally.outcome, tally.promise, tally.count) == (date(2026, 9, 1), "helped", "kept", 1)
    assert not CaseKey.objects.filter(pk__in=keys, wrapped__isnull=False).exists()
    assert Entry.objects.filter(verb="retention.end").count() == 2
    said = " ".join(str(one) for one in Entry.objects.filter(verb__startswith="retention").values())
    assert helped.case_number not in said
    assert str(helped.request_id) not in said


def test_nothing_goes_before_the_municipality_has_decided_about_its_archive(alpha: World, clock: Any) -> None:
    accepted = ended(alpha)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(0, 1)
    assert is_there(accepted)


def test_what_the_archive_must_have_is_taken_out_first(alpha: World, clock: Any) -> None:
    """A nurse's case, of which a record is due; a counsellor's goes."""
    operations.keep_archive_decision(by=MACHINE, choice="own_archive", decided_on=date(2026, 8, 1))
    accepted = ended(alpha)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(0, 1)
    assert is_there(accepted)


def test_a_message_nobody_has_read_holds_a_case_whatever_its_time(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Takk for alt")
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(0, 1)
    contact.read_conversation(by=decided.actor("nurse"), request_id=accepted.request_id)
    assert sweep() == Swept(1, 0)


def answers(world: World, accepted: Any) -> None:
    contact.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei igjen")


@pytest.mark.parametrize("is_read", [True, False])
def test_while_a_students_words_wait_for_an_answer_no_time_of_the_closing_before_counts(
    decided: World, clock: Any, is_read: bool
) -> None:
    """They asked again, were answered and wrote: it is open, however long ago it was closed."""
    accepted, nurse = ended(decided), decided.actor("nurse")
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    contact.take(by=nurse, request_id=accepted.request_id)
    answers(decided, accepted)
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Kan du svare?")
    if is_read:
        contact.read_conversation(by=nurse, request_id=accepted.request_id)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(0, 0)
    assert is_there(accepted)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    answers(decided, accepted)
    close(decided, accepted)
    clock.shift(SIX_MONTHS - timedelta(days=40))
    assert sweep() == Swept(0, 0), "its time runs from this closing"
    clock.shift(timedelta(days=60))
    assert sweep() == Swept(1, 0)


@pytest.mark.parametrize("kind", ["reply", "first_contact", "reopened", "retry", "handover"])
def test_a_clock_that_runs_holds_a_closed_case_whatever_left_it_running(
    decided: World, clock: Any, kind: str
) -> None:
    accepted = ended(decided)
    clock.shift(SIX_MONTHS)
    promise = Promise.objects.get(subject_id=accepted.request_id, kind="first_contact")
    given = {"opened_at": now(), "due_at": now() + timedelta(hours=4), "answered_at": None, "kept_at": None}
    Promise.objects.filter(pk=promise.pk).update(kind=kind, **given)
    assert sweep() == Swept(0, 1)
    assert is_there(accepted)
    Promise.objects.filter(pk=promise.pk).update(ended_at=now())
    assert sweep() == Swept(1, 0)


def test_words_that_cross_the_last_day_of_a_case_keep_it(decided: World, clock: Any) -> None:
    """Its student says thanks on the day it would go: nobody has read it, so it stays; nor do they lose it by a wish
    they had before.
    """
    accepted = ended(decided)
    operations.wish_gone(by=visitor(accepted))
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Tusen takk")
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(0, 1)
    assert is_there(accepted)


def test_a_record_that_is_due_holds_a_case_and_its_time_runs_from_when_it_is_recorded(
    decided: World, clock: Any
) -> None:
    accepted, nurse = ended(decided, outcome="referred"), decided.actor("nurse")
    unrecorded = knock(decided)
    contact.take(by=nurse, request_id=unrecorded.request_id)
    contact.read_conversation(by=nurse, request_id=unrecorded.request_id)
    contact.reply(by=nurse, request_id=unrecorded.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=unrecorded.request_id, outcome="referred")
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(1, 1)
    assert not is_there(accepted)
    contact.settle_record(
        by=nurse, request_id=unrecorded.request_id, said=contact.Settling(recorded_in="Journal")
    )
    assert sweep() == Swept(0, 0)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(1, 0)


def test_a_legal_hold_keeps_a_case_to_its_last_day(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    operations.place_hold(
        by=decided.actor("admin"), number=accepted.case_number, basis="court",
        reason="Tingretten ba om det 3. september", last_day=date(2027, 6, 1),
    )  # fmt: skip
    clock.move_to("2027-06-01 12:00:00+00:00")
    assert sweep() == Swept(0, 1)
    clock.move_to("2027-06-02 12:00:00+00:00")
    assert sweep() == Swept(1, 0)


def test_a_reopened_case_is_open_and_counts_anew(decided: World, clock: Any) -> None:
    accepted = ended(decided)
    clock.shift(SIX_MONTHS)
    contact.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Det er verre", still_need_help=True
    )
    assert sweep() == Swept(0, 0)
    nurse = decided.actor("nurse")
    contact.take(by=nurse, request_id=accepted.request_id)
    contact.reply(by=nurse, request_id=accepted.request_id, text="Jeg er her")
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    close(decided, accepted)
    assert sweep() == Swept(0, 0)
    clock.shift(SIX_MONTHS)
    assert sweep() == Swept(1, 0)


def test_a_sweep_stops_after_its_batch_and_goes_on(decided: World, clock: Any) -> None:
    for _number in range(5):
        ended(decided)
    clock.shift(SIX_MONTHS)
    assert [operations.sweep(by=MACHINE, limit=2).gone for _run in range(4)] == [2, 2, 1, 0]
    assert Tally.objects.get().count == 5


def test_a_case_that_cannot_end_keeps_no_other_waiting(decided: World, clock: Any, monkeypatch: Any) -> None:
    first, second = ended(decided), ended(decided)
    clock.shift(SIX_MONTHS)
    real = sweeping.forget

    def fails(*, by: Any, request_ids: list[Any]) -> Any:
        if first.request_id in request_ids:
            raise RuntimeError("a room fails")
        return real(by=by, request_ids=request_ids)

    monkeypatch.setattr(sweeping, "forget", fails)
    assert sweep().gone == 1
    assert ContactRequest.objects.filter(pk=first.request_id).exists()
    assert not ContactRequest.objects.filter(pk=second.request_id).exists()


@pytest.mark.parametrize("who", ["nurse", "lead", "admin"])
def test_nobody_but_the_machine_sweeps(decided: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        operations.sweep(by=decided.actor(who))


# --- at once, committed -----------------------------------------------------------------------------------------


@pytest.fixture
def place(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), committed("slutt") as made, time_machine.travel(TUESDAY, tick=True):
        with inside(made.ref):
            Post.objects.update(starts_on=date(2020, 1, 1))
            operations.keep_archive_decision(by=MACHINE, choice="delete", decided_on=date(2026, 8, 1))
        yield made


def _closed(place: Place, key: str) -> Any:
    accepted = contact.knock(
        by=student(None), idempotency_key=key * 16, school_id=place.school, role_id=place.role,
        channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip
    nurse = place.nurse(0)
    contact.take(by=nurse, request_id=accepted.request_id)
    contact.read_conversation(by=nurse, request_id=accepted.request_id)
    contact.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    reach_and_close(
        by=nurse,
        request_id=accepted.request_id,
        outcome="helped",
        said=contact.Settling(recorded_in="Journal"),
    )
    return accepted


def _together(place: Place, *acts: Any) -> list[Any]:
    """Run them at the same moment, each on a connection of its own. What an act raises is its answer."""
    barrier, came = threading.Barrier(len(acts), timeout=30), [None] * len(acts)

    def run(number: int, act: Any) -> None:
        try:
            with inside(place.ref):
                barrier.wait()
                came[number] = act()
        except Exception as error:
            came[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, act), daemon=True) for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return came


def test_two_sweeps_at_once_end_each_case_once(place: Place) -> None:
    with inside(place.ref):
        for key in "abcdefgh":
            _closed(place, key)
    with time_machine.travel(TUESDAY + SIX_MONTHS, tick=True):
        came = _together(place, sweep, sweep)
    assert all(isinstance(one, Swept) for one in came), came
    with inside(place.ref):
        assert Tombstone.objects.count() == 8
        assert Tally.objects.get().count == 8
        assert not ContactRequest.objects.exists()
    assert sum(one.gone for one in came) == 8


def test_a_sweep_waits_for_nobody_who_has_a_case_under_their_hands(place: Place) -> None:
    """It ends the others meanwhile, and that one in its next run."""
    with inside(place.ref):
        held, other = _closed(place, "y"), _closed(place, "z")
    has_it, swept = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            ContactRequest.objects.select_for_update().get(pk=held.request_id)
            has_it.set()
            assert swept.wait(10)

    def sweep_meanwhile() -> Swept:
        assert has_it.wait(30)
        try:
            return sweep()
        finally:
            swept.set()

    with time_machine.travel(TUESDAY + SIX_MONTHS, tick=True):
        holder, came = _together(place, hold, sweep_meanwhile)
        assert holder is None, holder
        with inside(place.ref):
            assert is_there(held)
            assert not is_there(other)
            assert came == Swept(gone=1, held=0)
            assert sweep() == Swept(gone=1, held=0)
            assert not is_there(held)


@pytest.mark.parametrize("key", list("pqrst"))
def test_who_reopens_in_the_last_second_is_heard_or_told_that_it_is_over(place: Place, key: str) -> None:
    with inside(place.ref):
        accepted = _closed(place, key)
    with time_machine.travel(TUESDAY + SIX_MONTHS, tick=True):
        swept, wrote = _together(
            place,
            sweep,
            lambda: contact.student_writes(
                by=visitor(accepted),
                request_id=accepted.request_id,
                text="Jeg trenger hjelp",
                still_need_help=True,
            ),
        )
    with inside(place.ref):
        if isinstance(wrote, NotFound):
            assert swept.gone == 1
            assert not is_there(accepted)
        else:
            assert not isinstance(wrote, Exception), wrote
            assert swept.gone == 0
            assert row(accepted).is_open
