"""A case as the plain values the oracle reads."""

from kernel.guarantee import CountedHours


def plain(case):
    calendar, guarantee = case.calendar, case.guarantee
    counted = isinstance(guarantee, CountedHours)
    return {
        "timezone": calendar.timezone,
        "open_hours": dict(calendar.open_hours),
        "public_holidays": calendar.public_holidays,
        "public_holidays_counted": calendar.public_holidays_counted,
        "school_breaks": calendar.breaks,
        "school_breaks_counted": calendar.school_breaks_counted,
        "extra_closed_days": calendar.extra_closed_days,
        "special_hours": dict(calendar.special_hours),
        "kind": "counted_hours" if counted else "working_days",
        "amount": guarantee.hours if counted else guarantee.days,
        "received_when_closed": None if counted else guarantee.received_when_closed,
        "opened_at": case.opened_at,
        "pauses": case.pauses,
    }
