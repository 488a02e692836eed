"""When those responsible are reminded of a promise that runs. Pure: calendar, instants and shares come in.

A share of a promise is a share of its open time. A reminder comes inside the calendar's open hours and never
at night; one whose moment lies outside moves back to the end of the last such stretch, if there is one later than
the step before, else on to the next before it is due.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from kernel.guarantee.calendar import WorkingCalendar

#: The local hours in which a phone may ring, even where the calendar counts the whole night.
MORNING, EVENING = time(7), time(20)
#: A reminder that moves back comes this long before closing: early enough to do something about it.
BEFORE_CLOSING = timedelta(minutes=30)

type Stretch = tuple[datetime, datetime]


def schedule(
    calendar: WorkingCalendar, opened_at: datetime, due_at: datetime, shares: Sequence[int]
) -> list[datetime | None]:
    """The moment of each step (UTC), in order; None where no fitting moment is left before due."""
    opened = list(_open(calendar, opened_at, due_at))
    windows = _windows(calendar, opened)
    moments: list[datetime | None] = []
    latest = opened_at
    for share in shares:
        moment = _placed(_at_share(opened, opened_at, due_at, share), windows, latest)
        latest = max(moment or latest, latest)
        moments.append(moment and latest)
    return moments


def may_remind(calendar: WorkingCalendar, opened_at: datetime, due_at: datetime, now: datetime) -> bool:
    """Whether a reminder about this promise may be sent at `now`."""
    windows = _windows(calendar, list(_open(calendar, opened_at, due_at)))
    return any(start <= now < end for start, end in windows)


def next_moment(
    calendar: WorkingCalendar, opened_at: datetime, due_at: datetime, now: datetime
) -> datetime | None:
    """When a reminder that is late may be sent: now, or in the next stretch before due."""
    windows = _windows(calendar, list(_open(calendar, opened_at, due_at)))
    return next((max(start, now) for start, end in windows if end > now), None)


def _open(calendar: WorkingCalendar, opened_at: datetime, due_at: datetime) -> Iterator[Stretch]:
    """Open stretches from given to due, cut at both."""
    day, last = opened_at.astimezone(calendar.zone).date(), due_at.astimezone(calendar.zone).date()
    while day <= last:
        for start, end in calendar.open_intervals(day):
            if end > opened_at and start < due_at:
                yield max(start, opened_at), min(end, due_at)
        day += timedelta(days=1)


def _windows(calendar: WorkingCalendar, opened: list[Stretch]) -> list[Stretch]:
    """What of the open stretches is not night; all of them where the calendar's weeks open at night alone."""
    if not _opens_by_day(calendar):
        return opened
    found = []
    for start, end in opened:
        day, last = start.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
        while day <= last:
            morning = datetime.combine(day, MORNING, calendar.zone).astimezone(start.tzinfo)
            evening = datetime.combine(day, EVENING, calendar.zone).astimezone(start.tzinfo)
            if max(start, morning) < min(end, evening):
                found.append((max(start, morning), min(end, evening)))
            day += timedelta(days=1)
    return found


def _opens_by_day(calendar: WorkingCalendar) -> bool:
    morning, evening = (one.hour * 60 + one.minute for one in (MORNING, EVENING))
    spans = (span for spans in calendar.open_hours.values() for span in spans)
    return any(max(start, morning) < min(end, evening) for start, end in spans)


def _at_share(opened: list[Stretch], opened_at: datetime, due_at: datetime, share: int) -> datetime:
    whole = sum((end - start for start, end in opened), timedelta())
    if not whole:
        return opened_at + (due_at - opened_at) * share / 100
    left = whole * share / 100
    for start, end in opened:
        if left <= end - start:
            return start + left
        left -= end - start
    return due_at


def _placed(moment: datetime, windows: list[Stretch], after: datetime) -> datetime | None:
    """Inside: itself. Else back, if that is later than `after` (the step before); else on; else back after all."""
    earlier = None
    for start, end in windows:
        if start <= moment < end:
            return moment
        if end <= moment:
            earlier = max(start, end - BEFORE_CLOSING)
        elif earlier is None or earlier <= after:
            return start
    return earlier
