"""What is said outside of the hours: by the municipality's calendar, its holidays and its zone, to the minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.guarantee import CountedHours, WorkingCalendar, due_at
from kernel.guarantee.calendar import Span
from services.contact.hours import out_of_hours
from tenants.setup.holiday_import import holidays_of

OFFICE = {day: (Span(8 * 60, 16 * 60),) for day in range(1, 6)}
ZONES = {"NO": "Europe/Oslo", "SE": "Europe/Stockholm", "DK": "Europe/Copenhagen", "FI": "Europe/Helsinki"}

EASTER = {
    "Good Friday": date(2026, 4, 3),
    "Easter Sunday": date(2026, 4, 5),
    "Easter Monday": date(2026, 4, 6),
}


def calendar_of(country: str, year: int = 2026) -> WorkingCalendar:
    closed = frozenset(one.day for one in holidays_of(country, year) if one.state == "closed")
    return WorkingCalendar(ZONES[country], OFFICE, public_holidays=closed)


def local(country: str, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONES[country]))


@pytest.mark.parametrize("country", ZONES)
@pytest.mark.parametrize("day", EASTER.values(), ids=EASTER)
def test_closed_on_good_friday_and_easter_until_tuesday(country: str, day: date) -> None:
    said = out_of_hours(calendar_of(country), local(country, day, 10))
    assert said is not None
    assert said.today == "closed"
    assert said.opens_at == local(country, date(2026, 4, 7), 8).astimezone(UTC)


@pytest.mark.parametrize(("country", "is_closed"), [("NO", True), ("DK", True), ("SE", False), ("FI", False)])
def test_maundy_thursday_is_closed_in_norway_and_denmark_alone(country: str, is_closed: bool) -> None:
    said = out_of_hours(calendar_of(country), local(country, date(2026, 4, 2), 10))
    assert (said is not None) is is_closed


def test_before_and_after_the_hours_of_a_day_and_at_their_edges() -> None:
    calendar, day = calendar_of("NO"), date(2026, 9, 15)
    early, late = (
        out_of_hours(calendar, local("NO", day, 7, 59)),
        out_of_hours(calendar, local("NO", day, 16)),
    )
    assert early is not None
    assert late is not None
    assert (early.today, early.opens_at) == ("yet", local("NO", day, 8))
    assert (late.today, late.opens_at) == ("over", local("NO", day + timedelta(days=1), 8))
    assert out_of_hours(calendar, local("NO", day, 8)) is None
    assert out_of_hours(calendar, local("NO", day, 15, 59)) is None


def test_midnight_and_the_nights_on_which_the_clock_is_changed() -> None:
    calendar = WorkingCalendar("Europe/Oslo", {7: (Span(0, 24 * 60),), **OFFICE})
    for day in (date(2026, 3, 29), date(2026, 10, 25)):  # 23 and 25 hours
        begins = local("NO", day, 0)
        before = out_of_hours(calendar, begins - timedelta(minutes=1))
        assert before is not None
        assert before.opens_at == begins
        assert out_of_hours(calendar, begins) is None
        hour = begins.astimezone(UTC)
        while hour < local("NO", day + timedelta(days=1), 0):
            assert out_of_hours(calendar, hour) is None, hour
            hour += timedelta(hours=1)
        after = out_of_hours(calendar, local("NO", day + timedelta(days=1), 0))
        assert after is not None
        assert after.today == "yet"


def test_what_is_said_is_never_later_than_the_promise_and_nothing_is_said_where_it_never_opens() -> None:
    for country in ZONES:
        calendar = calendar_of(country)
        for day in range(1, 29):
            for hour in (0, 7, 12, 23):
                now = local(country, date(2026, 4, day), hour)
                said, due = out_of_hours(calendar, now), due_at(calendar, CountedHours(1), now)
                assert due is not None
                assert said is None or now < said.opens_at < due
    assert out_of_hours(WorkingCalendar("Europe/Oslo", {}), local("NO", date(2026, 4, 3), 10)) is None
    assert out_of_hours(None, local("NO", date(2026, 4, 3), 10)) is None
