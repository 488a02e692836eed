"""Local dates in absolute time: where on the UTC line a local date lies, and how its wall clock runs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Run(NamedTuple):
    """A stretch [start, end) of a local date with one offset; `midnight` is 00:00 by that offset. All UTC."""

    start: datetime
    end: datetime
    midnight: datetime


@lru_cache(maxsize=8192)
def wall_clock_runs(timezone: str, day: date) -> tuple[Run, ...]:
    """The stretches of a local date in which the wall clock runs evenly: two where the offset changes.

    The window holds the date in every zone (offsets go from -12 to +14 h); no zone changes twice in it.
    """
    zone = ZoneInfo(timezone)
    noon = datetime.combine(day, time(12), UTC)
    low, high = noon - timedelta(hours=28), noon + timedelta(hours=28)
    stretches = [(low, high)]
    if _offset(zone, low) != _offset(zone, high):
        change = _change(zone, low, high)
        stretches = [(low, change), (change, high)]
    runs = []
    for begins, ends in stretches:
        midnight = noon - timedelta(hours=12) - _offset(zone, begins)
        run = Run(max(begins, midnight), min(ends, midnight + timedelta(days=1)), midnight)
        if run.start < run.end:
            runs.append(run)
    return tuple(runs)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first instant with the offset of `high`, to the second, by halving."""
    before = _offset(zone, low)
    seconds_low, seconds_high = 0, int((high - low).total_seconds())
    while seconds_high - seconds_low > 1:
        middle = (seconds_low + seconds_high) // 2
        if _offset(zone, low + timedelta(seconds=middle)) == before:
            seconds_low = middle
        else:
            seconds_high = middle
    return low + timedelta(seconds=seconds_high)
