"""Whether anybody answers just now, by the working calendar with its holidays and breaks. Pure; read, never stored.

A promise says by when somebody answers. This says why it is not sooner: the door is closed today, or at this hour.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from kernel.guarantee import WorkingCalendar
from tenants.setup.portal import Portal

#: How far ahead the next open hour is looked for, as promises are (docs/how/guarantee.md).
AHEAD = 400


@dataclass(frozen=True, slots=True)
class OutOfHours:
    """It is closed now. `today`: all day, over for today, or not open yet. `opens_at` (UTC): the next open hour."""

    today: Literal["closed", "over", "yet"]
    opens_at: datetime


def out_of_hours(calendar: WorkingCalendar | None, now: datetime) -> OutOfHours | None:
    """None while it is open, and where it never opens again: then nothing is promised either."""
    if calendar is None:
        return None
    day = now.astimezone(calendar.zone).date()
    today = calendar.open_intervals(day)
    if any(one.start <= now < one.end for one in today):
        return None
    opens_at = _next_open(calendar, day, now)
    if opens_at is None:
        return None
    later = any(one.start > now for one in today)
    return OutOfHours("yet" if later else "over" if today else "closed", opens_at)


def _next_open(calendar: WorkingCalendar, day: date, now: datetime) -> datetime | None:
    for number in range(AHEAD):
        for one in calendar.open_intervals(day + timedelta(days=number)):
            if one.start > now:
                return one.start
    return None


def closed_now(door: Portal, now: datetime) -> OutOfHours | None:
    """The same, of the municipality's door as it is."""
    return out_of_hours(door.calendar, now)
