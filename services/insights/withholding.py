"""Which figures of a row may be shown, so that no figure of 1 to 4 can be seen or worked out. Pure.

A row is a whole, `promised`, and its three parts: reached, tried, broken. There are no totals over rows that
are shown, so that only a row can be subtracted from itself. A lead learns of every broken promise by message,
so the other two parts must stay unknown even to somebody who knows how many broke:
- promised below FEWEST: nothing but that is said; such rows may be shown `together`;
- broken between 1 and 4: no part is shown;
- reached or tried between 1 and 4: neither of the two is, broken is.
What is not shown looks the same whatever it is: a mark on the small ones alone would give the others away.
"""

from collections.abc import Collection
from dataclasses import dataclass

#: A figure below this, and above nought, could point at somebody (docs/how/security.md 12).
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises came due, by what became of them."""

    reached: int
    tried: int
    broken: int

    @property
    def promised(self) -> int:
        return self.reached + self.tried + self.broken


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page may say of a tally. None is withheld; `promised` None means 1 to 4."""

    promised: int | None
    reached: int | None
    tried: int | None
    broken: int | None


def is_small(count: int) -> bool:
    return 0 < count < FEWEST


def withhold(tally: Tally) -> Shown:
    """The tally without what could be recognised."""
    if is_small(tally.promised):
        return Shown(None, None, None, None)
    if is_small(tally.broken):
        return Shown(tally.promised, None, None, None)
    if is_small(tally.reached) or is_small(tally.tried):
        return Shown(tally.promised, None, None, tally.broken)
    return Shown(tally.promised, tally.reached, tally.tried, tally.broken)


def together(tallies: Collection[Tally]) -> Shown | None:
    """Rows that are each below FEWEST as one row. None when even their sum is, and when it would give each
    away: (nearly) all ones, or (nearly) all fours. Nearly, so that None does not give them away either.

    The rows must be the same for everybody who sees such a sum, or two sums could be subtracted.
    """
    whole = Tally(
        reached=sum(tally.reached for tally in tallies),
        tried=sum(tally.tried for tally in tallies),
        broken=sum(tally.broken for tally in tallies),
    )
    least, most = len(tallies) + 2, len(tallies) * (FEWEST - 1) - 2
    return withhold(whole) if max(least, FEWEST) <= whole.promised <= most else None
