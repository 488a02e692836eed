"""What waits at somebody's doors and is nobody's yet, for who says that they are away: counts and clocks alone; and who
hears that an absence is noted.

The rooms above keep it and say so; presence never learns what it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """How many wait at one (role, school), and the earliest promise among them; None: none runs."""

    role_id: UUID
    school_id: UUID
    count: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Noted:
    """An absence that has just been noted; both days included."""

    absence_id: UUID
    account_id: UUID
    first_day: date
    last_day: date


type AtDoorsOf = Callable[[UUID, UUID], list[Unclaimed]]
type OnNoted = Callable[[Noted], None]
_keepers: list[tuple[AtDoorsOf, OnNoted]] = []


def register(keeper: AtDoorsOf, on_noted: OnNoted) -> None:
    """A service at whose doors something may wait, and that tells those in charge of what an absence leaves alone.
    Called once, when that service is loaded (apps.py)."""
    if (keeper, on_noted) not in _keepers:
        _keepers.append((keeper, on_noted))


def noted(absence: Noted) -> None:
    """Tell every service, in the transaction that notes the absence."""
    for _keeper, on_noted in _keepers:
        on_noted(absence)


def unclaimed_at_doors_of(account_id: UUID, reader_id: UUID) -> list[Unclaimed]:
    """At the doors where this person holds a post today, as far as whoever reads it may know of it; doors where nothing
    waits are left out."""
    return [one for keeper, _on_noted in _keepers for one in keeper(account_id, reader_id)]
