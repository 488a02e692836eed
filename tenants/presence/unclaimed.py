"""What waits at somebody's doors and is nobody's yet, for who says that they are away: counts and clocks alone; and
what an absence leaves with nobody, of which those in charge are told.

The rooms above keep it and say so; presence never learns what it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from tenants.presence.presence import Roster


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """How many wait at one (role, school), which, and the earliest promise among them; None: none runs."""

    role_id: UUID
    school_id: UUID
    count: int
    due_at: datetime | None
    ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Noted:
    """An absence that is noted, or may be; both days included."""

    account_id: UUID
    first_day: date
    last_day: date


class LeftAlone(Protocol):
    """Which of a service's things an absence leaves with nobody before their promise runs out, as far as somebody is in
    charge who can hear of it. `everybody`: the roster with that absence in it. `tells`: they are told, in the
    transaction that notes it."""

    def __call__(self, everybody: Roster, noted: Noted, *, tells: bool) -> frozenset[UUID]: ...


type AtDoorsOf = Callable[[UUID, UUID], list[Unclaimed]]
_at_doors: list[AtDoorsOf] = []
_keepers: list[LeftAlone] = []


def register(at_doors: AtDoorsOf) -> None:
    """A service at whose doors something may wait. Called once, when that service is loaded (apps.py)."""
    if at_doors not in _at_doors:
        _at_doors.append(at_doors)


def register_left_alone(keeper: LeftAlone) -> None:
    """A service that tells those in charge of what an absence leaves alone."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def left_alone(everybody: Roster, noted: Noted) -> frozenset[UUID]:
    """Of what those in charge would be told, were this absence noted now."""
    return frozenset().union(*(keeper(everybody, noted, tells=False) for keeper in _keepers))


def tell_of_left_alone(everybody: Roster, noted: Noted) -> frozenset[UUID]:
    """Tell them, in the transaction that notes it. Returns of what they were told, now or before."""
    return frozenset().union(*(keeper(everybody, noted, tells=True) for keeper in _keepers))


def unclaimed_at_doors_of(account_id: UUID, reader_id: UUID) -> list[Unclaimed]:
    """At the doors where this person holds a post today, as far as whoever reads it may know of it; doors where nothing
    waits are left out."""
    return [one for at_doors in _at_doors for one in at_doors(account_id, reader_id)]
