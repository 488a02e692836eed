"""Reading a conversation: the row of the read log first, then the words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import Reading, reading
from kernel.crypto.fields import Sealed
from kernel.errors import NotFound
from kernel.permissions import require
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.contact.queries import holder_of, visible_to
from services.promises.models import Promise
from services.promises.queries import present, promises_of

type Why = Literal["to answer", "before taking", "without taking", "own conversation"]


@dataclass(frozen=True, slots=True)
class Line:
    """One opened message. `name` is the helper's, for pages that may show it."""

    sender: str
    text: str
    at: datetime
    seen_at: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """An opened conversation: its words, promises (newest first) and attempts (oldest first)."""

    request: ContactRequest
    lines: tuple[Line, ...]
    channel_value: str
    name: str
    preferred_times: str
    promises: tuple[Promise, ...]
    attempts: tuple[ContactAttempt, ...]

    @property
    def promise(self) -> Promise | None:
        """The promise that counts now."""
        return present(self.promises)

    @property
    def last_contact(self) -> ContactAttempt | None:
        """The last attempt in a way the student chose."""
        return next((one for one in reversed(self.attempts) if one.as_chosen), None)


@transaction.atomic
def read_conversation(*, by: Actor, request_id: UUID, why: Why = "to answer") -> Conversation:
    """Open the conversation for a holder of its door, or its student. Writes the read log, then reads.

    `why` is an adult's; a student's is always their own conversation. Raises NotFound for everybody else.
    What the other side wrote is marked as seen, except when a colleague reads what somebody else has: it stays
    news for the one who has it.
    """
    request = (
        visible_to(by).select_related("case_key", "school", "role", "taken_by").filter(pk=request_id).first()
    )
    if request is None:
        raise NotFound()
    require(by, "contact.read", request)
    proof = reading(
        by=by,
        case_key_id=request.case_key_id,
        what="conversation",
        why="own conversation" if by.kind == "student" else why,
        role_id=request.role_id if by.kind == "person" else None,
    )
    messages = list(
        ConversationMessage.objects.filter(request=request).select_related("account").order_by("number")
    )
    for message in messages:
        message.request = request
    conversation = Conversation(
        request=request,
        lines=tuple(_line(message, proof) for message in messages),
        channel_value=_opened(request.channel_value, proof),
        name=_opened(request.name, proof),
        preferred_times=_opened(request.preferred_times, proof),
        promises=tuple(promises_of(request.pk)),
        attempts=tuple(request.attempts.select_related("by").order_by("at", "recorded_at")),
    )
    if by.kind == "student" or holder_of(request) is None or request.taken_by_id == by.id:
        _mark_seen(by, messages)
    return conversation


def _opened(sealed: Sealed | None, proof: Reading) -> str:
    return sealed.open(proof) if sealed else ""


def _line(message: ConversationMessage, proof: Reading) -> Line:
    return Line(
        sender=message.sender,
        text=_opened(message.text, proof),
        at=message.at,
        seen_at=message.seen_at,
        name=message.account.get_short_name() if message.account else "",
    )


def _mark_seen(by: Actor, messages: list[ConversationMessage]) -> None:
    """The other side's messages were opened now; a student's opening is known to the minute only."""
    mine = ConversationMessage.Sender.STUDENT if by.kind == "student" else ConversationMessage.Sender.HELPER
    at = clock.this_minute() if by.kind == "student" else clock.now()
    unseen = [message.pk for message in messages if message.sender != mine and message.seen_at is None]
    if unseen:
        ConversationMessage.objects.filter(pk__in=unseen, seen_at__isnull=True).update(seen_at=at)
