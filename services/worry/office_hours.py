"""When child welfare's own office answers, and when the one on call does: rows by country. Pure.

Usual hours, not a promise of any office: both numbers always stand there, and the hours only say which stands first.
A row changes by changing this file.
"""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

#: Local time, Monday to Friday: opens, closes.
WEEKDAYS: dict[str, tuple[time, time]] = {
    "NO": (time(8), time(15, 30)),
    "SE": (time(8), time(16, 30)),
    "DK": (time(9), time(15)),
    "FI": (time(8), time(16)),
    "IS": (time(8, 30), time(16)),
}
_USUAL = (time(8), time(16))
_SATURDAY = 5


def office_is_closed(country: str, now: datetime, zone: ZoneInfo, holidays: Collection[date] = ()) -> bool:
    """At night, on weekends and on public holidays."""
    local = now.astimezone(zone)
    opens, closes = WEEKDAYS.get(country, _USUAL)
    if local.weekday() >= _SATURDAY or local.date() in holidays:
        return True
    return not opens <= local.time() < closes
