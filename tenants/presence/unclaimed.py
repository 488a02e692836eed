"""What waits at somebody's doors and is nobody's yet, for who says that they are away: counts and clocks alone.

The rooms above keep it and say so; presence never learns what it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """How many wait at one (role, school), and the earliest promise among them; None: none runs."""

    role_id: UUID
    school_id: UUID
    count: int
    due_at: datetime | None


type AtDoorsOf = Callable[[UUID, UUID], list[Unclaimed]]
_keepers: list[AtDoorsOf] = []


def register(keeper: AtDoorsOf) -> None:
    """A service at whose doors something may wait. Called once, when that service is loaded (apps.py)."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def unclaimed_at_doors_of(account_id: UUID, reader_id: UUID) -> list[Unclaimed]:
    """At the doors where this person holds a post today, as far as whoever reads it may know of it; doors where nothing
    waits are left out."""
    return [one for keeper in _keepers for one in keeper(account_id, reader_id)]
