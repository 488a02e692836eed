"""From the municipality's rows to the calendar the guarantee is computed with. Pure: rows in, value out."""

from collections.abc import Iterable
from typing import Any

from kernel.guarantee import WorkingCalendar, half_day
from tenants.setup.models import ClosedDay, SchoolBreak


def build(
    *,
    timezone: str,
    open_hours: dict[str, Any],
    public_holidays_counted: bool,
    school_breaks_counted: bool,
    closed_days: Iterable[ClosedDay],
    breaks: Iterable[SchoolBreak],
) -> WorkingCalendar:
    """The calendar value. A half day becomes special hours: the weekday's own, cut at its `closes_at`.

    Raises kernel.guarantee.InvalidField naming what cannot be.
    """
    plain = WorkingCalendar.from_json({"timezone": timezone, "open_hours": open_hours})
    rows = list(closed_days)
    closed = [row for row in rows if row.state == ClosedDay.State.CLOSED]
    holiday = ClosedDay.Kind.PUBLIC_HOLIDAY
    halves = {
        row.day: half_day(plain.hours_of(row.day), row.closes_at)
        for row in rows
        if row.state == ClosedDay.State.HALF
        and plain.hours_of(row.day)
        and not (row.kind == holiday and public_holidays_counted)
    }
    return WorkingCalendar(
        timezone=timezone,
        open_hours=plain.open_hours,
        public_holidays=frozenset(row.day for row in closed if row.kind == holiday),
        public_holidays_counted=public_holidays_counted,
        breaks=tuple((row.first_day, row.last_day) for row in breaks),
        school_breaks_counted=school_breaks_counted,
        extra_closed_days=frozenset(row.day for row in closed if row.kind != holiday),
        special_hours=halves,
    )
