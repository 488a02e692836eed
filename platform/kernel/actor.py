"""Who is acting. A frozen value, filled once a request; the machine is an actor as well.

The kernel knows no schools: tenants/setup registers the loader that fills posts and leads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

type Kind = Literal["person", "student", "friend", "machine", "nobody"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a student (known only by their case), a friend whom that student has asked in, the machine, or nobody.

    posts     (role id, school id) pairs the person holds today
    leads     school ids the person leads; None in it means the whole municipality
    case_id   the student's own conversation (a friend's: the one they were asked into), nothing else
    scopes    of an API token; None = not limited (a session)
    """

    kind: Kind
    id: UUID | None = None
    name: str = ""
    municipality_id: int | None = None
    posts: frozenset[tuple[UUID, UUID]] = frozenset()
    leads: frozenset[UUID | None] = frozenset()
    is_administrator: bool = False
    is_operator: bool = False
    case_id: UUID | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_helper(self) -> bool:
        return bool(self.posts)

    @property
    def is_lead(self) -> bool:
        return bool(self.leads)

    def holds(self, role_id: UUID, school_id: UUID) -> bool:
        return (role_id, school_id) in self.posts

    def leads_school(self, school_id: UUID) -> bool:
        return None in self.leads or school_id in self.leads

    def may_scope(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


NOBODY = Actor(kind="nobody")
MACHINE = Actor(kind="machine", name="machine")


def student(case_id: UUID | None) -> Actor:
    """The student of one conversation, or one who has not knocked yet."""
    return Actor(kind="student", case_id=case_id)


type Loader = Callable[[Any], Actor]
_loader: Loader | None = None


def register_loader(loader: Loader) -> None:
    """tenants/setup hands over the function that turns a signed-in account into an Actor."""
    global _loader
    _loader = loader


def actor_for(account: Any) -> Actor:
    """The Actor of an active account of the present municipality; NOBODY for anybody else.

    Who signed in by mail alone, without a second factor, is nobody yet (kernel.people.middleware).
    """
    if _loader is None or not getattr(account, "is_authenticated", False) or not account.is_active:
        return NOBODY
    if getattr(account, "lacks_second_factor", False):
        return NOBODY
    return _loader(account)


def actor_of(request: Any) -> Actor:
    """The Actor of this request, loaded once. An API token puts its own there (kernel/api)."""
    known = getattr(request, "_actor", None)
    if known is None:
        known = actor_for(getattr(request, "user", None))
        request._actor = known
    return known
