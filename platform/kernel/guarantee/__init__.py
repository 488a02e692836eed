"""The response guarantee: when is an answer due? Pure arithmetic; no ORM, no clock, no input or output.

Who uses it: contact requests, handovers, measures and duty gaps (through `services.promises`), the set-up
pages (`check_guarantee`, `worked_examples`), and anybody who wants to check us (`manage.py due`).

Words: *working calendar* (when the door is open), *span* (open hours of a day), *counted day*, *guarantee*
(counted hours or working days), *due*, *pause*. How it works: docs/how/guarantee.md.

Doors:
    WorkingCalendar(...), .to_json(), .from_json(), .is_counted(day), .why_closed(day), .open_intervals(day)
    CountedHours(24), WorkingDays(2, "next_open_day"), guarantee_to_json(), guarantee_from_json()
    due_at(calendar, guarantee, opened_at, pauses=()), is_open(calendar, t), next_open(calendar, t)
    check_guarantee(guarantee, calendar, now=None), worked_examples(calendar, guarantee, now)
    half_day(spans, closes_at), is_late(t, zone), late_due(calendar, guarantee, now)
"""

from kernel.guarantee.calendar import InvalidField, Span, WorkingCalendar, half_day
from kernel.guarantee.due import Problem, check_guarantee, due_at, is_open, next_open, worked_examples
from kernel.guarantee.kinds import (
    CountedHours,
    Guarantee,
    WorkingDays,
    guarantee_from_json,
    guarantee_to_json,
)
from kernel.guarantee.late import is_late, late_due

__all__ = [
    "CountedHours",
    "Guarantee",
    "InvalidField",
    "Problem",
    "Span",
    "WorkingCalendar",
    "WorkingDays",
    "check_guarantee",
    "due_at",
    "guarantee_from_json",
    "guarantee_to_json",
    "half_day",
    "is_late",
    "is_open",
    "late_due",
    "next_open",
    "worked_examples",
]
