"""The due time of a promise given now:

the municipality's calendar and guarantee, through the pure arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
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


def latest_pause_end(promise: Promise, now: datetime) -> datetime:
    """Until when its clock may stand at most: from the beginning of the pause that runs, else from `now`, by the
    calendar it was given with and the longest pause of the municipality. Raises Unavailable when that is never.
    """
    running = promise.pauses.filter(ends_at__gt=now).order_by("starts_at").first()
    if running is not None and running.latest_at is not None:
        return running.latest_at
    calendar = WorkingCalendar.from_json(promise.calendar_version.data)
    at = due_at(calendar, longest_pause(), running.starts_at if running else now)
    if at is None:
        raise Unavailable(_("Right now we cannot say when somebody answers. Call one of the numbers here."))
    return at
