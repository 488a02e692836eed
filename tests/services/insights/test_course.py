"""How far help came: nothing of 1 to 4 is shown, nor can be worked out; no person who helps is counted."""

import random
from dataclasses import asdict
from datetime import datetime
from itertools import combinations, product

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.actor import MACHINE
from services.contact import operations as contact
from services.contact.operations import Accepted
from services.feedback import operations as feedback
from services.insights.course import Course, counted, courses, last_quarter, withhold
from services.insights.models import QuarterOfHelp
from services.insights.operations import keep_quarter
from services.insights.withholding import is_small
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, read_and_close, visitor
from tests.services.contact.test_handover import taken

PARTS = ("yes", "little", "no", "unsaid")


def _drawn(random_: random.Random) -> Course:
    parts = [random_.choice((0, 0, 1, 2, 4, 5, 6, 9, 14, 30)) for _part in PARTS]
    whole = sum(parts)
    answered = random_.randint(0, whole)
    read = random_.randint(0, answered)
    met = random_.randint(0, whole)
    return Course(whole, answered, read, met, *parts)


def test_no_figure_shown_is_small_nor_is_any_distance_from_a_whole_to_its_parts() -> None:
    random_, shown_parts, shown_figures = random.Random(4), 0, 0
    for _number in range(20_000):
        shown = {
            name: value for name, value in asdict(withhold(_drawn(random_))).items() if value is not None
        }
        assert not any(is_small(value) for value in shown.values())
        sums = {0}
        for name in PARTS:
            sums |= {shown.get(name, 0) + one for one in sums}
        figures = [shown[name] for name in ("whole", "answered", "read", "met") if name in shown]
        assert not any(is_small(one) for one in sums), shown
        for one, other in [*combinations(figures, 2), *product(figures, sums)]:
            assert not is_small(abs(one - other)), shown
        assert len(set(PARTS) & shown.keys()) in (0, len(PARTS)), "one hidden part is the rest of the others"
        shown_parts += "yes" in shown
        shown_figures += "read" in shown
    assert shown_parts > 100, "a guard that hides everything guards nothing"
    assert shown_figures > 100


OCTOBER = TUESDAY.replace(month=10)


def quarter() -> tuple[datetime, datetime]:
    return last_quarter(clock.now(), "Europe/Oslo")


def closed(world: World, times: int) -> list[Accepted]:
    made = []
    for _number in range(times):
        made.append(accepted := taken(world))
        contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
        read_and_close(by=world.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    return made


@pytest.mark.parametrize(
    ("month", "first", "after"),
    [(1, (2025, 10), (2026, 1)), (3, (2025, 10), (2026, 1)), (12, (2026, 7), (2026, 10))],
)
def test_quarters_lie_side_by_side(month: int, first: tuple[int, int], after: tuple[int, int]) -> None:
    found = last_quarter(TUESDAY.replace(month=month), "Europe/Oslo")
    assert [(at.year, at.month, at.day, at.hour) for at in found] == [(*first, 1, 0), (*after, 1, 0)]


@pytest.mark.django_db
def test_counted_at_the_door_over_the_quarter_that_is_past(world: World, alpha: World) -> None:
    for number, accepted in enumerate(closed(alpha, 12)):
        said = ("yes", "no", "skipped")[(number > 5) + (number > 10)]
        feedback.answer(by=visitor(accepted), request_id=accepted.request_id, said=said)
    knock(alpha)
    assert keep_quarter(by=MACHINE) == 0
    with time_machine.travel(OCTOBER, tick=False):
        first_day = quarter()[0].date()
        (row,) = counted(*quarter())
        assert row.course == Course(12, 12, 12, 0, yes=6, little=0, no=5, unsaid=1)
        assert courses(alpha.actor("lead"), first_day) == []
        assert [keep_quarter(by=MACHINE) for _hour in range(2)] == [1, 0]
        (shown,) = courses(alpha.actor("lead"), first_day)
        assert courses(alpha.actor("nurse"), first_day) == []
    assert shown.shown == withhold(row.course)
    assert (shown.shown.whole, shown.shown.yes, shown.shown.unsaid) == (12, None, None)
    assert (shown.shown.answered, shown.shown.read) == (12, 12)
    assert not any("account" in name or "by" in name for name in asdict(row.course))


@pytest.mark.django_db
def test_the_table_itself_keeps_no_small_figure(world: World, alpha: World) -> None:
    closed(alpha, 3)
    with time_machine.travel(OCTOBER, tick=False):
        keep_quarter(by=MACHINE)
        (row,) = courses(alpha.actor("lead"), quarter()[0].date())
    assert set(asdict(row.shown).values()) == {None}
    with pytest.raises(IntegrityError), transaction.atomic():
        QuarterOfHelp.objects.update(no=1)


def test_every_combination_of_small_doors_is_told_by_name_alone() -> None:
    for parts in product(range(5), repeat=4):
        if sum(parts) < 5:
            assert set(asdict(withhold(Course(sum(parts), 0, 0, 0, *parts))).values()) == {None}


@pytest.mark.django_db
def test_nothing_that_happens_after_the_quarter_moves_a_row_of_it(world: World, alpha: World) -> None:
    changed, opened, gone, *_rest = made = closed(alpha, 9)
    for accepted in made:
        feedback.answer(by=visitor(accepted), request_id=accepted.request_id, said="yes")
    with time_machine.travel(OCTOBER, tick=False):
        first_day = quarter()[0].date()
        keep_quarter(by=MACHINE)
        before = courses(alpha.actor("lead"), first_day)
        feedback.answer(by=visitor(changed), request_id=changed.request_id, said="no")
        contact.student_writes(by=visitor(opened), request_id=opened.request_id, still_need_help=True)
        contact.forget(by=MACHINE, request_ids=[gone.request_id])
        assert [row.course.whole for row in counted(*quarter())] == [7]
        assert keep_quarter(by=MACHINE) == 0
        assert courses(alpha.actor("lead"), first_day) == before
    assert before[0].shown.yes == 9
