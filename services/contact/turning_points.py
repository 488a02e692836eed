"""What happens to a contact request that rooms above must know at once: one interface for all of them.

`ended`: it was closed or withdrawn; `undone`: a closing, at the instant given, was a slip and is taken back;
`moves`: it goes to another door, and still stands at the old one: what runs of it is marked there where it is overdue,
and goes along. `passed_on`: somebody else has it from now on; before it, `handed_over`: they took it over from whoever
had it, and what was agreed with the student goes along where they say so; or `left`: whoever had it answers there no
more, and has it still. `news`: its page says something new to its
student; `no_news`: that was taken back; `looked`: its student has opened it; `named`: its student is called otherwise
from now on. All run in the transaction of their cause,
with the request locked (but for `looked`); what they raise undoes it. (What goes with a case when it is forgotten is
another matter: following.py.)
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from services.contact.models import ContactRequest

type Ended = Callable[[Actor, ContactRequest], None]
type Undone = Callable[[Actor, ContactRequest, datetime], None]
type PassedOn = Callable[[ContactRequest], None]
#: The role and school it goes to.
type Moves = Callable[[ContactRequest, UUID, UUID], None]
#: Who took it over, and whether an agreed meeting stands: True, False, or None (where it can).
type HandedOver = Callable[[ContactRequest, UUID, bool | None], None]
type Left = Callable[[ContactRequest], None]
type News = Callable[[ContactRequest], None]

_ended: list[Ended] = []
_undone: list[Undone] = []
_moves: list[Moves] = []
_passed_on: list[PassedOn] = []
_handed_over: list[HandedOver] = []
_left: list[Left] = []
_news: list[News] = []
_no_news: list[News] = []
_looked: list[News] = []
_named: list[News] = []


def register(
    *,
    ended: Ended | None = None,
    undone: Undone | None = None,
    moves: Moves | None = None,
    passed_on: PassedOn | None = None,
    handed_over: HandedOver | None = None,
    left: Left | None = None,
    news: News | None = None,
    no_news: News | None = None,
    looked: News | None = None,
    named: News | None = None,
) -> None:
    """Called once, when a room is loaded (apps.py); again with the same functions changes nothing."""
    if ended is not None and ended not in _ended:
        _ended.append(ended)
    if undone is not None and undone not in _undone:
        _undone.append(undone)
    if moves is not None and moves not in _moves:
        _moves.append(moves)
    if passed_on is not None and passed_on not in _passed_on:
        _passed_on.append(passed_on)
    if handed_over is not None and handed_over not in _handed_over:
        _handed_over.append(handed_over)
    if left is not None and left not in _left:
        _left.append(left)
    for known, new in ((_news, news), (_no_news, no_news), (_looked, looked), (_named, named)):
        if new is not None and new not in known:
            known.append(new)


def tell_ended(by: Actor, request: ContactRequest) -> None:
    for follow in _ended:
        follow(by, request)


def tell_undone(by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    for follow in _undone:
        follow(by, request, closed_at)


def tell_moves(request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    for follow in _moves:
        follow(request, role_id, school_id)


def tell_passed_on(request: ContactRequest) -> None:
    for follow in _passed_on:
        follow(request)


def tell_handed_over(request: ContactRequest, taker_id: UUID, keep_meeting: bool | None) -> None:
    for follow in _handed_over:
        follow(request, taker_id, keep_meeting)


def tell_left(request: ContactRequest) -> None:
    for follow in _left:
        follow(request)


def tell_news(request: ContactRequest) -> None:
    for follow in _news:
        follow(request)


def tell_no_news(request: ContactRequest) -> None:
    for follow in _no_news:
        follow(request)


def tell_looked(request: ContactRequest) -> None:
    for follow in _looked:
        follow(request)


def tell_named(request: ContactRequest) -> None:
    for follow in _named:
        follow(request)
