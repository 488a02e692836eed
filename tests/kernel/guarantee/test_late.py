"""A promise that may run out late is found, by a second way: every minute of two weeks, asked for itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.guarantee import CountedHours, Span, WorkingCalendar, WorkingDays, due_at, is_late, late_due

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)


def week(*spans: tuple[int, int]) -> WorkingCalendar:
    """These hours, Monday to Friday."""
    return WorkingCalendar(
        "Europe/Oslo", {day: tuple(Span(a * 60, b * 60) for a, b in spans) for day in range(1, 6)}
    )


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 2, hour, minute, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("instant", "late"),
    [
        (at(6, 59), True), (at(7), False), (at(12), False), (at(22), False), (at(22, 1), True), (at(23, 45), True),
        (at(0), True), (at(3), True),
    ],
)  # fmt: skip
def test_late_is_after_the_evening_and_before_the_morning_by_the_municipalitys_clock(instant, late) -> None:
    assert is_late(instant, OSLO) is late
    assert is_late(instant.astimezone(UTC), OSLO) is late


@pytest.mark.parametrize(
    ("calendar", "guarantee", "late"),
    [
        (week((0, 24)), CountedHours(24), True),
        (week((0, 24)), WorkingDays(1), True),
        (week((8, 16)), CountedHours(24), False),
        (week((8, 16)), WorkingDays(2), False),
        (week((7, 22)), CountedHours(3), False),
        (week((7, 22)), WorkingDays(1), False),
        (week((8, 11), (12, 23)), CountedHours(1), True),
        (week((8, 11), (12, 23)), WorkingDays(1), True),
        (week((5, 15)), CountedHours(8), True),
        (week((5, 15)), WorkingDays(1), False),
    ],
)
def test_what_may_run_out_late_is_what_does_for_somebody_who_knocks(calendar, guarantee, late: bool) -> None:
    found = late_due(calendar, guarantee, MONDAY)
    assert (found is not None) is late
    dues = {
        due
        for minute in range(0, 14 * 24 * 60, 5)
        if (due := due_at(calendar, guarantee, MONDAY - timedelta(days=10) + timedelta(minutes=minute)))
    }
    assert any(is_late(due, OSLO) for due in dues) is late
    if found is not None:
        assert is_late(found, OSLO)
        assert found in dues, "and it is an instant at which such a promise does run out"
        assert found.tzinfo == OSLO


def test_only_days_that_are_counted_can_be_late() -> None:
    night = WorkingCalendar("Europe/Oslo", {2: (Span(0, 24 * 60),), 3: (Span(8 * 60, 16 * 60),)})
    closed = WorkingCalendar(
        "Europe/Oslo",
        night.open_hours,
        extra_closed_days=frozenset((MONDAY + timedelta(days=n)).date() for n in (1, 8)),
    )
    assert late_due(night, CountedHours(2), MONDAY) is not None
    assert late_due(closed, CountedHours(2), MONDAY) is None
