"""Answering a message of danger with a reviewed text: the second of two taps."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact import operations as contact
from services.contact.models import SUBJECT as CASE
from services.contact.models import ConversationMessage
from services.contact.queries import visible_to
from services.worry.queries import safety_text
from services.worry.safety import TEXTS, as_message


@transaction.atomic
def send_safety_text(
    *, by: Actor, request_id: UUID, language: str, version: str, about: str = "self"
) -> tuple[ConversationMessage, str]:
    """Send the reviewed text of this language, for who is in danger (`about`), as the helper's own message, with the
    country's crisis numbers. To answer is to take. `version` is the one that was looked at before pressing.

    Raises NotFound, NotAllowed, Conflict when another version stands now or none is reviewed, and what
    contact.reply raises. Returns the message and its words.
    """
    request = visible_to(by).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "worry.send_safety_text", request)
    text = safety_text(language, about) if about in TEXTS else None
    if text is None or text.version != version:
        raise Conflict(_("The text has changed. Read it again before you send it."), code="changed")
    said = as_message(text.text, require_current().country)
    message = contact.reply(by=by, request_id=request_id, text=said)
    record(
        by=by,
        verb="worry.send_safety_text",
        kind=CASE,
        object_id=request_id,
        language=language,
        version=version,
        about=about,
    )
    return message, said
