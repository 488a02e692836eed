"""When somebody who can answer is there again: what a student is told whose promise broke, and who has no new one.

By the roster as it is planned, and no promise. Nobody is counted who has stepped aside, is kept out or was told no.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from services.contact.handover_queries import kept_out
from services.contact.hours import closed_now
from services.contact.models import ContactRequest
from tenants.setup.queries import portal

#: How far ahead is looked: longer than any break.
AHEAD = 60


def there_on(request: ContactRequest, holder_id: UUID | None, now: datetime) -> date | None:
    """The first open day, today included while it is open, on which whoever has it is there; where nobody has it,
    anybody at its door. None: no day is planned.
    """
    door, place = portal(), (request.role_id, request.school_id)
    closed = closed_now(door, now)
    first = (
        door.day
        if closed is None or door.calendar is None
        else closed.opens_at.astimezone(door.calendar.zone).date()
    )
    aside = kept_out(request.pk)
    for day in (first + timedelta(days=number) for number in range(AHEAD)):
        if not door.is_open(day):
            continue
        here = set(door.roster.present(*place, day)) - aside
        if holder_id in here or (holder_id is None and here):
            return day
    return None
