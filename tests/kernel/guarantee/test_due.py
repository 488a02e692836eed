"""Due times that the vectors leave out, what is refused, and what set-up is told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kernel.guarantee import (
    CountedHours,
    InvalidField,
    WorkingCalendar,
    WorkingDays,
    check_guarantee,
    due_at,
    guarantee_from_json,
    is_open,
    next_open,
    worked_examples,
)

OSLO = ZoneInfo("Europe/Oslo")
WEEKDAYS = dict.fromkeys(range(1, 6), ((480, 960),))
ALL_WEEKDAYS = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((0, 1440),)))
OFFICE = WorkingCalendar("Europe/Oslo", WEEKDAYS)
EASTER = frozenset({date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6)})


def oslo(*parts):
    return datetime(*parts, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("zone", "holidays", "due"),
    [
        ("Europe/Oslo", EASTER, (7, 14)),
        ("Europe/Copenhagen", EASTER, (7, 14)),
        ("Europe/Stockholm", EASTER - {date(2026, 4, 2)}, (2, 14)),
    ],
)
def test_the_wednesday_before_easter_waits_for_tuesday_except_in_sweden(zone, holidays, due):
    calendar = WorkingCalendar(zone, ALL_WEEKDAYS.open_hours, public_holidays=holidays)
    asked = datetime(2026, 4, 1, 14, tzinfo=ZoneInfo(zone))
    assert due_at(calendar, CountedHours(24), asked) == datetime(2026, 4, *due, tzinfo=ZoneInfo(zone))


def test_saturday_any_time_is_due_at_the_end_of_monday():
    dues = {due_at(ALL_WEEKDAYS, CountedHours(24), oslo(2026, 3, 7, hour)) for hour in range(24)}
    assert dues == {oslo(2026, 3, 10)}


def test_hours_that_run_out_exactly_at_closing_are_due_at_closing():
    assert due_at(OFFICE, CountedHours(8), oslo(2026, 3, 9, 8)) == oslo(2026, 3, 9, 16)
    assert due_at(OFFICE, CountedHours(8), oslo(2026, 3, 6, 16)) == oslo(2026, 3, 9, 16)


def test_a_due_time_is_utc_whatever_zone_the_question_came_in():
    due = due_at(OFFICE, CountedHours(1), datetime(2026, 3, 9, 22, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert due == oslo(2026, 3, 9, 15)
    assert due.tzinfo is UTC


def test_a_pause_at_closing_costs_the_day_and_one_that_ends_there_does_not():
    monday = oslo(2026, 3, 9, 10)
    begins = [(oslo(2026, 3, 10, 16), oslo(2026, 3, 10, 17))]
    ends = [(oslo(2026, 3, 10, 9), oslo(2026, 3, 10, 16))]
    assert due_at(OFFICE, WorkingDays(1), monday, begins) == oslo(2026, 3, 11, 16)
    assert due_at(OFFICE, WorkingDays(1), monday, ends) == oslo(2026, 3, 10, 16)


def test_a_request_born_in_a_pause_starts_when_the_pause_ends():
    pause = [(oslo(2026, 3, 9, 7), oslo(2026, 3, 9, 10)), (oslo(2026, 3, 9, 10), oslo(2026, 3, 9, 11))]
    assert due_at(OFFICE, CountedHours(2), oslo(2026, 3, 9, 9), pause) == oslo(2026, 3, 9, 13)


def test_an_open_pause_after_the_due_time_changes_nothing():
    pause = [(oslo(2026, 3, 9, 12), None)]
    assert due_at(OFFICE, CountedHours(2), oslo(2026, 3, 9, 10), pause) == oslo(2026, 3, 9, 12)
    assert due_at(OFFICE, CountedHours(3), oslo(2026, 3, 9, 10), pause) is None


def test_the_day_of_the_request_is_0_and_day_400_is_the_last_that_is_looked_at():
    opened = oslo(2026, 3, 9, 12)
    day_400, day_401 = opened.date() + timedelta(days=400), opened.date() + timedelta(days=401)
    last = WorkingCalendar("Europe/Oslo", {}, special_hours={day_400: ((480, 960),)})
    beyond = WorkingCalendar("Europe/Oslo", {}, special_hours={day_401: ((480, 960),)})
    assert due_at(last, WorkingDays(1), opened).astimezone(OSLO).date() == day_400
    for guarantee in (CountedHours(1), WorkingDays(1), WorkingDays(1, "next_open_day")):
        assert due_at(beyond, guarantee, opened) is None
    assert next_open(beyond, opened) is None


def test_closing_is_closed_and_opening_is_open():
    assert is_open(OFFICE, oslo(2026, 3, 9, 8))
    assert not is_open(OFFICE, oslo(2026, 3, 9, 16))
    assert next_open(OFFICE, oslo(2026, 3, 6, 16)) == oslo(2026, 3, 9, 8)
    assert next_open(OFFICE, oslo(2026, 3, 9, 9, 30)) == oslo(2026, 3, 9, 9, 30)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda: due_at(OFFICE, CountedHours(1), datetime(2026, 3, 9)), "opened_at"),
        (lambda: due_at(OFFICE, CountedHours(1), datetime(1, 1, 1, tzinfo=UTC)), "opened_at"),
        (lambda: due_at(OFFICE, CountedHours(1), datetime(9999, 12, 31, tzinfo=UTC)), "opened_at"),
        (lambda: is_open(OFFICE, datetime(2026, 3, 9)), "t"),
        (lambda: next_open(OFFICE, datetime(2026, 3, 9)), "t"),
        (lambda: worked_examples(OFFICE, CountedHours(1), datetime(2026, 3, 9)), "now"),
        (
            lambda: due_at(OFFICE, CountedHours(1), oslo(2026, 3, 9), [(datetime(2026, 3, 9), None)]),
            "pauses[0]",
        ),
        (
            lambda: due_at(OFFICE, CountedHours(1), oslo(2026, 3, 9), [(oslo(2026, 3, 9), oslo(2026, 3, 8))]),
            "pauses[0]",
        ),
        (lambda: due_at(OFFICE, CountedHours(0), oslo(2026, 3, 9)), "hours"),
        (lambda: due_at(OFFICE, CountedHours(float("nan")), oslo(2026, 3, 9)), "hours"),
        (lambda: due_at(OFFICE, WorkingDays(0), oslo(2026, 3, 9)), "days"),
        (lambda: due_at(OFFICE, WorkingDays(1, "whenever"), oslo(2026, 3, 9)), "received_when_closed"),
        (lambda: guarantee_from_json({"kind": "elapsed", "hours": 1}), "kind"),
        (lambda: guarantee_from_json({"kind": "counted_hours", "hours": True}), "hours"),
        (lambda: guarantee_from_json({"kind": "counted_hours"}), "hours"),
        (lambda: guarantee_from_json({"kind": "working_days", "days": 1.5}), "days"),
        (lambda: guarantee_from_json(None), "guarantee"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(ask, named):
    with pytest.raises(InvalidField) as refusal:
        ask()
    assert refusal.value.field == named


@pytest.mark.parametrize(
    ("guarantee", "code"),
    [
        (CountedHours(0), "hours_out_of_range"),
        (CountedHours(-1), "hours_out_of_range"),
        (CountedHours(1.5), "hours_out_of_range"),
        (CountedHours(241), "hours_out_of_range"),
        (CountedHours(10_000), "hours_out_of_range"),
        (WorkingDays(0), "days_out_of_range"),
        (WorkingDays(31), "days_out_of_range"),
    ],
)
def test_set_up_allows_1_to_240_hours_and_1_to_30_days(guarantee, code):
    assert [problem.code for problem in check_guarantee(guarantee, OFFICE)] == [code]


@pytest.mark.parametrize("guarantee", [CountedHours(1), CountedHours(240), WorkingDays(1), WorkingDays(30)])
def test_the_limits_themselves_are_allowed(guarantee):
    assert check_guarantee(guarantee, OFFICE) == []
    assert check_guarantee(guarantee, OFFICE, oslo(2026, 3, 9)) == []


def test_a_calendar_that_never_opens_is_refused_at_set_up():
    empty = WorkingCalendar("Europe/Oslo", {})
    assert [p.code for p in check_guarantee(CountedHours(24), empty)] == ["never_opens"]
    assert [p.code for p in check_guarantee(CountedHours(0), empty)] == ["hours_out_of_range", "never_opens"]


def test_a_promise_that_is_never_reached_is_refused_at_set_up():
    an_hour_a_week = WorkingCalendar("Europe/Oslo", {1: ((480, 540),)})
    assert [p.code for p in check_guarantee(CountedHours(240), an_hour_a_week)] == ["never_reached"]
    assert check_guarantee(CountedHours(50), an_hour_a_week) == []
    last_year_only = WorkingCalendar("Europe/Oslo", {}, special_hours={date(2025, 5, 5): ((480, 960),)})
    assert check_guarantee(CountedHours(8), last_year_only) == []
    now = oslo(2026, 3, 9)
    assert [p.code for p in check_guarantee(CountedHours(8), last_year_only, now)] == ["never_reached"]
    shut = WorkingCalendar("Europe/Oslo", WEEKDAYS, breaks=((date(2026, 1, 1), date(2028, 1, 1)),))
    assert [p.code for p in check_guarantee(WorkingDays(1), shut, now)] == ["never_reached"]


def test_the_worked_examples_show_the_weekend_the_next_holiday_and_the_next_break():
    calendar = WorkingCalendar(
        "Europe/Oslo",
        ALL_WEEKDAYS.open_hours,
        public_holidays=EASTER,
        breaks=((date(2026, 9, 26), date(2026, 10, 4)),),
        school_breaks_counted=True,
    )
    assert worked_examples(calendar, CountedHours(24), oslo(2026, 3, 9, 9)) == [
        (oslo(2026, 3, 13, 16, 30), oslo(2026, 3, 16, 16, 30)),
        (oslo(2026, 3, 14, 12), oslo(2026, 3, 17)),
        (oslo(2026, 4, 1, 14), oslo(2026, 4, 7, 14)),
        (oslo(2026, 9, 28, 10), oslo(2026, 9, 29, 10)),
    ]


def test_worked_examples_are_to_come_and_show_a_promise_that_is_never_reached_as_such():
    friday_evening = oslo(2026, 3, 13, 17)
    examples = worked_examples(OFFICE, WorkingDays(1), friday_evening)
    assert [asked for asked, _ in examples] == [oslo(2026, 3, 20, 16, 30), oslo(2026, 3, 14, 12)]
    assert all(asked.tzinfo == OSLO and due.tzinfo == OSLO for asked, due in examples)
    closed = WorkingCalendar("Europe/Oslo", {})
    assert {due for _, due in worked_examples(closed, CountedHours(24), friday_evening)} == {None}
