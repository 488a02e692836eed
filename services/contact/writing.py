"""Writing one message into a conversation whose request the caller has locked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from kernel.actor import Actor
from services.attachments.intake import Taken
from services.attachments.operations import attach
from services.contact.enclosing import check_enclosed
from services.contact.models import ContactRequest, ConversationMessage


def add_message(
    request: ContactRequest,
    *,
    sender: str,
    text: str,
    at: datetime,
    account_id: UUID | None = None,
    visible_at: datetime | None = None,
    tag: str = "",
) -> ConversationMessage:
    """The next message, sealed under the request's case key. Its number is its own for ever: who may read from where on
    is counted by numbers (handover, next door, friend), also of a message that was taken back since."""
    last = ConversationMessage.objects.filter(request=request).aggregate(last=Max("number"))["last"]
    given = ContactRequest.objects.values_list("numbered", flat=True).get(pk=request.pk)
    request.numbered = max(last or 0, given) + 1
    ContactRequest.objects.filter(pk=request.pk).update(numbered=request.numbered)
    message = ConversationMessage(
        request=request,
        sender=sender,
        account_id=account_id,
        at=at,
        number=request.numbered,
        visible_at=visible_at,
    )
    message.text = text
    message.tag = tag or None
    message.save(force_insert=True)
    return message


def enclose(by: Actor, request: ContactRequest, message: ConversationMessage, files: Sequence[Taken]) -> None:
    """Keep the files with the message, in its transaction. Raises Invalid (files) when none may be sent here."""
    if files:
        check_enclosed(by, request, files)
        attach(by=by, case_key=request.case_key, subject_id=message.pk, files=files)
