"""The due time of a promise given now:

the municipality's calendar and guarantee, through the pure arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.errors import Unavailable
from kernel.guarantee import Guarantee, WorkingCalendar, due_at, guarantee_from_json
from kernel.guarantee.due import Pause
from services.promises.models import Promise
from tenants.setup.queries import guarantee_for, longest_pause


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due (UTC), and the calendar and its version that say so."""

    at: datetime
    calendar: WorkingCalendar
    calendar_version_id: UUID


def due_for(
    *, school_id: UUID, role_id: UUID, opened_at: datetime, guarantee: Guarantee | None = None
) -> Due:
    """When something opened at `opened_at` (aware) is due at this door; by another guarantee than the door's own
    where one is said.

    Raises Unavailable when the calendar never gets there: set-up refuses such a guarantee, and nothing here
    falls back to elapsed time.
    """
    calendar, usual, version_id = guarantee_for(school_id, role_id)
    guarantee = guarantee or usual
    at = due_at(calendar, guarantee, opened_at)
    if at is None:
        raise Unavailable(_("Right now we cannot say when somebody answers. Call one of the numbers here."))
    return Due(at, calendar, version_id)


def due_with_pauses(promise: Promise, pauses: Iterable[Pause]) -> datetime:
    """When a promise that may pause is due, by the calendar and the guarantee it was given with.

    Raises Unavailable when it is never reached; ValueError for a promise that never pauses.
    """
    if promise.guarantee is None:
        raise ValueError("this promise never pauses")
    calendar = WorkingCalendar.from_json(promise.calendar_version.data)
    at = due_at(calendar, guarantee_from_json(promise.guarantee), promise.opened_at, pauses)
    if at is None:
        raise Unavailable(_("Right now we cannot say when somebody answers. Call one of the numbers here."))
    return at


@dataclass(frozen=True, slots=True)
class Turn:
    """The student's turn: since when it goes on, whether the clock has stood in it before, and until when it may stand
    at most: `now`, when it may stand no longer.
    """

    since: datetime
    has_stood: bool
    latest: datetime


def turn_of(promise: Promise, now: datetime, acted_at: datetime | None = None) -> Turn:
    """All the pauses since the student's own last act (`acted_at`; None: all there were) count together against the
    longest pause of the municipality: each counted day on which the clock stood is one of its days, by the calendar the
    promise was given with. Taking times back and proposing anew gives no fresh ones. A pause that runs keeps the end it
    was given. Raises Unavailable when that is never.
    """
    rows = list(promise.pauses.order_by("starts_at"))
    over = [one for one in rows if one.starts_at < one.ends_at <= now]
    stood = [(one.starts_at, one.ends_at) for one in over if acted_at is None or one.ends_at > acted_at]
    running = next((one for one in rows if one.ends_at > now), None)
    begins = running.starts_at if running else now
    since = max(stood[0][0], acted_at or stood[0][0]) if stood else begins
    if running is not None and running.latest_at is not None:
        return Turn(running.turn_since or running.starts_at, bool(stood), running.latest_at)
    calendar, longest = WorkingCalendar.from_json(promise.calendar_version.data), longest_pause()
    left = longest.days - len(_days_of(calendar, stood, since))
    if left <= 0:
        return Turn(since, True, now)
    at = due_at(calendar, replace(longest, days=left), begins)
    if at is None:
        raise Unavailable(_("Right now we cannot say when somebody answers. Call one of the numbers here."))
    return Turn(since, bool(stood), at)


def _days_of(
    calendar: WorkingCalendar, pauses: Iterable[tuple[datetime, datetime]], since: datetime
) -> set[date]:
    """The counted days (local) on which the clock stood, from `since` on."""
    days = set()
    for starts_at, ends_at in pauses:
        day, last = (one.astimezone(calendar.zone).date() for one in (max(starts_at, since), ends_at))
        while day <= last:
            if calendar.open_intervals(day):
                days.add(day)
            day += timedelta(days=1)
    return days
