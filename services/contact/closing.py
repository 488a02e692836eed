"""What closing a request asks a yes of its own for: a room above that keeps something open about it asks here.

Each question has a code, by which whoever closes says yes (`operations.close(although=…)`), and by which the refusal is
known. A page asks before; a program reads it in the refusal. What a student waits for is asked of nobody: a page says
it before, and a program reads it in the answer, or asks not to close then (`operations.close(unless_waiting=True)`).
"""

from collections.abc import Callable, Collection
from uuid import UUID

from django.utils.functional import Promise as LazyText

from kernel.actor import Actor
from kernel.errors import Conflict
from services.contact.models import ContactRequest
from services.promises.models import Promise
from services.promises.queries import promises_of

#: Whether something stays open that this person may see.
type StaysOpen = Callable[[Actor, ContactRequest], bool]

_questions: dict[str, tuple[StaysOpen, str | LazyText]] = {}


def register(code: str, stays_open: StaysOpen, text: str | LazyText) -> None:
    """Called once, when a room is loaded (apps.py). Raises ValueError for a code that is taken."""
    if _questions.setdefault(code, (stays_open, text))[0] is not stays_open:
        raise ValueError(f"closing asks about {code} already")


def ask(by: Actor, request: ContactRequest, although: Collection[str]) -> None:
    """Raises Conflict, with the code of the question, for the first that nobody has said yes to."""
    for code, (stays_open, text) in _questions.items():
        if code not in although and stays_open(by, request):
            raise Conflict(str(text), code=code)


#: What a student may wait for, by the kind of its promise.
_WAITS_FOR = {
    Promise.Kind.REPLY: "reply",
    Promise.Kind.FIRST_CONTACT: "contact",
    Promise.Kind.REOPENED: "contact",
    Promise.Kind.RETRY: "contact",
    Promise.Kind.HANDOVER: "contact",
}


def waits_for(request_id: UUID) -> tuple[str, ...]:
    """What the student of an open request still waits for, in time or not: contact (or another try), a reply."""
    unanswered = [one for one in promises_of(request_id) if one.answered_at is None and one.ended_at is None]
    found = {code for one in unanswered if (code := _WAITS_FOR.get(Promise.Kind(one.kind)))}
    return tuple(sorted(found))
