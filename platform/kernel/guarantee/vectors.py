"""Reads the worked cases ("vectors") of the guarantee, the form in which anybody can check our arithmetic.

One case: `{id, timezone, calendar, guarantee, opened_at, paused?}` with
    calendar   {open_hours: {"1": [["08:00", "16:00"]]}, weekdays?: [1], special_hours?: {date: [[from, to]]},
               public_holidays_in_window?: [date], public_holidays_counted?, extra_closed_days?: [date],
               school_breaks?: [[first date, last date]], school_breaks_counted?}
    guarantee  {kind: "counted_hours", hours} or {kind: "working_days", days, received_when_closed?}
    paused     [[from, to or null]]
What is marked ? may be absent or null: no such days, not counted, every weekday that has hours, same_day, no
pause. Instants are ISO 8601 with any offset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kernel.guarantee.calendar import InvalidField, WorkingCalendar
from kernel.guarantee.due import Pause, due_at
from kernel.guarantee.kinds import Guarantee, guarantee_from_json

#: The vectors' names of a calendar's fields -> ours.
CALENDAR_FIELDS = {
    "open_hours": "open_hours",
    "public_holidays_in_window": "public_holidays",
    "public_holidays_counted": "public_holidays_counted",
    "school_breaks": "breaks",
    "school_breaks_counted": "school_breaks_counted",
    "extra_closed_days": "extra_closed_days",
    "special_hours": "special_hours",
}

#: Every field that may stand at each level. A case's own words about itself are for people.
_DOCUMENT = {"cases", "semantics", "version", "checked_with"}
_CASE = {"id", "timezone", "calendar", "guarantee", "opened_at", "paused", "title", "why", "tags", "country"}
_CALENDAR = {*CALENDAR_FIELDS, "weekdays"}
_KINDS = {"kind", "hours", "days", "received_when_closed"}


@dataclass(frozen=True)
class Case:
    """One worked case; `unknown` lists fields, at any level, that mean nothing to us and were not used."""

    calendar: WorkingCalendar
    guarantee: Guarantee
    opened_at: datetime
    pauses: tuple[Pause, ...]
    unknown: tuple[str, ...]

    def due_at(self) -> datetime | None:
        return due_at(self.calendar, self.guarantee, self.opened_at, self.pauses)


def read_document(text: str) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The cases of `{"cases": [...]}` (or of a bare list), unread, and the document's other fields that mean
    nothing to us. Raises InvalidField."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidField("input", f"is not JSON ({error})") from None
    cases = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(cases, list):
        raise InvalidField("cases", "must be a list")
    other = set(document) - _DOCUMENT if isinstance(document, dict) else set[str]()
    return cases, tuple(sorted(other))


def read_case(data: object) -> Case:
    """A case as values of ours; expected answers in it are not looked at. Raises InvalidField."""
    case = _object("case", data)
    for name in ("timezone", "calendar", "guarantee", "opened_at"):
        if case.get(name) is None:
            raise InvalidField(name, "is missing")
    calendar = _object("calendar", case["calendar"])
    fields = {name: value for name, value in calendar.items() if value is not None}
    try:
        guarantee = guarantee_from_json(case["guarantee"])
    except InvalidField as error:
        field = error.field if error.field == "guarantee" else f"guarantee.{error.field}"
        raise InvalidField(field, error.reason) from None
    return Case(
        calendar=_calendar(case["timezone"], fields),
        guarantee=guarantee,
        opened_at=_instant("opened_at", case["opened_at"]),
        pauses=tuple(_pauses(case.get("paused") or [])),
        unknown=tuple(_unknown(case)),
    )


def _unknown(case: dict[str, Any]) -> Iterator[str]:
    """Fields that mean nothing to us. What starts with `expected` is somebody's answer, and not looked at."""
    levels = (
        ("", case, _CASE),
        ("calendar.", case["calendar"], _CALENDAR),
        ("guarantee.", case["guarantee"], _KINDS),
    )
    for level, fields, known in levels:
        for name in fields:
            if name not in known and not (level == "" and name.startswith("expected")):
                yield f"{level}{name}"


def _calendar(timezone: object, fields: dict[str, Any]) -> WorkingCalendar:
    ours = {CALENDAR_FIELDS[name]: value for name, value in fields.items() if name in CALENDAR_FIELDS}
    if "weekdays" in fields and isinstance(ours.get("open_hours"), dict):
        allowed = _weekdays(fields["weekdays"])
        # A day that is none is left in, for the calendar to refuse.
        known = set("1234567")
        ours["open_hours"] = {
            day: spans for day, spans in ours["open_hours"].items() if day in allowed or day not in known
        }
    try:
        return WorkingCalendar.from_json({"timezone": timezone, **ours})
    except InvalidField as error:
        if error.field == "timezone":
            raise
        theirs = {ours: name for name, ours in CALENDAR_FIELDS.items()}
        root, bracket, rest = error.field.partition("[")
        raise InvalidField(f"calendar.{theirs.get(root, root)}{bracket}{rest}", error.reason) from None


def _weekdays(value: object) -> set[str]:
    days = {str(day) for day in value} if isinstance(value, list) else {""}
    if not days <= set("1234567"):
        raise InvalidField("calendar.weekdays", "must be a list of 1 (Monday) to 7 (Sunday)")
    return days


def _pauses(value: object) -> Iterator[Pause]:
    if not isinstance(value, list):
        raise InvalidField("paused", "must be a list of [from, to]")
    for n, pair in enumerate(value):
        if not isinstance(pair, list) or len(pair) != 2:
            raise InvalidField(f"paused[{n}]", "must be [from, to]; to is null while the pause is open")
        start = _instant(f"paused[{n}]", pair[0])
        end = None if pair[1] is None else _instant(f"paused[{n}]", pair[1])
        if end is not None and end < start:
            raise InvalidField(f"paused[{n}]", "ends before it begins")
        yield start, end


def _instant(name: str, text: object) -> datetime:
    """ISO 8601 with an offset, any offset; T24:00 is the end of the day (Python reads it from 3.14 on)."""
    written = text if isinstance(text, str) else ""
    started = re.sub(r"T24:00(:00)?(?!\d|:)", "T00:00", written)
    try:
        instant = datetime.fromisoformat(started) + timedelta(days=started != written)
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        raise InvalidField(name, f"{text!r} is not an ISO 8601 instant")
    if instant.tzinfo is None:
        raise InvalidField(name, f"{text!r} has no offset: which instant it is cannot be known")
    return instant


def _object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidField(name, "must be an object")
    return value


def instant_to_json(instant: datetime | None) -> str | None:
    """UTC, `2026-04-07T12:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None
