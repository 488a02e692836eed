"""Who a student is, when somebody vouches for it (an eID): brought along by a room above, for the journey.

Contact knows that there are such ways, what the adult will be shown, and what is to be done in the transaction of the
knock; how somebody is recognised is the room's own matter (services/eid). Never required: every page stands without it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from kernel.actor import Actor
from kernel.tenancy import is_own_host
from services.contact.models import ContactRequest
from tenants.setup.portal import Portal, StudentProvider
from tenants.setup.queries import portal


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`name`: what the adult sees; `by`: who vouches for it; `keep`: to be done with the knock, in its transaction."""

    name: str
    by: str
    keep: Callable[[Actor, ContactRequest], None]


@dataclass(frozen=True, slots=True)
class Room:
    """`address`: where a student sets out. `confirmed`: who this browser has shown itself to be, by the mark its page
    carries. `stay`: keeps that open a while longer. `waits`: where what was typed waits for somebody who set out and
    has not come back, "" for nobody. `way_back`: who vouches for whoever comes back to this request, "" for nobody.
    """

    address: Callable[[], str]
    confirmed: Callable[[HttpRequest, str], Confirmed | None]
    stay: Callable[[HttpRequest, HttpResponse], None]
    waits: Callable[[HttpRequest], str]
    way_back: Callable[[UUID], str]


_room: Room | None = None


def register(room: Room) -> None:
    """Called once, when the room is loaded (apps.py)."""
    global _room
    _room = room


def ways(door: Portal) -> tuple[StudentProvider, ...]:
    """By whom a student may show who they are here; none: nothing of it is on any page."""
    return door.student_providers if _room is not None else ()


def ways_at(request: HttpRequest, door: Portal) -> tuple[StudentProvider, ...]:
    """The same where the student is: none at the municipality's own host, as a provider sends people back to ours."""
    return () if is_own_host(request.get_host()) else ways(door)


def offered(request: HttpRequest) -> tuple[StudentProvider, ...]:
    """As `ways_at`, for pages that stand while the database is away: none then."""
    try:
        return ways_at(request, portal())
    except (OperationalError, InterfaceError):
        return ()


def address() -> str:
    return _room.address() if _room is not None else ""


def confirmed(request: HttpRequest, mark: str) -> Confirmed | None:
    return _room.confirmed(request, mark) if _room is not None and mark else None


def stay(request: HttpRequest, response: HttpResponse) -> None:
    if _room is not None:
        _room.stay(request, response)


def waits(request: HttpRequest) -> str:
    return _room.waits(request) if _room is not None else ""


def way_back(request_id: UUID) -> str:
    return _room.way_back(request_id) if _room is not None else ""
