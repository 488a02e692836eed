"""The two kinds of guarantee."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

from kernel.guarantee.calendar import InvalidField

ReceivedWhenClosed = Literal["same_day", "next_open_day"]


@dataclass(frozen=True)
class CountedHours:
    """Due when open, unpaused time since the request is this many hours; more than 0.

    "Within 24 hours, all weekdays, breaks included" is CountedHours(24) with
    Mon-Fri 00:00-24:00 and breaks counted.
    """

    hours: int | float


@dataclass(frozen=True)
class WorkingDays:
    """Due by the end (closing) of this many working days after the day of receipt; 1 or more.

    A request received while closed belongs to its own date (`same_day`) or to the next date the door is
    open (`next_open_day`).
    """

    days: int
    received_when_closed: ReceivedWhenClosed = "same_day"


Guarantee = CountedHours | WorkingDays


def check_amount(guarantee: Guarantee) -> None:
    """Raises InvalidField for an amount that is no promise at all. What set-up allows is narrower."""
    if isinstance(guarantee, CountedHours):
        if isinstance(guarantee.hours, bool) or not 0 < guarantee.hours < math.inf:
            raise InvalidField("hours", "must be a number above 0")
        return
    if isinstance(guarantee.days, bool) or not isinstance(guarantee.days, int) or guarantee.days < 1:
        raise InvalidField("days", "must be a whole number, 1 or more")
    if guarantee.received_when_closed not in get_args(ReceivedWhenClosed):
        raise InvalidField("received_when_closed", "must be same_day or next_open_day")


def guarantee_to_json(guarantee: Guarantee) -> dict[str, Any]:
    """`{kind: "counted_hours", hours}` or `{kind: "working_days", days, received_when_closed}`."""
    if isinstance(guarantee, CountedHours):
        return {"kind": "counted_hours", "hours": guarantee.hours}
    return {
        "kind": "working_days",
        "days": guarantee.days,
        "received_when_closed": guarantee.received_when_closed,
    }


def guarantee_from_json(data: object) -> Guarantee:
    """The guarantee of `guarantee_to_json()`; received_when_closed is same_day when absent.

    Raises InvalidField.
    """
    if not isinstance(data, dict):
        raise InvalidField("guarantee", "must be an object")
    guarantee: Guarantee
    match data.get("kind"):
        case "counted_hours":
            if not isinstance(data.get("hours"), int | float):
                raise InvalidField("hours", "must be a number above 0")
            guarantee = CountedHours(data["hours"])
        case "working_days":
            days = data.get("days", 0)
            days = int(days) if isinstance(days, float) and days.is_integer() else days
            guarantee = WorkingDays(days, data.get("received_when_closed") or "same_day")
        case _:
            raise InvalidField("kind", "must be counted_hours or working_days")
    check_amount(guarantee)
    return guarantee
