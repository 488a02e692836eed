"""The due time of a promise given now:

the municipality's calendar and guarantee, through the pure arithmetic.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from kernel.errors import Unavailable
from kernel.guarantee import WorkingCalendar, due_at
from tenants.setup.queries import guarantee_for


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due (UTC), and the calendar and its version that say so."""

    at: datetime
    calendar: WorkingCalendar
    calendar_version_id: UUID


def due_for(*, school_id: UUID, role_id: UUID, opened_at: datetime) -> Due:
    """When something opened at `opened_at` (aware) is due at this door.

    Raises Unavailable when the calendar never gets there: set-up refuses such a guarantee, and nothing here
    falls back to elapsed time.
    """
    calendar, guarantee, version_id = guarantee_for(school_id, role_id)
    at = due_at(calendar, guarantee, opened_at)
    if at is None:
        raise Unavailable(_("Right now we cannot say when somebody answers. Call one of the numbers here."))
    return Due(at, calendar, version_id)
