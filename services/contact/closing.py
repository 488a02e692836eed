"""What closing a request asks a yes of its own for: a room above that keeps something open about it asks here.

Each question has a code, by which whoever closes says yes (`operations.close(although=…)`), and by which the refusal is
known. A page asks before; a program reads it in the refusal.
"""

from collections.abc import Callable, Collection

from django.utils.functional import Promise as LazyText

from kernel.actor import Actor
from kernel.errors import Conflict
from services.contact.models import ContactRequest

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
