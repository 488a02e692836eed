"""Why the promise of a meeting is where it is: the last thing that moved it, as a code that each page says in words.

Pure: the promises, their pauses and the last decided time come in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.meetings.models import MeetingTime
from services.promises.models import Promise, PromisePause

type Why = Literal["agreed", "turn", "waited", "cancelled", "off", "missed", "broken", "urgency"]
State = MeetingTime.State

_BY_LAST: dict[str, Why] = {
    State.CANCELLED: "cancelled",
    State.TAKEN_BACK: "off",
    State.FELL_THROUGH: "off",
    State.NO_SHOW: "missed",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """`until`: while it is the student's turn, when that ends."""

    why: Why
    until: datetime | None = None


def moved(
    promise: Promise | None,
    before: Sequence[Promise],
    pauses: Iterable[PromisePause],
    *,
    agreed: bool,
    last: MeetingTime | None,
    now: datetime,
) -> Moved | None:
    """Why `promise`, which counts now, is due when it is; None while nothing has moved it.

    before   the meeting's other promises     pauses   of this promise
    last     the time that was decided last
    """
    if promise is None:
        return None
    if agreed:
        return Moved("agreed")
    stood = [one for one in pauses if one.starts_at < one.ends_at]
    running = next((one for one in stood if one.starts_at <= now < one.ends_at), None)
    if running is not None:
        return Moved("turn", running.ends_at)
    if any(one.ends_at <= now for one in stood):
        return Moved("waited")
    return _given_anew(before, last) if before else None


def _given_anew(before: Sequence[Promise], last: MeetingTime | None) -> Moved:
    """By what became of the promise before this one: of two of one minute, that of an agreed time came after."""
    previous = max(before, key=lambda one: (one.opened_at, one.guarantee is None))
    if previous.broken_at is not None and previous.kept_at is None:
        return Moved("broken")
    if previous.guarantee is None and last is not None and last.state in _BY_LAST:
        return Moved(_BY_LAST[last.state])
    return Moved("urgency")
