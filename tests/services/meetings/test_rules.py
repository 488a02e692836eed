"""What may be proposed, and when one is reminded: nights of changing clocks, midnight, New Year, leap days, zones."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from kernel.guarantee import WorkingCalendar
from services.meetings.rules import (
    Proposed,
    check,
    instant_of,
    is_in_hours,
    is_secure_link,
    midnight_after,
    remind_at,
)

OSLO, HELSINKI = ZoneInfo("Europe/Oslo"), ZoneInfo("Europe/Helsinki")
ZONES = [
    OSLO,
    HELSINKI,
    ZoneInfo("Atlantic/Reykjavik"),
    ZoneInfo("America/Nuuk"),
    ZoneInfo("Europe/Copenhagen"),
]
OFFICE = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((480, 960),)))
NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)


def codes(one: Proposed, *, calendar: WorkingCalendar = OFFICE, outside: bool = False) -> set[str]:
    return {error.field for error in check([one], now=NOW, calendar=calendar, outside_hours=outside)}


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        ("2026-03-28", "10:00", "2026-03-28T09:00"),  # the day before the clocks go forward
        ("2026-03-30", "10:00", "2026-03-30T08:00"),  # and after
        ("2026-10-25", "02:30", "2026-10-25T00:30"),  # there twice: the first
        ("2026-10-26", "10.00", "2026-10-26T09:00"),
        ("2028-02-29", "09:15", "2028-02-29T08:15"),
        ("2026-12-31", "23:59", "2026-12-31T22:59"),
        ("2027-01-01", "00:00", "2026-12-31T23:00"),
    ],
)
def test_a_local_time_is_the_instant_the_clocks_of_the_place_show(day: str, clock: str, utc: str) -> None:
    assert instant_of(day, clock, OSLO) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2026-03-29", "02:30"),
        ("2027-02-29", "10:00"),
        ("", "10:00"),
        ("2026-09-16", "25:00"),
        ("9999-12-31", "x"),
    ],
)
def test_a_time_that_does_not_exist_is_refused_in_words(day: str, clock: str) -> None:
    with pytest.raises(Invalid) as refused:
        instant_of(day, clock, OSLO)
    assert refused.value.errors[0].message


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)), st.sampled_from(ZONES))
def test_every_time_that_is_accepted_reads_the_same_in_the_place(local: datetime, zone: ZoneInfo) -> None:
    try:
        instant = instant_of(local.strftime("%Y-%m-%d"), local.strftime("%H:%M"), zone)
    except Invalid:
        return
    there = instant.astimezone(zone)
    assert (there.date(), there.hour, there.minute) == (local.date(), local.hour, local.minute)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)),
    st.integers(15, 3 * 24 * 60),
    st.sampled_from(ZONES),
    st.integers(0, 10 * 24 * 60),
)
def test_a_reminder_is_never_at_night_never_late_and_never_in_the_past(begins, minutes, zone, before) -> None:
    now = begins - timedelta(minutes=before)
    at = remind_at(begins, timedelta(minutes=minutes), zone, now)
    if at is not None:
        assert now < at < begins
        assert time(7) <= at.astimezone(zone).time() < time(20)


def test_a_meeting_at_eight_is_reminded_of_the_evening_before_or_at_seven() -> None:
    begins = datetime(2026, 9, 16, 6, 0, tzinfo=UTC)  # 08:00 in Oslo
    lead = timedelta(hours=2)
    assert remind_at(begins, lead, OSLO, NOW) == datetime(2026, 9, 15, 17, 30, tzinfo=UTC)
    late = datetime(2026, 9, 15, 18, 0, tzinfo=UTC)
    assert remind_at(begins, lead, OSLO, late) == datetime(2026, 9, 16, 5, 0, tzinfo=UTC)
    assert remind_at(begins, lead, OSLO, begins - timedelta(minutes=5)) is None


def test_open_hours_hold_for_the_whole_time_and_closed_days_only_when_said() -> None:
    room = {"minutes": 30, "way": "room", "place": "B12"}
    assert codes(Proposed(datetime(2026, 9, 16, 13, 30, tzinfo=UTC), **room)) == set()  # until 16:00 in Oslo
    assert codes(Proposed(datetime(2026, 9, 16, 13, 45, tzinfo=UTC), **room)) == {"times.0.starts_at"}
    saturday = Proposed(datetime(2026, 9, 19, 8, 0, tzinfo=UTC), **room)
    assert codes(saturday) == {"times.0.starts_at"}
    assert codes(saturday, outside=True) == set()
    around_the_clock = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 8), ((0, 1440),)))
    midnight = datetime(2026, 9, 16, 21, 45, tzinfo=UTC)
    assert not is_in_hours(midnight, midnight + timedelta(minutes=30), around_the_clock)
    assert is_in_hours(midnight, midnight + timedelta(minutes=15), around_the_clock)


def test_what_cannot_be_meant_is_refused_by_its_field() -> None:
    begins = datetime(2026, 9, 16, 8, 0, tzinfo=UTC)
    assert codes(Proposed(NOW, 30, "phone")) == {"times.0.starts_at"}
    assert codes(Proposed(begins + timedelta(days=200), 30, "phone")) == {"times.0.starts_at"}
    assert codes(Proposed(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), 30, "phone")) == {"times.0.starts_at"}
    assert codes(Proposed(begins, 4, "phone")) == {"times.0.minutes"}
    assert codes(Proposed(begins, 241, "phone")) == {"times.0.minutes"}
    assert codes(Proposed(begins, 30, "letter")) == {"times.0.way"}
    assert codes(Proposed(begins, 30, "room")) == {"times.0.place"}
    assert codes(Proposed(begins, 30, "walk", "x" * 301)) == {"times.0.place"}
    assert codes(Proposed(begins, 30, "phone")) == set()
    assert codes(Proposed(begins.replace(tzinfo=None), 30, "phone")) == {"times.0.starts_at"}
    assert [one.field for one in check([], now=NOW, calendar=OFFICE, outside_hours=False)] == ["times"]


@pytest.mark.parametrize(
    ("link", "fine"),
    [
        ("https://meet.example.org/a?b=c#d", True),
        ("https://sub.example.org:8443/a", True),
        ("http://meet.example.org/a", False),
        ("https://user@meet.example.org/a", False),
        ("https://localhost/a", False),
        ("https://meet.example.org/a b", False),
        ("https://meet.example.org/\u202e", False),
        ('https://meet.example.org/"onclick', False),
        ("javascript:alert(1)//https://a.b", False),
        ("https://meet.example.org:port/", False),
        ("", False),
    ],
)
def test_a_link_is_https_and_nothing_else(link: str, fine: bool) -> None:
    assert is_secure_link(link) is fine


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)), st.sampled_from(ZONES)
)
def test_the_day_ends_at_the_places_own_midnight(now: datetime, zone: ZoneInfo) -> None:
    end = midnight_after(now, zone)
    assert now < end
    assert (end - timedelta(seconds=1)).astimezone(zone).date() == now.astimezone(zone).date()
