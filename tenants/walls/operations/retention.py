"""What the end of a rehearsal removes."""

from django.db import transaction

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.permissions import require
from kernel.tenancy import require_current
from tenants.walls.models import Grant, Opening


@transaction.atomic
def end_rehearsal(*, by: Actor) -> int:
    """Remove every grant and opening of a rehearsal. Raises Conflict outside of one. Returns how many went."""
    require(by, "walls.end_rehearsal")
    if require_current().state != "rehearsal":
        raise Conflict("Only a rehearsal can be cleared.")
    grants, _rows = Grant.objects.all().delete()
    openings, _rows = Opening.objects.all().delete()
    record(by=by, verb="walls.end_rehearsal", kind="walls", object_id="all", count=grants + openings)
    return grants + openings
