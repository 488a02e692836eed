"""Where we are: the municipality, and the database identity that goes with it.

Kept in a context variable, so that threads never share it and a new thread starts on the front door.
"""

from contextlib import AbstractContextManager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Literal

type MunicipalityKind = Literal["municipality", "county", "operator"]
type MunicipalityState = Literal["rehearsal", "live", "suspended", "ended"]


class NoMunicipality(RuntimeError):
    """Something that lives in a municipality's own schema was asked for outside of every municipality."""


class WrongMunicipality(RuntimeError):
    """Something that was loaded in one municipality was used in another."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a database connection is while it works: its role, its search path, whose it is.

    `schema` is the schema of tenant tables, "" where there is none.
    """

    role: str
    path: str
    schema: str = ""


@dataclass(frozen=True, slots=True)
class MunicipalityRef:
    """A municipality as a value that can be carried anywhere: it holds no row and asks no database."""

    id: int
    schema: str
    role: str
    slug: str
    name: str
    country: str = "NO"
    timezone: str = "Europe/Oslo"
    kind: MunicipalityKind = "municipality"
    state: MunicipalityState = "rehearsal"
    is_demo: bool = False
    identity: Identity = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        identity = Identity(role=self.role, path=f"{self.schema}, public", schema=self.schema)
        object.__setattr__(self, "identity", identity)


FRONT = Identity(role="front", path="public")
_PLATFORM_ROLES = {
    "sweeper": Identity(role="sweeper", path="public"),
    "worker": Identity(role="worker", path="jobs, public"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    municipality: MunicipalityRef | None
    identity: Identity


_FRONT_DOOR = _Place(None, FRONT)
_place: ContextVar[_Place] = ContextVar("kernel.tenancy.place", default=_FRONT_DOOR)


class _Entered[T](AbstractContextManager[T]):
    """A place for the length of a `with` block. A class, as it is on every request's way."""

    __slots__ = ("_given", "_place", "_token")
    _token: Token[_Place]

    def __init__(self, place: _Place, given: T) -> None:
        self._place, self._given = place, given

    def __enter__(self) -> T:
        self._token = _place.set(self._place)
        return self._given

    def __exit__(self, *_: object) -> None:
        _place.reset(self._token)


def inside(municipality: MunicipalityRef) -> AbstractContextManager[MunicipalityRef]:
    """Work in one municipality: its schema, its database role. Nests; the way back is always restored."""
    return _Entered(_Place(municipality, municipality.identity), municipality)


def front() -> AbstractContextManager[None]:
    """Work on the front door: public tables only, nobody's municipality."""
    return _Entered(_FRONT_DOOR, None)


def as_role(role: Literal["sweeper", "worker"]) -> AbstractContextManager[None]:
    """Work as one of the platform's own database roles, in no municipality."""
    return _Entered(_Place(None, _PLATFORM_ROLES[role]), None)


def current() -> MunicipalityRef | None:
    """The municipality we are inside, or None."""
    return _place.get().municipality


def require_current() -> MunicipalityRef:
    """The municipality we are inside. Raises NoMunicipality outside."""
    municipality = _place.get().municipality
    if municipality is None:
        raise NoMunicipality("Enter a municipality first: with inside(municipality): …")
    return municipality


def current_identity() -> Identity:
    """What the next statement on the `default` connection must run as."""
    return _place.get().identity


def current_schema() -> str:
    """Schema of the municipality we are inside; "public" outside. Part of cache keys, salts, file paths."""
    municipality = _place.get().municipality
    return municipality.schema if municipality else "public"
