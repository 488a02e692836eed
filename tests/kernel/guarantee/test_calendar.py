"""What a working calendar accepts, refuses, and says about a day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from kernel.guarantee import InvalidField, WorkingCalendar, half_day
from kernel.guarantee.wall_clock import wall_clock_runs

WEEKDAYS = dict.fromkeys(range(1, 6), ((480, 960),))
ALWAYS = dict.fromkeys(range(1, 8), ((0, 1440),))
THURSDAY = date(2026, 4, 2)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "Europe"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"open_hours": {0: ((0, 60),)}}, "open_hours[0]"),
        ({"open_hours": {8: ((0, 60),)}}, "open_hours[8]"),
        ({"open_hours": {2: ((480, 480),)}}, "open_hours[2]"),
        ({"open_hours": {2: ((960, 480),)}}, "open_hours[2]"),
        ({"open_hours": {2: ((480, 1441),)}}, "open_hours[2]"),
        ({"open_hours": {2: ((-1, 480),)}}, "open_hours[2]"),
        ({"open_hours": {2: ((480, 720), (700, 960))}}, "open_hours[2]"),
        ({"special_hours": {THURSDAY: ((480, 720), (0, 490))}}, "special_hours[2026-04-02]"),
        ({"special_hours": {datetime(2026, 4, 2): ((480, 720),)}}, "special_hours[2026-04-02 00:00:00]"),
        ({"special_hours": {date(1, 1, 1): ((480, 720),)}}, "special_hours[0001-01-01]"),
        ({"public_holidays": {"2026-04-02"}}, "public_holidays"),
        ({"extra_closed_days": {datetime(2026, 4, 2)}}, "extra_closed_days"),
        ({"breaks": ((THURSDAY, THURSDAY - timedelta(days=1)),)}, "breaks[0]"),
        ({"public_holidays_counted": "no"}, "public_holidays_counted"),
        ({"school_breaks_counted": None}, "school_breaks_counted"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(fields, named):
    with pytest.raises(InvalidField) as refusal:
        WorkingCalendar(**({"timezone": "Europe/Oslo", "open_hours": WEEKDAYS} | fields))
    assert refusal.value.field == named


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"open_hours": {"1": [["8", "16:00"]]}}, "open_hours[1]"),
        ({"open_hours": {"1": [["08:00", "16:60"]]}}, "open_hours[1]"),
        ({"open_hours": {"1": [["08:00"]]}}, "open_hours[1][0]"),
        ({"open_hours": {"1": "08:00-16:00"}}, "open_hours[1]"),
        ({"open_hours": {"monday": []}}, "open_hours[monday]"),
        ({"open_hours": []}, "open_hours"),
        ({"public_holidays": ["2026-02-30"]}, "public_holidays[0]"),
        ({"public_holidays": ["2026-W01-1"]}, "public_holidays[0]"),
        ({"public_holidays": "2026-04-02"}, "public_holidays"),
        ({"breaks": [["2026-04-02"]]}, "breaks[0]"),
        ({"breaks": [["2026-04-02", None]]}, "breaks[0]"),
        ({"special_hours": {"soon": []}}, "special_hours[soon]"),
        ({"holidays": []}, "holidays"),
    ],
)
def test_stored_json_that_is_damaged_is_refused_by_the_name_of_its_field(change, named):
    stored = WorkingCalendar("Europe/Oslo", WEEKDAYS).to_json()
    with pytest.raises(InvalidField) as refusal:
        WorkingCalendar.from_json(stored | change)
    assert refusal.value.field == named


@pytest.mark.parametrize("missing", ["timezone", "open_hours"])
def test_a_stored_calendar_needs_its_zone_and_hours(missing):
    stored = WorkingCalendar("Europe/Oslo", WEEKDAYS).to_json()
    del stored[missing]
    with pytest.raises(InvalidField, match=f"{missing}: is missing"):
        WorkingCalendar.from_json(stored)


def test_equal_calendars_are_stored_alike_whatever_the_order_they_were_typed_in():
    one = WorkingCalendar("Europe/Oslo", {2: ((720, 960), (480, 690)), 1: ()}, breaks=((THURSDAY, THURSDAY),))
    other = WorkingCalendar(
        "Europe/Oslo", {1: (), 2: ((480, 690), (720, 960))}, breaks=((THURSDAY, THURSDAY),)
    )
    assert one == other
    assert str(one.to_json()) == str(other.to_json())
    assert one.to_json()["open_hours"]["2"] == [["08:00", "11:30"], ["12:00", "16:00"]]


def test_a_later_edit_of_the_values_it_was_made_from_does_not_reach_in():
    hours = {1: ((480, 960),)}
    calendar = WorkingCalendar("Europe/Oslo", hours)
    hours[2] = ((480, 960),)
    assert 2 not in calendar.open_hours


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"public_holidays": {THURSDAY}}, "public_holiday"),
        ({"public_holidays": {THURSDAY}, "public_holidays_counted": True}, None),
        ({"extra_closed_days": {THURSDAY}, "public_holidays_counted": True}, "extra_closed_day"),
        ({"breaks": ((THURSDAY, date(2026, 4, 6)),)}, "school_break"),
        ({"breaks": ((date(2026, 3, 30), THURSDAY),)}, "school_break"),
        ({"breaks": ((date(2026, 3, 30), THURSDAY),), "school_breaks_counted": True}, None),
        ({"special_hours": {THURSDAY: ()}}, "special_hours"),
        ({"open_hours": {}, "special_hours": {THURSDAY: ((480, 720),)}}, None),
        ({"open_hours": {}}, "weekday"),
        ({"special_hours": {THURSDAY: ((0, 60),)}, "public_holidays": {THURSDAY}}, "public_holiday"),
        ({"special_hours": {THURSDAY: ((0, 60),)}, "extra_closed_days": {THURSDAY}}, "extra_closed_day"),
        ({"special_hours": {THURSDAY: ((0, 60),)}, "breaks": ((THURSDAY, THURSDAY),)}, "school_break"),
    ],
)
def test_a_day_is_closed_for_the_reason_the_definition_gives(fields, reason):
    calendar = WorkingCalendar(**({"timezone": "Europe/Oslo", "open_hours": WEEKDAYS} | fields))
    assert calendar.why_closed(THURSDAY) == reason
    assert calendar.is_counted(THURSDAY) == (reason is None)
    assert bool(calendar.open_intervals(THURSDAY)) == (reason is None)


def test_the_spring_day_has_23_hours_and_the_autumn_day_25():
    calendar = WorkingCalendar("Europe/Oslo", ALWAYS)
    assert calendar.open_intervals(date(2026, 3, 29)) == ((utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),)
    assert calendar.open_intervals(date(2026, 10, 25)) == ((utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),)


def test_the_skipped_hour_is_never_open_and_the_repeated_hour_is_open_twice():
    calendar = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 8), ((120, 150), (170, 200))))
    assert calendar.open_intervals(date(2026, 3, 29)) == ((utc(2026, 3, 29, 1), utc(2026, 3, 29, 1, 20)),)
    assert calendar.open_intervals(date(2026, 10, 25)) == (
        (utc(2026, 10, 25, 0), utc(2026, 10, 25, 0, 30)),
        (utc(2026, 10, 25, 0, 50), utc(2026, 10, 25, 1, 30)),
        (utc(2026, 10, 25, 1, 50), utc(2026, 10, 25, 2, 20)),
    )


def test_nuuk_changes_its_clock_the_evening_before():
    calendar = WorkingCalendar("America/Nuuk", ALWAYS)
    (saturday,) = calendar.open_intervals(date(2026, 3, 28))
    assert saturday.end - saturday.start == timedelta(hours=23)


def test_touching_spans_are_one_stretch():
    calendar = WorkingCalendar("Europe/Oslo", {4: ((480, 720), (720, 960))})
    assert calendar.open_intervals(THURSDAY) == ((utc(2026, 4, 2, 6), utc(2026, 4, 2, 14)),)


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"open_hours": {}}, False),
        ({"open_hours": {1: (), 2: ()}}, False),
        ({"open_hours": {6: ((0, 1),)}}, True),
        ({"open_hours": {}, "special_hours": {THURSDAY: ((0, 60),)}}, True),
        ({"open_hours": {}, "special_hours": {THURSDAY: ()}}, False),
        ({"open_hours": {}, "special_hours": {THURSDAY: ((0, 60),)}, "extra_closed_days": {THURSDAY}}, False),
    ],
)
def test_a_calendar_knows_whether_it_ever_opens(fields, opens):
    assert WorkingCalendar(**({"timezone": "Europe/Oslo"} | fields)).ever_opens() is opens


def test_a_half_day_cuts_the_hours_at_noon_unless_told_otherwise():
    assert half_day(((480, 690), (735, 930))) == ((480, 690),)
    assert half_day(((480, 960),)) == ((480, 720),)
    assert half_day(((480, 960),), closes_at=780) == ((480, 780),)
    assert half_day(((720, 960),)) == ()


def test_the_dates_of_every_zone_follow_each_other_without_gap_or_overlap():
    """What wall_clock assumes of the zone data (one change at most near a date), on a year of all."""
    for zone in sorted(available_timezones()):
        end = wall_clock_runs(zone, date(2025, 12, 31))[-1].end
        for n in range(365):
            for run in wall_clock_runs.__wrapped__(zone, date(2026, 1, 1) + timedelta(days=n)):
                assert run.start == end, (zone, run)
                end = run.end
