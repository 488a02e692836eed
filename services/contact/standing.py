"""Where a conversation stands, in one word that pages and API turn into their own. Pure.

It is true by the clock alone: a promise past its due time reads as broken before the sweep has marked it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.contact.models import Channel, ContactAttempt, ContactRequest
from services.contact.operations.reading import Conversation
from services.promises.models import Promise

type Word = Literal["waiting", "answered", "tried", "late", "broken", "closed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`due` is the time that counts now (the next try's, after one);

    `tried_at` when we last tried in vain. `is_reply`: they have been answered, and what they wrote since waits.
    `read_at`: when somebody said of what they wrote last that it was read and needs no answer. `how`: in which way they
    were reached, where that was not by an answer in the conversation.
    """

    word: Word
    due: datetime | None
    tried_at: datetime | None = None
    answered_at: datetime | None = None
    is_reply: bool = False
    read_at: datetime | None = None
    how: str = ""


def standing_of(conversation: Conversation, now: datetime) -> Standing:
    """waiting · answered (in time) · tried (next try promised) · late (answered after due) · broken ·
    closed · withdrawn.
    """
    request, promise = conversation.request, conversation.promise
    due = promise.due_at if promise else None
    if request.state == ContactRequest.State.WITHDRAWN:
        return Standing("withdrawn", None)
    if promise is None:
        return Standing("closed" if not request.is_open else "waiting", None)
    contact = conversation.last_contact
    tried_at = contact.at if contact is not None and contact.outcome == "attempted" else None
    word: Word
    state, is_reply = promise.state_at(now), promise.kind == Promise.Kind.REPLY
    if state == "broken" and promise.answered_at is None:
        return Standing("broken", due, tried_at, is_reply=is_reply)
    if not request.is_open:
        return Standing("closed", due)
    if state == "waiting":
        word = "tried" if promise.kind == Promise.Kind.RETRY else "waiting"
        return Standing(word, due, tried_at, is_reply=is_reply)
    word = "late" if state == "broken" else "answered"
    at, read_at, how = promise.answered_at, _read_at(conversation, promise), _how(conversation, promise)
    return Standing(word, due, answered_at=at, read_at=read_at, how=how)


def _how(conversation: Conversation, promise: Promise) -> str:
    made = [one for one in conversation.attempts if one.at == promise.answered_at and one.as_chosen]
    reached = [one.kind for one in made if one.outcome == ContactAttempt.Outcome.REACHED]
    return "" if Channel.CONVERSATION in reached else next(iter(reached), "")


def _read_at(conversation: Conversation, promise: Promise) -> datetime | None:
    laid = (one.ended_at for one in conversation.promises if one.kind == Promise.Kind.REPLY and one.ended_at)
    newest = max(laid, default=None)
    return newest if newest and promise.answered_at and newest >= promise.answered_at else None
