"""What happens to a contact request that rooms above must know at once: one interface for all of them.

`ended`: it was closed or withdrawn; `undone`: a closing, at the instant given, was a slip and is taken back;
`passed_on`: somebody else has it from now on. Both run in the transaction of
their cause, with the request locked; what they raise undoes it. (What goes with a case when it is forgotten is another
matter: following.py.)
"""

from collections.abc import Callable
from datetime import datetime

from kernel.actor import Actor
from services.contact.models import ContactRequest

type Ended = Callable[[Actor, ContactRequest], None]
type Undone = Callable[[Actor, ContactRequest, datetime], None]
type PassedOn = Callable[[ContactRequest], None]

_ended: list[Ended] = []
_undone: list[Undone] = []
_passed_on: list[PassedOn] = []


def register(
    *, ended: Ended | None = None, undone: Undone | None = None, passed_on: PassedOn | None = None
) -> None:
    """Called once, when a room is loaded (apps.py); again with the same functions changes nothing."""
    if ended is not None and ended not in _ended:
        _ended.append(ended)
    if undone is not None and undone not in _undone:
        _undone.append(undone)
    if passed_on is not None and passed_on not in _passed_on:
        _passed_on.append(passed_on)


def tell_ended(by: Actor, request: ContactRequest) -> None:
    for follow in _ended:
        follow(by, request)


def tell_undone(by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    for follow in _undone:
        follow(by, request, closed_at)


def tell_passed_on(request: ContactRequest) -> None:
    for follow in _passed_on:
        follow(request)
