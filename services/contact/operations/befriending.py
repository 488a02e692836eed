"""A friend whom the student has asked in writes beside them. Who is asked in, the room above knows (services.reach)."""

from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from services.contact import notices, rules
from services.contact.models import SUBJECT, ContactRequest, ConversationMessage
from services.contact.operations.answering import promise_a_reply
from services.contact.writing import add_message
from services.promises.queries import present, promises_of


@transaction.atomic
def friend_writes(*, by: Actor, request_id: UUID, tag: str, text: str) -> ConversationMessage:
    """Add a friend's words, under what the student calls them. Whoever answers is told as of the student's own.

    Raises NotFound, NotAllowed, Invalid (text), Conflict when it is closed: only its student opens it again.
    """
    request = ContactRequest.objects.select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "contact.friend_writes", request)
    clean = rules.check_text(text)
    if not request.is_open:
        raise Conflict(code="closed")
    at = clock.this_minute()
    message = add_message(request, sender=ConversationMessage.Sender.FRIEND, text=clean, at=at, tag=tag)
    promise_a_reply(request, at)
    record(by=by, verb="contact.friend_writes", kind=SUBJECT, object_id=request.pk, message=str(message.pk))
    notices.student_wrote(request, message, present(promises_of(request.pk)))
    return message
