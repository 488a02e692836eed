"""Until when a code opens its conversation, for its receipt: said by the room with the rules (services/retention)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, InterfaceError

from services.contact.models import ContactRequest
from services.contact.operations import Accepted


@dataclass(frozen=True, slots=True)
class Room:
    """`at_least`: a day until which a conversation of today is there, whatever comes of it; None: it is kept. `until`:
    the day a closed one goes; None while nobody can name it."""

    at_least: Callable[[], date | None]
    until: Callable[[ContactRequest], date | None]


@dataclass(frozen=True, slots=True)
class Lasting:
    """At most one of them is known."""

    at_least: date | None = None
    day: date | None = None


_room: Room | None = None


def register(room: Room) -> None:
    """Called once, when the room is loaded (apps.py)."""
    global _room
    _room = room


def lasting(accepted: Accepted) -> Lasting:
    """What can be said of this code. Nothing is better than no receipt: with the database away nothing is said."""
    if _room is None:
        return Lasting()
    try:
        if accepted.is_open:
            return Lasting(at_least=_room.at_least())
        request = ContactRequest.objects.filter(pk=accepted.request_id).first()
        return Lasting(day=_room.until(request) if request else None)
    except (DatabaseError, InterfaceError):
        return Lasting()
