"""How far help came: nothing of 1 to 4 is shown, nor can be worked out; no person who helps is counted."""

import random
from dataclasses import asdict
from itertools import combinations, product

import pytest
import time_machine

from kernel import clock
from services.contact import operations as contact
from services.feedback import operations as feedback
from services.insights.course import Course, courses, whole_months, withhold
from services.insights.withholding import is_small
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, visitor
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


@pytest.mark.django_db
def test_counted_at_the_door_over_months_that_are_past(world: World, alpha: World) -> None:
    for number in range(12):
        accepted = taken(alpha)
        contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
        contact.close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
        said = ("yes", "no", "skipped")[(number > 5) + (number > 10)]
        feedback.answer(by=visitor(accepted), request_id=accepted.request_id, said=said)
    knock(alpha)
    assert courses(alpha.actor("lead"), *whole_months(clock.now(), "Europe/Oslo")) == []
    with time_machine.travel(TUESDAY.replace(month=10), tick=False):
        months = whole_months(clock.now(), "Europe/Oslo")
        (row,) = courses(alpha.actor("lead"), *months)
        assert courses(alpha.actor("nurse"), *months) == []
    assert row.course == Course(12, 12, 12, 0, yes=6, little=0, no=5, unsaid=1)
    assert (row.shown.whole, row.shown.yes, row.shown.unsaid) == (12, None, None)
    assert (row.shown.answered, row.shown.read) == (12, 12)
    assert not any("account" in name or "by" in name for name in asdict(row.course))


def test_every_combination_of_small_doors_is_told_by_name_alone() -> None:
    for parts in product(range(5), repeat=4):
        if sum(parts) < 5:
            assert set(asdict(withhold(Course(sum(parts), 0, 0, 0, *parts))).values()) == {None}


@pytest.mark.django_db
def test_what_a_student_says_after_the_months_moves_no_row_of_theirs(world: World, alpha: World) -> None:
    made = [taken(alpha) for _number in range(6)]
    for accepted in made:
        contact.close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    with time_machine.travel(TUESDAY.replace(month=10), tick=False):
        months = whole_months(clock.now(), "Europe/Oslo")
        before = courses(alpha.actor("lead"), *months)
        feedback.answer(by=visitor(made[0]), request_id=made[0].request_id, said="no")
        assert courses(alpha.actor("lead"), *months) == before
    assert before[0].course.unsaid == 6
