"""Codes that rooms above give out, typed where a receipt is typed: one page for every code.

Each room is asked for every code, whether it is a receipt or not, so that no answer comes sooner than another.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a code leads, and how the browser is let in there."""

    address: str
    start: Callable[[HttpResponse], None]


#: The entrance that this code opens here; None: it is none of theirs.
type Find = Callable[[str], Entrance | None]
_rooms: list[Find] = []


def register(find: Find) -> None:
    """Called once, when a room is loaded (apps.py); again with the same function changes nothing."""
    if find not in _rooms:
        _rooms.append(find)


def entrance(code: str) -> Entrance | None:
    found = [find(code) for find in _rooms]
    return next((one for one in found if one is not None), None)
