"""When an answer is due. Every instant in is aware (any zone); every due is aware UTC.

The search walks local dates of the calendar's zone and consumes absolute time, so that the 23-hour day gives
23 hours. It is bounded: the local date of the request is day 0, and what is not reached by
the end of day 400 is never reached (None). Set-up must
refuse such a guarantee (`check_guarantee`); nothing ever falls back to elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from kernel.guarantee.calendar import YEARS, Interval, InvalidField, WorkingCalendar
from kernel.guarantee.kinds import CountedHours, Guarantee, WorkingDays, check_amount

#: The last local date that is looked at, counted from the request's own, which is 0.
SEARCH_DAYS = 400
HOURS_ALLOWED = range(1, 241)
DAYS_ALLOWED = range(1, 31)
Pause = tuple[datetime, datetime | None]
"""Half-open [from, to), aware; None is a pause still open."""


# --- the arithmetic ------------------------------------------------------------------------------------


def due_at(
    calendar: WorkingCalendar, guarantee: Guarantee, opened_at: datetime, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """The instant by which an answer is due (UTC), or None when it is never reached.

    Counted hours: the earliest t with that much open, unpaused time in [opened_at, t); running out exactly at
    closing gives closing. Working days: closing of the N-th used day; a used day is a counted day after the
    day of receipt whose closing lies in no pause. Overlapping pauses count once.
    Raises InvalidField for naive instants, pauses that end before they begin, and amounts of 0 or less.
    """
    opened = _utc("opened_at", opened_at)
    stops = _united(pauses)
    check_amount(guarantee)
    if isinstance(guarantee, CountedHours):
        return _hours_due(calendar, guarantee.hours, opened, stops)
    return _days_due(calendar, guarantee, opened, stops)


def _hours_due(
    calendar: WorkingCalendar, hours: float, opened: datetime, stops: list[Interval]
) -> datetime | None:
    if hours > (SEARCH_DAYS + 1) * 25:
        return None
    left = timedelta(hours=hours)
    for stretch in _open_from(calendar, opened):
        for start, end in _unpaused(stretch, stops):
            if end - start >= left:
                return start + left
            left -= end - start
    return None


def _days_due(
    calendar: WorkingCalendar, guarantee: WorkingDays, opened: datetime, stops: list[Interval]
) -> datetime | None:
    received = _local_date(calendar, opened)
    if guarantee.received_when_closed == "next_open_day":
        first_open = next_open(calendar, opened)
        if first_open is None:
            return None
        received = _local_date(calendar, first_open)
    used = 0
    for day in _days_from(calendar, opened):
        stretches = calendar.open_intervals(day) if day > received else ()
        if not stretches:
            continue
        closing = stretches[-1].end
        if any(start <= closing < end for start, end in stops):
            continue
        used += 1
        if used == guarantee.days:
            return closing
    return None


def is_open(calendar: WorkingCalendar, t: datetime) -> bool:
    """Is the door open at this instant? Closing itself is closed. Raises InvalidField for a naive instant."""
    instant = _utc("t", t)
    day = _local_date(calendar, instant)
    return any(start <= instant < end for start, end in calendar.open_intervals(day))


def next_open(calendar: WorkingCalendar, t: datetime) -> datetime | None:
    """The first open instant at or after t (UTC); None when there is none by the end of local day 400."""
    stretch = next(_open_from(calendar, _utc("t", t)), None)
    return stretch.start if stretch else None


def _open_from(calendar: WorkingCalendar, opened: datetime) -> Iterator[Interval]:
    """The open stretches from an instant on, cut at it, within the bound."""
    for day in _days_from(calendar, opened):
        for start, end in calendar.open_intervals(day):
            if end > opened:
                yield Interval(max(start, opened), end)


def _days_from(calendar: WorkingCalendar, opened: datetime) -> Iterator[date]:
    first = _local_date(calendar, opened)
    return (first + timedelta(days=n) for n in range(SEARCH_DAYS + 1))


def _local_date(calendar: WorkingCalendar, instant: datetime) -> date:
    return instant.astimezone(calendar.zone).date()


def _united(pauses: Iterable[Pause]) -> list[Interval]:
    """Pauses in order, overlapping and touching ones joined, empty ones left out, open ones without end."""
    checked = []
    for n, (begins, ends) in enumerate(pauses):
        start = _utc(f"pauses[{n}]", begins)
        end = datetime.max.replace(tzinfo=UTC) if ends is None else _utc(f"pauses[{n}]", ends)
        if end < start:
            raise InvalidField(f"pauses[{n}]", "ends before it begins")
        if start < end:
            checked.append(Interval(start, end))
    united: list[Interval] = []
    for pause in sorted(checked):
        if united and pause.start <= united[-1].end:
            united[-1] = Interval(united[-1].start, max(united[-1].end, pause.end))
        else:
            united.append(pause)
    return united


def _unpaused(stretch: Interval, stops: list[Interval]) -> Iterator[Interval]:
    """What is left of a stretch without the pauses (in order, not overlapping)."""
    start = stretch.start
    for stop in stops:
        if stop.end <= start:
            continue
        if stop.start >= stretch.end:
            break
        if stop.start > start:
            yield Interval(start, stop.start)
        start = stop.end
    if start < stretch.end:
        yield Interval(start, stretch.end)


def _utc(name: str, instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise InvalidField(name, "has no time zone: which instant it is cannot be known")
    if instant.year not in YEARS:
        raise InvalidField(name, "must lie between the years 1900 and 9900")
    return instant.astimezone(UTC)


# --- set-up ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """Why a guarantee may not be given. `code` is for the page's own words, `message` plain English."""

    field: str
    code: Literal["hours_out_of_range", "days_out_of_range", "never_opens", "never_reached"]
    message: str


