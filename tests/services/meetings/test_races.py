"""Two at once, on a real PostgreSQL: one time is given to one student, one press is one act, nobody waits for ever."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from kernel import clock
from kernel.actor import student
from kernel.errors import Conflict, DomainError
from kernel.tenancy import inside
from services.contact import operations as contact
from services.meetings import operations
from services.meetings.models import MeetingTime
from services.meetings.rules import Proposed
from services.promises.models import Promise
from tests.services.contact.committed import Place, committed
from tests.services.contact.people import read_and_close


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Place]:
    with django_db_blocker.unblock(), committed("moter") as made:
        yield made


def taken(place: Place) -> contact.Accepted:
    accepted = contact.knock(
        by=student(None), idempotency_key=uuid4().hex, school_id=place.school, role_id=place.role,
        channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip
    contact.take(by=place.nurse(0), request_id=accepted.request_id)
    return accepted


def times(hours: int) -> list[Proposed]:
    begins = clock.minute(clock.now()) + timedelta(hours=hours)
    return [Proposed(begins + timedelta(minutes=40 * n), 30, "phone") for n in range(2)]


def proposed(place: Place, accepted: contact.Accepted, hours: int) -> list[UUID]:
    rows = operations.propose(
        by=place.nurse(0),
        request_id=accepted.request_id,
        urgency="weeks",
        times=times(hours),
        outside_hours=True,
    )
    return [row.pk for row in rows]


def at_once(place: Place, *acts: Callable[[], object]) -> list[str]:
    """Each in a thread of its own, begun together; "done", or the code of the refusal."""
    barrier, said = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(n: int, act: Callable[[], object]) -> None:
        try:
            with inside(place.ref):
                barrier.wait(timeout=30)
                act()
            said[n] = "done"
        except DomainError as refused:
            said[n] = refused.code
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return said


def pick(accepted: contact.Accepted, time_id: UUID) -> Callable[[], object]:
    return lambda: operations.pick(
        by=student(accepted.request_id), request_id=accepted.request_id, time_id=time_id
    )


def test_two_students_who_choose_overlapping_times_at_once_are_one_agreed_and_one_told(place: Place) -> None:
    for round_ in range(5):
        with inside(place.ref):
            one, other = taken(place), taken(place)
            mine = proposed(place, one, 30 + 5 * round_)[0]
            theirs = proposed(place, other, 30 + 5 * round_)[0]
        assert sorted(at_once(place, pick(one, mine), pick(other, theirs))) == ["booked", "done"]


def test_two_times_of_one_meeting_chosen_at_once_are_one_agreed(place: Place) -> None:
    with inside(place.ref):
        accepted = taken(place)
        first, second = proposed(place, accepted, 80)
    assert sorted(at_once(place, pick(accepted, first), pick(accepted, second))) == ["agreed", "done"]


def test_the_same_time_chosen_twice_at_once_is_agreed_once_with_one_promise(place: Place) -> None:
    with inside(place.ref):
        accepted = taken(place)
        first, _second = proposed(place, accepted, 90)
    assert at_once(place, pick(accepted, first), pick(accepted, first)) == ["done", "done"]
    with inside(place.ref):
        time = MeetingTime.objects.get(pk=first)
        given = Promise.objects.filter(subject_id=time.meeting_id, guarantee__isnull=True)
        assert given.count() == 1


def test_taken_back_and_chosen_at_once_is_one_of_the_two_and_never_both(place: Place) -> None:
    for round_ in range(5):
        with inside(place.ref):
            accepted, nurse = taken(place), place.nurse(0)
            first, _second = proposed(place, accepted, 100 + 5 * round_)

        def back(by=nurse, request_id=accepted.request_id, time_id=first) -> object:
            return operations.take_back(by=by, request_id=request_id, time_id=time_id)

        said = at_once(place, pick(accepted, first), back)
        with inside(place.ref):
            state = MeetingTime.objects.get(pk=first).state
        # The helper gave no reason: an agreed time stays agreed, and a time taken back cannot be chosen.
        assert (said, state) in ((["done", "invalid"], "agreed"), (["taken-back", "done"], "taken_back"))


def test_the_same_proposal_pressed_twice_at_once_stands_once(place: Place) -> None:
    with inside(place.ref):
        accepted, nurse, wanted = taken(place), place.nurse(0), times(140)

    def propose() -> object:
        return operations.propose(
            by=nurse, request_id=accepted.request_id, urgency="weeks", times=wanted, outside_hours=True
        )

    assert at_once(place, propose, propose) == ["done", "done"]
    with inside(place.ref):
        assert MeetingTime.objects.filter(meeting__request_id=accepted.request_id).count() == 2


def test_a_closed_request_and_a_choice_at_once_never_leave_an_agreed_time_behind(place: Place) -> None:
    with inside(place.ref):
        accepted, nurse = taken(place), place.nurse(0)
        first, _second = proposed(place, accepted, 150)

    def close() -> object:
        return read_and_close(by=nurse, request_id=accepted.request_id, outcome="withdrawn")

    said = at_once(place, pick(accepted, first), close)
    assert said[1] == "done"
    with inside(place.ref):
        assert MeetingTime.objects.get(pk=first).state in ("declined", "taken_back")
        with pytest.raises(Conflict):
            pick(accepted, first)()
