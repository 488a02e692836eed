"""How long a case is kept: the arithmetic, pure. Days are the municipality's own."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.retention.law import Row
from services.retention.models import Method


class Rule(Protocol):
    """What a RetentionRule is to us."""

    outcome: str
    months: int | None
    method: str
    decided_at: datetime
    starts_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Term:
    """How many months after closing, and what then."""

    months: int
    method: str

    @property
    def ends(self) -> bool:
        return self.method != Method.KEEP


def later(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_force(rules: Iterable[Rule], outcome: str, at: datetime) -> Rule | None:
    """The rule of an outcome that counts at an instant: the newest that had begun and was not taken back."""
    begun = [
        one for one in rules if one.outcome == outcome and one.taken_back_at is None and one.starts_at <= at
    ]
    return max(begun, key=lambda one: (one.starts_at, one.decided_at), default=None)


def term(row: Row, rule: Rule | None) -> Term:
    """What counts: the municipality's own, inside the law row's limits; the row's where it has none."""
    if rule is None or rule.months is None:
        return Term(row.months, row.method)
    return Term(max(row.shortest, min(rule.months, row.longest)), rule.method)


def goes_on(
    row: Row, rules: Iterable[Rule], *, counted_from: datetime, day: date, now: datetime
) -> date | None:
    """The day a case goes; None: it is kept. `day`: the local date of `counted_from`.

    A rule made shorter never brings a day nearer that the student of a closed case has been told: of the rule
    that counted then and the one that counts now the longer one wins.
    """
    known = list(rules)
    present = term(row, in_force(known, row.outcome, now))
    told = term(row, in_force(known, row.outcome, counted_from))
    return later(day, max(present.months, told.months)) if present.ends else None
