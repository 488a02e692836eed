"""What somebody would leave behind. Services say what a person holds and hand it on; set-up never learns what
it is about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.utils.functional import Promise as LazyText

from kernel.actor import Actor

#: How long somebody holds the post that comes with what they take at another school, where no other day is said: with
#: today two weeks. What is open when it ends waits at its door (services.contact.operations.leaving).
TIME_TO_FINISH = timedelta(days=13)


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that somebody has and has not finished: what people say aloud of it, its door and its clock.

    `due_at` None: nothing runs. `broke`: by when what broke and still waits was promised. `apart`: whose it cannot be,
    why is nobody's to know here. `from_outside`: its student wanted somebody outside their school, and nothing may tell
    which. `says`: what it is beside its case, a worry, for the eyes of the one whose it is and nobody else's. Never a
    name, a topic or a word of content.
    """

    id: UUID
    number: str
    role_id: UUID
    school_id: UUID
    due_at: datetime | None
    apart: frozenset[UUID] = frozenset()
    from_outside: bool = False
    says: LazyText | str = ""
    broke: datetime | None = None

    @property
    def waits_since(self) -> datetime | None:
        """The oldest promise that its student waits for, broken or running; None: answered."""
        return self.broke or self.due_at


class HandOn(Protocol):
    """Give one thing to somebody (None: to whoever of the door comes first). Raises Conflict when it cannot."""

    def __call__(self, *, by: Actor, item_id: UUID, to: UUID | None) -> None: ...


class Farewell(Protocol):
    """Somebody has left a (role, school), or (None) every one: what was only asked of them is asked no more."""

    def __call__(self, *, by: Actor, account_id: UUID, door: tuple[UUID, UUID] | None) -> None: ...


type HeldBy = Callable[[UUID], list[Open]]
_keepers: list[tuple[HeldBy, HandOn]] = []
_farewells: list[Farewell] = []


def register(held_by: HeldBy, hand_on: HandOn) -> None:
    """A service that keeps things people have. `held_by` gives those of an account, whoever is away today."""
    if (held_by, hand_on) not in _keepers:
        _keepers.append((held_by, hand_on))


def held_by(account_id: UUID, door: tuple[UUID, UUID] | None = None) -> list[Open]:
    """Everything the person has (at one (role, school) alone), the oldest promise first."""
    found = [one for keeper, _hand_on in _keepers for one in keeper(account_id)]
    at_door = [one for one in found if door is None or (one.role_id, one.school_id) == door]
    return sorted(at_door, key=lambda one: (one.waits_since or datetime.max.replace(tzinfo=UTC), one.number))


def by_case(items: Sequence[Open]) -> list[list[Open]]:
    """What belongs to one case together, in the order they came in: for whoever may not learn that it is more than one
    thing."""
    found: dict[tuple[str, UUID, UUID], list[Open]] = {}
    for item in items:
        found.setdefault((item.number, item.role_id, item.school_id), []).append(item)
    return list(found.values())


def hand_on(*, by: Actor, account_id: UUID, item_id: UUID, to: UUID | None) -> None:
    """Give one of the person's things to somebody else. Gone meanwhile: nothing happens."""
    for keeper, give in _keepers:
        if any(one.id == item_id for one in keeper(account_id)):
            give(by=by, item_id=item_id, to=to)


def register_farewell(farewell: Farewell) -> None:
    """A service that asks people for something they do not have yet. Called in the transaction of the leaving, once
    posts and account are as they will be."""
    if farewell not in _farewells:
        _farewells.append(farewell)


def has_left(*, by: Actor, account_id: UUID, door: tuple[UUID, UUID] | None = None) -> None:
    """Tell every service that somebody has left."""
    for farewell in _farewells:
        farewell(by=by, account_id=account_id, door=door)
