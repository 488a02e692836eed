"""The working calendar: on which local dates, and between which instants, the door is open.

An instant is open when the local date it falls on is counted and the local wall clock reads inside one of
that day's spans. So the hour skipped in spring is never open, the hour repeated in autumn is open both
times, and 24:00 is the end of the local day however long that day is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kernel.guarantee.wall_clock import wall_clock_runs

DAY_ENDS = 24 * 60
YEARS = range(1900, 9901)
Closed = Literal["weekday", "special_hours", "extra_closed_day", "public_holiday", "school_break"]


class InvalidField(ValueError):
    """A value that cannot be a calendar, a guarantee or an instant. `field` names it (`open_hours[3]`)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Span(NamedTuple):
    """Open hours of one day in minutes since local midnight, half-open [opens, closes); 24:00 is 1440."""

    opens: int
    closes: int


class Interval(NamedTuple):
    """A stretch of open time, half-open [start, end), both UTC aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class WorkingCalendar:
    """When helpers answer, read in one IANA zone. `open_hours` has ISO weekdays (1 = Monday) as keys.

    `special_hours` replace the weekday's hours on that date (no spans: closed). Closing reasons win over
    them: an extra closed day, a public holiday unless counted, a school break (both ends inclusive) unless
    counted. Holidays are the municipality's own rows, never asked of a library here.
    Raises InvalidField naming the field. Spans are sorted; values are copied, so later edits do not reach in.
    """

    timezone: str
    open_hours: Mapping[int, tuple[Span, ...]]
    public_holidays: frozenset[date] = frozenset()
    public_holidays_counted: bool = False
    breaks: tuple[tuple[date, date], ...] = ()
    school_breaks_counted: bool = False
    extra_closed_days: frozenset[date] = frozenset()
    special_hours: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_zone(self.timezone)
        for flag in ("public_holidays_counted", "school_breaks_counted"):
            if not isinstance(getattr(self, flag), bool):
                raise InvalidField(flag, "must be true or false")
        for weekday in self.open_hours:
            if isinstance(weekday, bool) or weekday not in range(1, 8):
                raise InvalidField(f"open_hours[{weekday}]", "weekdays are 1 (Monday) to 7 (Sunday)")
        weekly = {d: _spans(f"open_hours[{d}]", spans) for d, spans in self.open_hours.items()}
        self._set("open_hours", dict(sorted(weekly.items())))
        self._set("public_holidays", _days("public_holidays", self.public_holidays))
        self._set("extra_closed_days", _days("extra_closed_days", self.extra_closed_days))
        special = {
            _day(name := f"special_hours[{d}]", d): _spans(name, spans)
            for d, spans in self.special_hours.items()
        }
        self._set("special_hours", dict(sorted(special.items())))
        self._set("breaks", tuple(sorted(_break(f"breaks[{n}]", b) for n, b in enumerate(self.breaks))))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def hours_of(self, day: date) -> tuple[Span, ...]:
        """The spans of a local date, closing reasons aside."""
        if day in self.special_hours:
            return self.special_hours[day]
        return self.open_hours.get(day.isoweekday(), ())

    def why_closed(self, day: date) -> Closed | None:
        """The reason why a local date is not counted; None when it is."""
        if day in self.extra_closed_days:
            return "extra_closed_day"
        if day in self.public_holidays and not self.public_holidays_counted:
            return "public_holiday"
        if not self.school_breaks_counted and self.in_break(day):
            return "school_break"
        if self.hours_of(day):
            return None
        return "special_hours" if day in self.special_hours else "weekday"

    def is_counted(self, day: date) -> bool:
        return self.why_closed(day) is None

    def in_break(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.breaks)

    def open_intervals(self, day: date) -> tuple[Interval, ...]:
        """The open stretches of a local date in order, touching ones joined; empty when it is not counted."""
        if not self.is_counted(day):
            return ()
        found: list[Interval] = []
        for run in wall_clock_runs(self.timezone, day):
            for opens, closes in self.hours_of(day):
                start = max(run.start, run.midnight + timedelta(minutes=opens))
                end = min(run.end, run.midnight + timedelta(minutes=closes))
                if start >= end:
                    continue
                if found and found[-1].end == start:
                    start = found.pop().start
                found.append(Interval(start, end))
        return tuple(found)

    def ever_opens(self) -> bool:
        """False when no weekday has hours and no date with special hours is counted."""
        return any(self.open_hours.values()) or any(self.is_counted(day) for day in self.special_hours)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, the same for equal calendars: what is stored with a calendar's version."""
        return {
            "timezone": self.timezone,
            "open_hours": {str(d): _spans_to_json(s) for d, s in self.open_hours.items()},
            "public_holidays": [d.isoformat() for d in sorted(self.public_holidays)],
            "public_holidays_counted": self.public_holidays_counted,
            "breaks": [[first.isoformat(), last.isoformat()] for first, last in self.breaks],
            "school_breaks_counted": self.school_breaks_counted,
            "extra_closed_days": [d.isoformat() for d in sorted(self.extra_closed_days)],
            "special_hours": {d.isoformat(): _spans_to_json(s) for d, s in self.special_hours.items()},
        }

    @classmethod
    def from_json(cls, data: object) -> WorkingCalendar:
        """The calendar of `to_json()`. Only timezone and open_hours are required.

        Raises InvalidField naming what is missing, unknown or unreadable.
        """
        fields = _object("calendar", data)
        for name in fields:
            if name not in cls.__dataclass_fields__:
                raise InvalidField(name, "is not a field of a working calendar")
        for name in ("timezone", "open_hours"):
            if name not in fields:
                raise InvalidField(name, "is missing")
        return cls(
            timezone=fields["timezone"],
            open_hours={
                _weekday(d): _read_spans(f"open_hours[{d}]", s)
                for d, s in _object("open_hours", fields["open_hours"]).items()
            },
            public_holidays=_read_days("public_holidays", fields.get("public_holidays", [])),
            public_holidays_counted=fields.get("public_holidays_counted", False),
            breaks=tuple(
                (read_day(f"breaks[{n}]", first), read_day(f"breaks[{n}]", last))
                for n, (first, last) in enumerate(_pairs("breaks", fields.get("breaks", [])))
            ),
            school_breaks_counted=fields.get("school_breaks_counted", False),
            extra_closed_days=_read_days("extra_closed_days", fields.get("extra_closed_days", [])),
            special_hours={
                read_day(f"special_hours[{d}]", d): _read_spans(f"special_hours[{d}]", s)
                for d, s in _object("special_hours", fields.get("special_hours", {})).items()
            },
        )


