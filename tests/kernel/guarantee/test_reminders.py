"""When reminders of a running promise come: shares of open time, never at night, never on a closed day."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from kernel.guarantee import CountedHours, WorkingCalendar, due_at
from kernel.guarantee.reminders import EVENING, MORNING, may_remind, next_moment, schedule

OFFICE = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((8 * 60, 16 * 60),)))
ALL_DAY = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((0, 24 * 60),)))
NIGHT = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((0, 5 * 60),)))
USUAL = (50, 75, 90)


def local(text: str) -> datetime:
    """ "15 09:30" in September 2026, Oslo's clock (UTC+2)."""
    return datetime.strptime(f"2026-09-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) - timedelta(hours=2)


def test_shares_are_of_open_time() -> None:
    """Tuesday 9 to Thursday 9: 16 office hours. Half of them have gone on Wednesday at 9."""
    moments = schedule(OFFICE, local("15 09:00"), local("17 09:00"), USUAL)
    assert moments == [local("16 09:00"), local("16 13:00"), local("16 15:24")]


def test_at_night_a_reminder_moves_back_to_the_evening_before_and_where_none_is_left_on() -> None:
    """A calendar that counts the whole day: 50 % of 24 h from Tuesday 14:00 is at 2 in the night."""
    first, *_others = schedule(ALL_DAY, local("15 14:00"), local("16 14:00"), USUAL)
    assert first == local("15 19:30")
    first, second, _third = schedule(ALL_DAY, local("15 21:00"), local("16 09:00"), USUAL)
    assert (first, second) == (local("16 07:00"), local("16 07:00"))


def test_two_steps_never_crowd_the_same_evening_while_a_morning_is_left() -> None:
    """Friday 9:00 to Monday 9:00, 24 counted hours: the shares fall on Friday 21:00 and in Monday's night."""
    moments = schedule(ALL_DAY, local("18 09:00"), local("21 09:00"), USUAL)
    assert moments == [local("18 19:30"), local("21 07:00"), local("21 07:00")]


def test_over_a_weekend_nothing_is_said_on_saturday_or_sunday() -> None:
    friday, monday = local("18 15:00"), local("21 15:00")
    for moment in schedule(ALL_DAY, friday, monday, (10, 50, 75)):
        assert moment is not None
        assert moment.astimezone(OFFICE.zone).isoweekday() in (5, 1)


def test_a_calendar_that_opens_at_night_alone_reminds_in_its_own_hours() -> None:
    moments = schedule(NIGHT, local("15 00:00"), local("16 03:00"), USUAL)
    assert all(at is not None and at.astimezone(NIGHT.zone).hour < 5 for at in moments)


def test_a_late_sweep_waits_for_the_next_open_hour_and_says_nothing_after_due() -> None:
    given = (OFFICE, local("15 09:00"), local("17 09:00"))
    assert may_remind(*given, local("15 10:00"))
    assert not may_remind(*given, local("15 22:00"))
    assert next_moment(*given, local("15 22:00")) == local("16 08:00")
    assert next_moment(*given, local("17 09:00")) is None


@pytest.mark.parametrize("seed", range(5))
def test_on_random_promises_every_moment_is_open_awake_in_order_and_before_due(seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        calendar = WorkingCalendar(
            "Europe/Oslo",
            {
                day: ((random.choice((0, 420, 480)), random.choice((900, 960, 1440))),)
                for day in random.sample(range(1, 8), 4)
            },
            public_holidays=frozenset({date(2026, 9, random.randint(1, 28))}),
        )
        opened = local("01 00:00") + timedelta(minutes=random.randrange(60 * 24 * 20))
        due = due_at(calendar, CountedHours(random.randint(1, 60)), opened)
        assert due is not None
        moments = [at for at in schedule(calendar, opened, due, USUAL) if at is not None]
        assert moments == sorted(moments)
        for at in moments:
            assert opened <= at < due
            clock = at.astimezone(calendar.zone)
            assert MORNING <= clock.time() < EVENING
            assert any(start <= at < end for start, end in calendar.open_intervals(clock.date()))
