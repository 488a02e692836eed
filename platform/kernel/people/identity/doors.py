"""My doors: what waits for the same person in their other municipalities. A name, a number and a time; nothing else.

Schemas are never joined: each door is asked from inside, by itself, and only while this very session shows who the
person is to the provider they sign in with everywhere. Nothing outside the two municipalities knows of the link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import DatabaseError
from django.http import HttpRequest

from kernel.actor import Actor, actor_for
from kernel.people import signing_in
from kernel.people.access import is_staff
from kernel.people.identity import handover
from kernel.people.models import Account, LinkedDoor
from kernel.tenancy import MunicipalityRef, inside, municipalities, municipality_by_id, require_current


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for this person, and when the earliest is due (UTC; None: nothing runs)."""

    count: int
    due: datetime | None


type Port = Callable[[Actor], Waiting]
_port: Port | None = None


def register_waiting(port: Port) -> None:
    """services/desk hands over how to count what waits for an actor, inside their municipality."""
    global _port
    _port = port


@dataclass(frozen=True, slots=True)
class Door:
    """`state`: open; ended (removed, deactivated or switched off at the other end); away (cannot be asked now)."""

    municipality: MunicipalityRef
    state: Literal["open", "ended", "away"]
    waiting: Waiting | None = None


def proved(request: HttpRequest) -> tuple[str, str] | None:
    """(issuer, subject) of who is signed in, when this session came by a provider that is on and still theirs."""
    person: Any = request.user
    record = signing_in.provider_record(request, person) if is_staff(request) else None
    if record is None:
        return None
    who = (str(record["issuer"]), str(record["subject"]))
    return who if handover.holder(*who, account_id=person.pk) is not None else None


def doors(account: Account, issuer: str, subject: str) -> list[Door]:
    """The person's other doors, by name."""
    here = require_current()
    linked = LinkedDoor.objects.filter(account_id=account.pk).values_list("municipality_id", flat=True)
    found = [door for other in list(linked) if (door := _door(other, here, issuer, subject)) is not None]
    return sorted(found, key=lambda door: door.municipality.name.casefold())


def _door(municipality_id: int, here: MunicipalityRef, issuer: str, subject: str) -> Door | None:
    try:
        ref = municipality_by_id(municipality_id)
    except LookupError:
        return None
    if ref.state in ("ended", "suspended"):
        return Door(ref, "ended")
    try:
        with inside(ref):
            waiting = _waiting_there(here, issuer, subject)
    except DatabaseError:
        return Door(ref, "away")
    return Door(ref, "ended") if waiting is None else Door(ref, "open", waiting)


def _waiting_there(back_to: MunicipalityRef, issuer: str, subject: str) -> Waiting | None:
    """Inside the other municipality: what waits for the person there, when that end links back here too."""
    account = handover.holder(issuer, subject)
    if account is None or _port is None:
        return None
    if not LinkedDoor.objects.filter(account_id=account.pk, municipality_id=back_to.id).exists():
        return None
    return _port(actor_for(account))


def linkable(account: Account) -> list[MunicipalityRef]:
    """Municipalities that can be linked: all that are open, but this one and those linked already."""
    here = require_current()
    taken = set(LinkedDoor.objects.filter(account_id=account.pk).values_list("municipality_id", flat=True))
    return [one for one in municipalities() if one.state == "live" and one.id not in taken | {here.id}]
