"""The arithmetic: calendar months, limits of the law, and a day that never comes nearer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from services.retention import data, terms
from services.retention.models import OUTCOMES
from tenants.municipalities.countries import COUNTRIES

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ROW = data.row_of("NO", "helped")


@dataclass(frozen=True)
class Said:
    months: int | None
    method: str
    starts_at: datetime
    outcome: str = "helped"
    taken_back_at: datetime | None = None

    @property
    def decided_at(self) -> datetime:
        return self.starts_at - timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 26), 6, date(2027, 5, 26)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 5, 26), -6, date(2026, 11, 26)),
    ],
)
def test_months_are_the_calendars(day: date, months: int, expected: date) -> None:
    assert terms.later(day, months) == expected


def test_every_country_has_a_row_for_each_ending_with_a_source_and_a_day() -> None:
    for country in COUNTRIES:
        for outcome in OUTCOMES:
            row = data.row_of(country, outcome)
            assert row.shortest <= row.months <= row.longest
            assert all(source.law and source.section and source.read_on for source in row.sources)
        assert data.RIGHTS[country].access
        assert country in data.ARCHIVE


def test_a_rule_counts_inside_the_laws_limits_alone() -> None:
    assert terms.term(ROW, Said(1, "delete", NOW)).months == ROW.shortest
    assert terms.term(ROW, Said(999, "delete", NOW)).months == ROW.longest
    assert terms.term(ROW, None).months == ROW.months
    assert terms.term(ROW, Said(None, "", NOW)).method == ROW.method


def goes(*rules: Said, closed: datetime = NOW, now: datetime = NOW) -> date | None:
    return terms.goes_on(ROW, rules, counted_from=closed, day=closed.date(), now=now)


def test_a_shorter_rule_never_brings_a_day_nearer_that_was_told() -> None:
    later = NOW + timedelta(days=20)
    shorter = Said(3, "delete", NOW + timedelta(days=10))
    assert goes(shorter, now=later) == date(2027, 5, 26)
    assert goes(shorter, closed=later, now=later) == date(2027, 3, 16)


def test_a_longer_rule_counts_for_what_is_closed_already() -> None:
    assert goes(Said(12, "delete", NOW + timedelta(days=10)), now=NOW + timedelta(days=20)) == date(
        2027, 11, 26
    )


def test_what_waits_and_what_was_taken_back_do_not_count() -> None:
    assert goes(Said(12, "keep", NOW + timedelta(days=3))) == date(2027, 5, 26)
    assert goes(Said(12, "keep", NOW - timedelta(days=3), taken_back_at=NOW - timedelta(days=5))) == date(
        2027, 5, 26
    )
    assert goes(Said(12, "keep", NOW - timedelta(days=3))) is None
