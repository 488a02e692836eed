"""What a person must still decide, for whoever must give it on: number, door and clock, no content."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.contact.said_no import kept_out_of
from services.contact.wishes import from_outside
from services.worry.models import Worry
from services.worry.queries import clock_of
from tenants.setup.leaving import Open


def held_by(account_id: UUID) -> list[Open]:
    """Open worries the account decides about, also while it is away."""
    theirs = Q(deputy_id=account_id) | Q(deputy__isnull=True, request__taken_by_id=account_id)
    rows = list(Worry.objects.filter(theirs, closed_at__isnull=True).select_related("request"))
    ids, found = [worry.request_id for worry in rows], []
    apart, outside = kept_out_of(ids), from_outside(ids)
    for worry in rows:
        promise = clock_of(worry)
        runs = promise is not None and promise.answered_at is None and promise.ended_at is None
        found.append(
            Open(
                id=worry.pk,
                number=worry.request.case_number,
                role_id=worry.request.role_id,
                school_id=worry.request.school_id,
                due_at=promise.due_at if promise and runs else None,
                apart=apart[worry.request_id],
                from_outside=worry.request_id in outside,
                says=_("a worry"),
            )
        )
    return found
