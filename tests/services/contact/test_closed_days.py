"""A closed day is none on which somebody is there: for who is told, who reads their own absence, and a student."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.clock import now
from services.contact import operations
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.notices import those_responsible
from services.contact.taking_over import somebody_until
from services.contact.there import there_on
from services.contact.whom import somebody_else
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.presence.queries import responsible_now, roster_now
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_away import as_herself, asks, leave, told

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 9, 18, 8, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 9, 19, 8, 0, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 9, 18, 15, 0, tzinfo=UTC)  # 17:00 in Oslo, closed


@pytest.fixture(autouse=True)
def office_hours(alpha: World) -> None:
    setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
    setup.set_guarantee(kind="counted_hours", amount=16, by=MACHINE)


def test_a_weekend_does_not_hide_that_nobody_is_there_before_the_promise_runs_out(
    alpha: World, clock: time_machine.Traveller
) -> None:
    clock.move_to(FRIDAY)
    knock(alpha)  # due on Tuesday
    leave(alpha, "second_nurse", first=3, days=7)  # from Monday on, noted before
    clock.move_to(FRIDAY_EVENING)
    leave(alpha, "nurse", first=1, days=7)  # from Saturday on
    assert told("contact/nobody_then") == {"Lena"}


def test_whoever_is_away_from_a_closed_day_on_reads_who_answers_on_the_first_open_one(
    alpha: World, clock: time_machine.Traveller, at: type[Client]
) -> None:
    clock.move_to(FRIDAY)
    asked = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    leave(alpha, "second_nurse", first=3, days=7)
    clock.move_to(FRIDAY_EVENING)
    read = asks(as_herself(alpha, at), first=1, last=7)
    assert "Whoever is there answers: Signe" not in read
    assert "Nobody is there" in read


def test_a_student_whose_promise_broke_is_told_of_an_open_day(
    alpha: World, clock: time_machine.Traveller
) -> None:
    asked = knock(alpha)  # Tuesday, due on Thursday
    for who in ("nurse", "second_nurse"):
        leave(alpha, who, first=2, days=3)  # both away on Thursday and Friday
    clock.move_to(asked.due_at + timedelta(minutes=2))
    break_due()
    day = there_on(ContactRequest.objects.get(pk=asked.request_id), None, now())
    assert day is not None
    assert day.isoweekday() == 1


def test_who_is_there_on_a_weekend_alone_is_nobody_who_answers_in_time(
    alpha: World, clock: time_machine.Traveller
) -> None:
    """Asked on Saturday: due on Tuesday, and both are away from Monday on."""
    clock.move_to(FRIDAY)
    asked = knock(alpha)
    request = ContactRequest.objects.get(pk=asked.request_id)
    clock.move_to(SATURDAY)
    for who in ("nurse", "second_nurse"):
        leave(alpha, who, first=2, days=7)
    door, due = (alpha.nurse_role, alpha.school), asked.due_at.date()
    assert due.isoweekday() == 2
    offered = [role.id for role in portal().school(alpha.school).roles]
    said = {
        "offered": alpha.nurse_role in offered,
        "for another promise": somebody_else(portal(), alpha.school, alpha.nurse_role, frozenset()),
        "for this one": somebody_until(roster_now(), door, due, frozenset()),
        "told": bool(responsible_now(*door, until=due)),
        "told, but for one": bool(those_responsible(request, asked.due_at)),
    }
    assert not any(said.values()), said
    assert responsible_now(*door)  # without a promise: whoever is there


@pytest.mark.parametrize("is_planned", [False, True])
def test_a_promise_does_not_stay_with_one_whose_next_days_are_all_closed(
    alpha: World, clock: time_machine.Traveller, is_planned: bool
) -> None:
    """There on Thursdays alone; a week's break: due on the Monday after it, and the next Thursday is past that."""
    nora, thursday = alpha.people["nurse"], date(2026, 9, 17)
    setup.add_break(name="Ferie", first_day=date(2026, 9, 21), last_day=date(2026, 9, 25), by=MACHINE)
    post = Post.objects.get(account_id=nora)
    presence.change_weekdays(post_id=post.pk, weekdays=[4], by=MACHINE)
    Post.objects.filter(pk=post.pk).update(ends_on=date(2026, 12, 1) if is_planned else None)
    clock.move_to(FRIDAY - timedelta(days=1))
    asked = knock(alpha)
    assert asked.due_at.date() == date(2026, 9, 28)
    operations.take(by=alpha.actor("nurse"), request_id=asked.request_id)
    request = ContactRequest.objects.get(pk=asked.request_id)
    assert today() == thursday
    assert holder_of(request) is not None
    clock.move_to(FRIDAY)
    assert holder_of(request) is None


def test_of_what_has_run_out_those_who_are_there_today_hear(
    alpha: World, clock: time_machine.Traveller
) -> None:
    asked = knock(alpha)
    clock.move_to(asked.due_at + timedelta(days=1))
    request = ContactRequest.objects.get(pk=asked.request_id)
    assert {one.get_short_name() for one in those_responsible(request, asked.due_at)} == {"Nora", "Signe"}
