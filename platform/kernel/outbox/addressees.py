"""Whose address is not ours to keep: a room upstairs has it sealed, and is asked for it at the moment of sending.

The message itself holds no address, sent or not: what the room forgets is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

type Outcome = Literal["sent", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Addressee:
    """A row of a room that knows where to write."""

    room: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class Room:
    """`address`: where to write now; None: nobody is to be told any more. `over`: what became of the message, once
    it is sent, left unsent or given up."""

    address: Callable[[UUID], str | None]
    over: Callable[[UUID, Outcome], None]


_rooms: dict[str, Room] = {}


def register(name: str, room: Room) -> None:
    """Called once, when a room is loaded (apps.py). Raises ValueError for a name that is taken."""
    if _rooms.setdefault(name, room) != room:
        raise ValueError(f"a room named {name} is registered already")


def address_of(addressee: Addressee) -> str | None:
    return _rooms[addressee.room].address(addressee.row_id)


def tell_over(addressee: Addressee | None, outcome: Outcome) -> None:
    if addressee is not None:
        _rooms[addressee.room].over(addressee.row_id, outcome)