def check_guarantee(
    guarantee: Guarantee, calendar: WorkingCalendar, now: datetime | None = None
) -> list[Problem]:
    """What stands in the way of promising this: an empty list when it may be promised.

    With `now`, reached is judged for a request made now; without, for the calendar's ordinary weeks, leaving
    holidays, breaks and closed days aside.
    """
    problems = []
    if isinstance(guarantee, CountedHours):
        amount, field = guarantee.hours, "hours"
        if amount not in HOURS_ALLOWED:
            problems.append(Problem(field, "hours_out_of_range", "Choose between 1 and 240 whole hours."))
    else:
        amount, field = guarantee.days, "days"
        if amount not in DAYS_ALLOWED:
            problems.append(Problem(field, "days_out_of_range", "Choose between 1 and 30 whole days."))
    if not calendar.ever_opens():
        problems.append(Problem("open_hours", "never_opens", "This calendar never opens."))
    if not problems and _reached(guarantee, calendar, now) is None:
        problems.append(Problem(field, "never_reached", "This calendar opens too seldom for this promise."))
    return problems


def _reached(guarantee: Guarantee, calendar: WorkingCalendar, now: datetime | None) -> datetime | None:
    if now is not None:
        return due_at(calendar, guarantee, now)
    if any(calendar.open_hours.values()):
        ordinary = WorkingCalendar(calendar.timezone, calendar.open_hours)
        return due_at(ordinary, guarantee, datetime(2024, 1, 1, tzinfo=UTC))
    first = next(day for day in calendar.special_hours if calendar.is_counted(day))
    return due_at(calendar, guarantee, datetime.combine(first - timedelta(days=1), time(), calendar.zone))


def worked_examples(
    calendar: WorkingCalendar, guarantee: Guarantee, now: datetime
) -> list[tuple[datetime, datetime | None]]:
    """Up to four requests to come and when each is due, in the calendar's own zone, for the set-up page.

    Next Friday 16:30, next Saturday 12:00, 14:00 on the last working day before the next holiday or closed
    day, and 10:00 on the first working weekday of the next school break.
    """
    asked = [moment for moment in _moments(calendar, now) if moment > now]
    examples = []
    for moment in dict.fromkeys(asked):
        due = due_at(calendar, guarantee, moment)
        examples.append((moment, due.astimezone(calendar.zone) if due else None))
    return examples


def _moments(calendar: WorkingCalendar, now: datetime) -> Iterator[datetime]:
    coming = list(_days_from(calendar, _utc("now", now)))
    for weekday, clock in ((5, time(16, 30)), (6, time(12))):
        days = [day for day in coming[:14] if day.isoweekday() == weekday]
        yield next(m for day in days if (m := datetime.combine(day, clock, calendar.zone)) > now)
    counted = None
    for day in coming[1:]:
        reason = calendar.why_closed(day)
        if reason is None:
            counted = day
        elif counted and reason in ("public_holiday", "extra_closed_day") and calendar.hours_of(day):
            yield datetime.combine(counted, time(14), calendar.zone)
            break
    in_break = next((day for day in coming[1:] if calendar.in_break(day) and calendar.hours_of(day)), None)
    if in_break:
        yield datetime.combine(in_break, time(10), calendar.zone)
