"""No figure of 1 to 4 can be seen or worked out, whatever the reader knows beside the row."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from itertools import product

import pytest

from services.insights.withholding import Shown, Tally, is_small, together, withhold

ALL = 24  # every row up to this many promises; beyond it nothing new can happen


def tallies() -> Iterator[Tally]:
    for promised in range(1, ALL + 1):
        for broken in range(promised + 1):
            for tried in range(promised - broken + 1):
                yield Tally(reached=promised - broken - tried, tried=tried, broken=broken)


def recovered(known: Callable[[Tally], Hashable], parts: tuple[str, ...]) -> list[Tally]:
    """Rows of which a figure of 1 to 4 is certain to who sees the row, the rule and `known`."""
    alike: dict[Hashable, list[Tally]] = defaultdict(list)
    for tally in tallies():
        alike[withhold(tally), known(tally)].append(tally)
    return [
        rows[0]
        for rows in alike.values()
        for part in parts
        if len({getattr(row, part) for row in rows}) == 1 and is_small(getattr(rows[0], part))
    ]


def test_no_small_figure_is_shown() -> None:
    for tally in tallies():
        shown = withhold(tally)
        for figure in (shown.promised, shown.reached, shown.tried, shown.broken):
            assert figure is None or not is_small(figure), tally


def test_what_is_shown_is_true() -> None:
    for tally in tallies():
        shown = withhold(tally)
        for part in ("promised", "reached", "tried", "broken"):
            assert getattr(shown, part) in (None, getattr(tally, part))


def test_no_small_figure_can_be_worked_out_from_the_row() -> None:
    assert recovered(lambda tally: None, ("promised", "reached", "tried", "broken")) == []


def test_nor_by_who_has_read_that_all_were_kept() -> None:
    assert recovered(lambda tally: tally.broken == 0, ("promised", "reached", "tried", "broken")) == []


def test_nor_the_others_by_who_was_told_of_every_broken_one() -> None:
    """A lead gets a message for each: knowing that figure must not give away the other two."""
    assert recovered(lambda tally: tally.broken, ("reached", "tried")) == []


SMALL = [tally for tally in tallies() if is_small(tally.promised)]
type Rows = tuple[Tally, ...]


def recovered_of_one(doors: int, known: Callable[[Rows], Hashable]) -> set[tuple[Rows, str]]:
    """Small rows at so many doors of which the first's figure is certain to who knows `known` of them all."""
    alike: dict[Hashable, list[Rows]] = defaultdict(list)
    for rows in product(SMALL, repeat=doors):
        alike[known(rows)].append(rows)
    found = set()
    for cases in alike.values():
        for part in ("promised", "reached", "tried", "broken"):
            figures = {getattr(rows[0], part) for rows in cases}
            if len(figures) == 1 and is_small(figures.pop()):
                found |= {(rows, part) for rows in cases}
    return found


@pytest.mark.parametrize("doors", [1, 2, 3])
def test_nor_of_any_row_from_what_several_are_together(doors: int) -> None:
    assert recovered_of_one(doors, together) == set()


@pytest.mark.parametrize("doors", [1, 2, 3])
def test_and_the_sum_tells_nothing_new_to_who_knows_how_many_broke(doors: int) -> None:
    def broken(rows: Rows) -> int:
        return sum(row.broken for row in rows)

    new = recovered_of_one(doors, lambda rows: (together(rows), broken(rows))) - recovered_of_one(
        doors, broken
    )
    assert new == set()


@pytest.mark.parametrize("doors", range(1, 9))
def test_whether_there_is_a_sum_leaves_every_row_open(doors: int) -> None:
    alike: dict[Shown | None, set[int]] = defaultdict(set)
    for promised in product(range(1, 5), repeat=doors):
        alike[together([Tally(one, 0, 0) for one in promised])].add(promised[0])
    assert all(len(first) > 1 for first in alike.values())


@pytest.mark.parametrize(
    ("tally", "shown"),
    [
        (Tally(4, 0, 0), Shown(None, None, None, None)),
        (Tally(40, 0, 0), Shown(40, 40, 0, 0)),
        (Tally(40, 2, 0), Shown(42, None, None, 0)),
        (Tally(40, 0, 1), Shown(41, None, None, None)),
        (Tally(40, 6, 5), Shown(51, 40, 6, 5)),
    ],
)
def test_examples(tally: Tally, shown: Shown) -> None:
    assert withhold(tally) == shown
