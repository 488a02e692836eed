"""What time, or the end of a rehearsal, removes."""

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations.forgetting import forget


def forget_keys(*, by: Actor) -> int:
    """Forget the idempotency keys of knocks older than 48 hours. Returns how many were forgotten."""
    require(by, "contact.forget_keys")
    old = ContactRequest.objects.filter(idempotency_until__lte=clock.now())
    with transaction.atomic():
        forgotten = old.update(idempotency_hash=None, body_hash=None, idempotency_until=None)
        if forgotten:
            record(by=by, verb="contact.forget_keys", kind=SUBJECT, object_id="all", count=forgotten)
    return forgotten


@transaction.atomic
def end_rehearsal(*, by: Actor) -> int:
    """Remove everything that was knocked in a rehearsal, keys first, before the municipality goes live.

    Raises Conflict outside of a rehearsal: a real conversation is never removed this way. Returns how many
    went.
    """
    require(by, "contact.end_rehearsal")
    if require_current().state != "rehearsal":
        raise Conflict("Only a rehearsal can be cleared.")
    ids = list(ContactRequest.objects.values_list("pk", flat=True))
    forget(by=by, request_ids=ids)
    record(by=by, verb="contact.end_rehearsal", kind=SUBJECT, object_id="all", count=len(ids))
    return len(ids)
