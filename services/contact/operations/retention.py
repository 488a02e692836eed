"""What time, or the end of a rehearsal, removes."""

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.operations import shred
from kernel.errors import Conflict
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact.models import SUBJECT, ContactAttempt, ContactRequest, ConversationMessage
from services.promises.models import Promise


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
    requests = list(ContactRequest.objects.select_for_update())
    ids = [request.pk for request in requests]
    ConversationMessage.objects.filter(request_id__in=ids).delete()
    ContactAttempt.objects.filter(request_id__in=ids).delete()
    Promise.objects.filter(subject_kind=SUBJECT, subject_id__in=ids).delete()
    ContactRequest.objects.filter(pk__in=ids).delete()
    shred(by=by, case_key_ids=[request.case_key_id for request in requests])
    record(by=by, verb="contact.end_rehearsal", kind=SUBJECT, object_id="all", count=len(ids))
    return len(ids)