def half_day(spans: Iterable[tuple[int, int]], closes_at: int = 12 * 60) -> tuple[Span, ...]:
    """What is left of a day's spans when it closes at `closes_at` (minutes since midnight, default 12:00).

    A half day (Julafton, the Wednesday before Easter) does not close the day: the result becomes its
    special hours.
    """
    return tuple(Span(opens, min(closes, closes_at)) for opens, closes in spans if opens < closes_at)


# --- checking ----------------------------------------------------------------------------------------


def _check_zone(timezone: object) -> None:
    if not isinstance(timezone, str) or not timezone:
        raise InvalidField("timezone", "must be the name of an IANA zone, such as Europe/Oslo")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, such as "Europe"
        raise InvalidField("timezone", f"{timezone!r} is not an IANA zone") from None


def _spans(name: str, spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    ordered = sorted(Span(*span) for span in spans)
    for span in ordered:
        if not 0 <= span.opens < span.closes <= DAY_ENDS:
            raise InvalidField(name, f"{_clock(span)} must open before it closes, within 00:00 to 24:00")
    for earlier, later in pairwise(ordered):
        if later.opens < earlier.closes:
            raise InvalidField(name, f"{_clock(earlier)} and {_clock(later)} overlap")
    return tuple(ordered)


def _clock(span: Span) -> str:
    return "–".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span)


def _day(name: str, day: object) -> date:
    if not isinstance(day, date) or isinstance(day, datetime):
        raise InvalidField(name, f"{day!r} is not a date")
    if day.year not in YEARS:
        raise InvalidField(name, "must lie between the years 1900 and 9900")
    return day


def _days(name: str, days: Iterable[date]) -> frozenset[date]:
    return frozenset(_day(name, day) for day in days)


def _break(name: str, pair: tuple[date, date]) -> tuple[date, date]:
    first, last = (_day(name, day) for day in pair)
    if first > last:
        raise InvalidField(name, f"ends ({last}) before it begins ({first})")
    return first, last


# --- JSON --------------------------------------------------------------------------------------------

_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::00)?", re.ASCII)


def _spans_to_json(spans: tuple[Span, ...]) -> list[list[str]]:
    return [_clock(span).split("–") for span in spans]


def _object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidField(name, "must be an object")
    return value


def _pairs(name: str, value: object) -> list[tuple[Any, Any]]:
    """A list of two-element lists."""
    if not isinstance(value, list):
        raise InvalidField(name, "must be a list of pairs")
    for n, pair in enumerate(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise InvalidField(f"{name}[{n}]", "must be a pair")
    return [(pair[0], pair[1]) for pair in value]


def _weekday(text: str) -> int:
    if text not in {"1", "2", "3", "4", "5", "6", "7"}:
        raise InvalidField(f"open_hours[{text}]", "weekdays are 1 (Monday) to 7 (Sunday)")
    return int(text)


def _read_spans(name: str, value: object) -> tuple[Span, ...]:
    return tuple(
        Span(_read_time(name, opens), _read_time(name, closes)) for opens, closes in _pairs(name, value)
    )


def _read_time(name: str, text: object) -> int:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise InvalidField(name, f"{text!r} is not a time of day HH:MM")
    return int(match[1]) * 60 + int(match[2])


def read_day(name: str, text: object) -> date:
    """A date written YYYY-MM-DD; InvalidField otherwise."""
    try:
        if isinstance(text, str) and (day := date.fromisoformat(text)).isoformat() == text:
            return day
    except ValueError:
        pass
    raise InvalidField(name, f"{text!r} is not a date YYYY-MM-DD")


def _read_days(name: str, value: object) -> frozenset[date]:
    if not isinstance(value, list):
        raise InvalidField(name, "must be a list of dates")
    return frozenset(read_day(f"{name}[{n}]", day) for n, day in enumerate(value))
