"""A second implementation of the guarantee, written from its definition alone and as simply as it can be.

It steps through time minute by minute and asks the wall clock of each minute. It shares no code with the
module it judges: everything comes in as the plain values of a vector. It may be slow; it may not be clever.
One shortcut: the wall clock is asked once per quarter of an hour, since no zone changes inside one.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def expected_due(case):
    """The due instant of a case (plain values, see `plain` in test_oracle), or None."""
    minutes = open_minutes(case)
    if case["kind"] == "counted_hours":
        return due_by_counting(case, minutes)
    return due_by_days(case, minutes)


def open_minutes(case):
    """Every open minute from the request on, as (minute since 1970, local date).

    To the end of local day 400; the day of the request is 0.
    """
    zone = ZoneInfo(case["timezone"])
    opened = (case["opened_at"] - EPOCH) // MINUTE
    last_date = case["opened_at"].astimezone(zone).date() + timedelta(days=400)
    quarter = opened - opened % 15
    hours = {}
    while True:
        local = datetime.fromtimestamp(quarter * 60, zone)
        day = local.date()
        if day > last_date:
            return
        if day not in hours:
            hours[day] = minutes_of_day(tuple(hours_on(case, day)))
        if hours[day]:
            start = local.hour * 60 + local.minute
            for n in range(15):
                if quarter + n >= opened and start + n in hours[day]:
                    yield quarter + n, day
        quarter += 15


@cache
def minutes_of_day(spans):
    return {minute for minute in range(1440) if any(opens <= minute < closes for opens, closes in spans)}


def hours_on(case, day: date):
    if day in case["extra_closed_days"]:
        return []
    if day in case["public_holidays"] and not case["public_holidays_counted"]:
        return []
    if not case["school_breaks_counted"]:
        for first, last in case["school_breaks"]:
            if first <= day and day <= last:
                return []
    if day in case["special_hours"]:
        return case["special_hours"][day]
    return case["open_hours"].get(day.isoweekday(), [])


def paused_minutes(case):
    """The pauses as minutes since 1970; one still open has no end."""
    return [((a - EPOCH) // MINUTE, None if b is None else (b - EPOCH) // MINUTE) for a, b in case["pauses"]]


def is_paused(pauses, minute):
    return any(start <= minute and (end is None or minute < end) for start, end in pauses)


def is_paused_for_good(pauses, minute):
    return any(end is None and start <= minute for start, end in pauses)


def due_by_counting(case, minutes):
    wanted = case["amount"] * 60
    pauses = paused_minutes(case)
    for minute, _ in minutes:
        if is_paused_for_good(pauses, minute):
            return None
        if not is_paused(pauses, minute):
            wanted -= 1
            if wanted == 0:
                return EPOCH + (minute + 1) * MINUTE
    return None


def due_by_days(case, minutes):
    received = None
    if case["received_when_closed"] == "same_day":
        received = case["opened_at"].astimezone(ZoneInfo(case["timezone"])).date()
    used = 0
    pauses = paused_minutes(case)
    today, closing = None, None
    for minute, day in chain(minutes, [(None, None)]):
        if today is not None and day != today and today > received and not is_paused(pauses, closing):
            used += 1
            if used == case["amount"]:
                return EPOCH + closing * MINUTE
        if day is not None:
            if is_paused_for_good(pauses, minute):
                return None
            today, closing = day, minute + 1
            received = received or day
    return None
