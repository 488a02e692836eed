"""Who this browser has shown itself to be: the cookie `eid`, sealed under the municipality's key, and no row.

20 minutes idle, as any visit; two hours in all. It opens the list of the student's own conversations. A knock takes a
name from it only when the page that sends it carries the same mark: somebody else on the same device knocks as nobody.
"""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kernel import clock
from kernel.actor import Actor
from kernel.crypto.keys import CannotOpen, open_box, seal_box
from services.contact.confirming import Confirmed, Room
from services.contact.models import ContactRequest
from services.contact.visit import IDLE
from services.eid import operations, queries, trips
from tenants.setup.queries import portal

LONGEST = timedelta(hours=2)
_PURPOSE, _ABOUT = "visit", "eid"


@dataclass(frozen=True, slots=True)
class Visit:
    """`mark`: what the page of a journey carries. `trip`: the one it came by. `began`, `until`: seconds since 1970."""

    who: bytes
    provider: UUID
    name: str
    mark: str
    trip: UUID
    began: int
    until: int

    def __repr__(self) -> str:
        return "<Visit>"


def begun(ticket: trips.Ticket, luggage: trips.Luggage) -> Visit:
    """The visit of somebody who has come back from a trip."""
    now = int(clock.now().timestamp())
    who, provider = bytes.fromhex(luggage.who), UUID(luggage.provider)
    return Visit(who, provider, luggage.name, luggage.mark, ticket.id, now, now + int(IDLE.total_seconds()))


def arrives(request: HttpRequest, visit: Visit) -> None:
    """For the rest of this request: a browser that comes from another site brings no strict cookie along."""
    request.eid_visit = visit  # type: ignore[attr-defined]


def start(response: HttpResponse, visit: Visit) -> None:
    """Open, or keep open: 20 minutes from now, two hours from its beginning at most."""
    until = min(int((clock.now() + IDLE).timestamp()), visit.began + int(LONGEST.total_seconds()))
    said = [visit.who.hex(), visit.provider.hex, visit.name, visit.mark, visit.trip.hex, visit.began, until]
    box = seal_box(_PURPOSE, json.dumps(said, ensure_ascii=False).encode(), about=_ABOUT)
    response.set_cookie(
        settings.EID_COOKIE_NAME,
        base64.urlsafe_b64encode(box).decode().rstrip("="),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def visitor(request: HttpRequest) -> Visit | None:
    """None without one, when its time has passed, sealed elsewhere, or when its provider is switched off."""
    found = getattr(request, "eid_visit", None) or _of_cookie(request)
    if found is None or clock.now().timestamp() >= found.until or not provider_name(found.provider):
        return None
    return found


def _of_cookie(request: HttpRequest) -> Visit | None:
    value = request.COOKIES.get(settings.EID_COOKIE_NAME, "")
    if not value or len(value) > 2500:
        return None
    try:
        box = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        who, provider, name, mark, trip, began, until = json.loads(open_box(_PURPOSE, box, about=_ABOUT))
    except (binascii.Error, ValueError, CannotOpen):
        return None
    return Visit(bytes.fromhex(who), UUID(provider), name, mark, UUID(trip), began, until)


def provider_name(provider_id: UUID) -> str:
    """What the provider is called, "" when it is not on here."""
    return next((one.name for one in portal().student_providers if one.id == provider_id), "")


def stay(request: HttpRequest, response: HttpResponse) -> None:
    found = visitor(request)
    if found is not None:
        start(response, found)


def confirmed(request: HttpRequest, mark: str) -> Confirmed | None:
    """Who the page with this mark was given to, when it is this very browser."""
    found = visitor(request)
    if found is None or not hmac.compare_digest(found.mark.encode(), mark.encode()):
        return None
    return Confirmed(found.name, provider_name(found.provider), partial(_keep, found))


def _keep(visit: Visit, by: Actor, request: ContactRequest) -> None:
    operations.bind(by=by, request=request, who=visit.who, provider_id=visit.provider, trip_id=visit.trip)


def _waits(request: HttpRequest) -> str:
    """Where what was typed waits: the newest trip of a knock that has not come back."""
    for ticket in reversed(trips.tickets(request)):
        try:
            luggage = queries.luggage_of(ticket)
        except (OperationalError, InterfaceError):
            return ""
        if luggage is not None and luggage.aim == "knock" and not luggage.is_asked:
            return f"{reverse('eid:arrived')}?t={ticket.name}"
    return ""


ROOM = Room(
    address=lambda: reverse("eid:set_out"),
    confirmed=confirmed,
    stay=stay,
    waits=_waits,
    way_back=queries.way_back,
)
