"""Whether a promise may run out when nobody expects to be called: late in the evening, at night, early in the morning.

A calendar that counts all hours is allowed (*within 24 hours, all weekdays*); whoever sets it up is told what it means,
and so is the student to whom it happens.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from kernel.guarantee.calendar import Interval, WorkingCalendar
from kernel.guarantee.kinds import CountedHours, Guarantee

#: By the municipality's clock. What falls on either of them is not late.
MORNING_BEGINS, EVENING_ENDS = time(7), time(22)
#: How far ahead a late hour is looked for: every weekday twice.
AHEAD = 14
_A_QUARTER = timedelta(minutes=15)


def is_late(instant: datetime, zone: tzinfo) -> bool:
    """Whether this (aware) is after the evening or before the morning, as `zone` reads it."""
    clock = instant.astimezone(zone).time()
    return clock > EVENING_ENDS or clock < MORNING_BEGINS


def late_due(calendar: WorkingCalendar, guarantee: Guarantee, now: datetime) -> datetime | None:
    """One instant of the coming two weeks, in the calendar's zone, that is late and at which such a promise may run
    out; None when no day has one.

    Counted hours run out at any open instant, and at closing: whoever knocks decides. Working days run out at closing.
    """
    first = now.astimezone(calendar.zone).date()
    for number in range(AHEAD):
        day = first + timedelta(days=number)
        found = _late_on(calendar, guarantee, day)
        if found is not None:
            return found.astimezone(calendar.zone)
    return None


def _late_on(calendar: WorkingCalendar, guarantee: Guarantee, day: date) -> datetime | None:
    stretches = calendar.open_intervals(day)
    if not stretches:
        return None
    if not isinstance(guarantee, CountedHours):
        closing = stretches[-1].end
        return closing if is_late(closing, calendar.zone) else None
    return next((at for one in stretches if (at := _late_in(calendar, one, day))), None)


def _late_in(calendar: WorkingCalendar, stretch: Interval, day: date) -> datetime | None:
    """The last quarter of an hour that is late; else its beginning, when that is."""
    evening = datetime.combine(day, EVENING_ENDS, calendar.zone)
    if stretch.end > evening:
        return max(stretch.end - _A_QUARTER, evening + timedelta(minutes=1))
    morning = datetime.combine(day, MORNING_BEGINS, calendar.zone)
    if stretch.start < morning - timedelta(minutes=1):
        return min(stretch.start + _A_QUARTER, morning - timedelta(minutes=1))
    return None
