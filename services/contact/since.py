"""What became of a knock since it was accepted, for the page with its code: a reload shows that, no promise of then.

No word is opened for it, and nothing is written: it stands on the rows alone, as their student sees them.
"""

from datetime import datetime

from django.db import DatabaseError, InterfaceError

from services.contact.as_seen import as_its_student_sees_it
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import Accepted, Conversation
from services.contact.standing import Standing, standing_of
from services.promises.queries import promises_of


def since(accepted: Accepted, now: datetime) -> Standing | None:
    """Where it stands now; None while it waits as it did, or is closed. Nothing is better than no receipt: with the
    database away nothing is said.
    """
    try:
        request = ContactRequest.objects.filter(pk=accepted.request_id).first() if accepted.is_open else None
        standing = standing_of(_unopened(request, now), now) if request else None
    except (DatabaseError, InterfaceError):
        return None
    is_as_it_was = standing is None or (standing.word == "waiting" and standing.due == accepted.due_at)
    return None if is_as_it_was else standing


def _unopened(request: ContactRequest, now: datetime) -> Conversation:
    promises = promises_of(request.pk)
    attempts = list(request.attempts.order_by("at", "recorded_at"))
    on_their_way = ConversationMessage.objects.filter(request=request, visible_at__gt=now).defer(
        "text", "tag"
    )
    _words, seen = as_its_student_sees_it(request, list(on_their_way), promises, attempts)
    return Conversation(
        request=request,
        lines=(),
        channel_value="",
        name="",
        preferred_times="",
        promises=tuple(promises),
        attempts=tuple(seen),
    )
