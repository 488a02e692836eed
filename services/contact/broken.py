"""What follows when the promise about a contact request breaks: whoever had it lets go, and all who may
answer
in the same role and secrecy circle are told. Another role learns nothing: it is offered to the student."""

from kernel.actor import MACHINE
from kernel.audit.operations import record
from services.contact import notices
from services.contact.models import SUBJECT, ContactRequest
from services.promises.models import Promise


def on_broken(promise: Promise) -> None:
    """Runs in the transaction that marks the promise. A closed request stays closed."""
    request = ContactRequest.objects.select_for_update().get(pk=promise.subject_id)
    if not request.is_open:
        return
    if request.state == ContactRequest.State.TAKEN:
        request.state, request.taken_by_id, request.taken_at = ContactRequest.State.WAITING, None, None
        request.save(update_fields=["state", "taken_by", "taken_at"])
        record(by=MACHINE, verb="contact.release", kind=SUBJECT, object_id=request.pk, why="promise-broken")
    notices.still_waiting(request, promise)
