"""What follows when the promise about a contact request breaks: whoever had it lets go, and all who may
answer
in the same role and secrecy circle are told. Another role learns nothing: it is offered to the student."""

from uuid import UUID

from kernel.actor import MACHINE
from kernel.audit.operations import record
from services.contact import notices
from services.contact.models import SUBJECT, ContactRequest
from services.contact.queries import holder_of
from services.promises.models import Promise


def lock(request_id: UUID) -> bool:
    """Lock the request before its promise, as every helper's act does; False when somebody is at it now."""
    return ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).exists()


def on_broken(promise: Promise) -> None:
    """Runs in the transaction that marks the promise. A closed request stays closed; an answered one stays
    with the one who has it, if that one is still there.
    """
    request = ContactRequest.objects.select_for_update().get(pk=promise.subject_id)
    if not request.is_open:
        return
    taken = request.state == ContactRequest.State.TAKEN
    if taken or (request.taken_by_id is not None and holder_of(request) is None):
        request.state = ContactRequest.State.WAITING if taken else request.state
        request.taken_by_id, request.taken_at = None, None
        request.save(update_fields=["state", "taken_by", "taken_at"])
        record(by=MACHINE, verb="contact.release", kind=SUBJECT, object_id=request.pk, why="promise-broken")
    notices.still_waiting(request, promise)
