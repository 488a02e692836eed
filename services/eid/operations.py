"""Setting out and coming back, binding a conversation to whoever has shown who they are, and letting go of it again."""

import os
import secrets
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor, student
from kernel.audit.operations import record
from kernel.crypto.keys import CannotOpen
from kernel.errors import Conflict, NotFound, violated
from kernel.people.identity.students import Beginning, Shown
from kernel.permissions import require
from services.contact import operations as contact
from services.contact.models import SUBJECT, ContactRequest
from services.contact.queries import visible_to
from services.eid.models import Binding, Trip
from services.eid.trips import LIVES, Luggage, Ticket, seal, unseal

_KIND = "identity_provider"
#: As many trips may wait at once in a municipality: more students than ever set out within a quarter of an hour.
MOST_TRIPS = 2000
#: Signs that may wait for one: several times what a knock has room for.
MOST_SIGNS = 60_000


@transaction.atomic
def set_out(
    *,
    by: Actor,
    ticket_id: UUID,
    began: Beginning,
    provider_id: UUID,
    aim: str,
    said: Mapping[str, str],
    case_id: UUID | None = None,
) -> Ticket:
    """Seal what was said under a key that goes with the browser, and is kept nowhere.

    Raises Conflict (full) when too many are on their way, or with too much.
    """
    require(by, "eid.set_out")
    if sum(map(len, said.values())) > MOST_SIGNS or Trip.objects.count() >= MOST_TRIPS:
        raise Conflict(code="full")
    key, until = os.urandom(32), clock.this_minute() + LIVES
    luggage = Luggage(
        aim=aim,
        provider=str(provider_id),
        state=began.state,
        nonce=began.nonce,
        verifier=began.verifier,
        said=dict(said),
        case=str(case_id or ""),
    )
    Trip.objects.create(pk=ticket_id, sealed=seal(ticket_id, key, luggage), until=until)
    record(by=by, verb="eid.set_out", kind=_KIND, object_id=provider_id, aim=aim)
    return Ticket(ticket_id, key, int(until.timestamp()))


@transaction.atomic
def come_back(*, by: Actor, ticket: Ticket, provider_id: UUID, state: str) -> Luggage | None:
    """The trip of this ticket, whose answer is taken from now on: its code is used by nobody a second time.

    None when an answer was taken before. Raises NotFound: its time has passed, it is another provider's, or its state
    another; what waits stays as it was.
    """
    require(by, "eid.come_back")
    luggage = _opened(ticket)
    same = secrets.compare_digest(luggage.state.encode(), state.encode())
    if not same or luggage.provider != str(provider_id):
        raise NotFound()
    if luggage.is_asked:
        return None
    _put(ticket, luggage.with_(is_asked=True))
    record(by=by, verb="eid.come_back", kind=_KIND, object_id=provider_id, aim=luggage.aim)
    return luggage


@transaction.atomic
def arrive(*, by: Actor, ticket: Ticket, shown: Shown | None, why: str = "") -> None:
    """What came of it: who they are, or why nobody vouched. Raises NotFound when its time has passed meanwhile."""
    require(by, "eid.come_back")
    luggage = _opened(ticket)
    if shown is None:
        luggage = luggage.with_(why=why)
    else:
        luggage = luggage.with_(who=shown.who.hex(), name=shown.name, mark=secrets.token_urlsafe(16))
    _put(ticket, luggage)
    record(by=by, verb="eid.arrive", kind=_KIND, object_id=luggage.provider, why=why)


def _opened(ticket: Ticket) -> Luggage:
    row = Trip.objects.select_for_update().filter(pk=ticket.id, until__gt=clock.now()).first()
    if row is None:
        raise NotFound()
    try:
        return unseal(row.pk, ticket.key, bytes(row.sealed))
    except CannotOpen:
        raise NotFound() from None


def _put(ticket: Ticket, luggage: Luggage) -> None:
    Trip.objects.filter(pk=ticket.id).update(sealed=seal(ticket.id, ticket.key, luggage))


@transaction.atomic
def bind(
    *, by: Actor, request: ContactRequest, who: bytes, provider_id: UUID, trip_id: UUID | None = None
) -> Binding:
    """The conversation is this person's from now on, and its name the one that was vouched for. The same again: as it
    is. The trip is over. Raises Conflict (others): it is another person's.
    """
    require(by, "eid.bind")
    try:
        with transaction.atomic():
            made, is_new = Binding.objects.get_or_create(
                request=request,
                defaults={
                    "who": who,
                    "provider_id": provider_id,
                    "confirms_name": True,
                    "bound_at": clock.this_minute(),
                },
            )
    except IntegrityError as error:
        if violated(error) != "a_conversation_is_one_persons":
            raise
        made, is_new = Binding.objects.get(request=request), False
    if not secrets.compare_digest(bytes(made.who), who):
        raise Conflict(
            _("Somebody else opens this conversation with their eID. They must let go of it first."),
            code="others",
        )
    if not is_new:
        made.confirms_name, made.provider_id = True, provider_id
        made.save(update_fields=["confirms_name", "provider"])
    if trip_id is not None:
        Trip.objects.filter(pk=trip_id).delete()
    record(
        by=by,
        verb="eid.bind",
        kind=SUBJECT,
        object_id=request.pk,
        provider=str(provider_id),
        again=not is_new,
    )
    return made


def no_longer_confirmed(request: ContactRequest) -> None:
    """The name was said by hand, or taken out: nobody vouches for it."""
    Binding.objects.filter(request=request, confirms_name=True).update(confirms_name=False)


@transaction.atomic
def tell(
    *, by: Actor, request_id: UUID, name: str, who: bytes, provider_id: UUID, trip_id: UUID | None = None
) -> Binding:
    """Say later who one is: the name to whoever has the request, and the conversation opens without its code.

    Raises NotFound, Conflict (closed; others).
    """
    request = _own(by, request_id, "tell")
    contact.set_name(by=by, request_id=request_id, name=name)
    record(by=by, verb="eid.tell", kind=SUBJECT, object_id=request_id)
    return bind(by=by, request=request, who=who, provider_id=provider_id, trip_id=trip_id)


@transaction.atomic
def unbind(*, by: Actor, request_id: UUID) -> None:
    """Only the code opens it from now on; the name stays as it is. Again: nothing happens."""
    request = _own(by, request_id, "unbind")
    deleted, _rows = Binding.objects.filter(request=request).delete()
    if deleted:
        record(by=by, verb="eid.unbind", kind=SUBJECT, object_id=request_id)


def _own(by: Actor, request_id: UUID, verb: str) -> ContactRequest:
    request = visible_to(by).select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, f"eid.{verb}", request)
    return request


@transaction.atomic
def enter(*, by: Actor, who: bytes, request_id: UUID) -> Actor:
    """The student of this conversation, when it is this person's. Raises NotFound."""
    require(by, "eid.enter")
    if not Binding.objects.filter(who=who, request_id=request_id).exists():
        raise NotFound()
    own = student(request_id)
    record(by=own, verb="eid.enter", kind=SUBJECT, object_id=request_id)
    return own


@transaction.atomic
def forget_trips(*, by: Actor) -> int:
    """Trips whose time has passed; how many."""
    require(by, "eid.forget_trips")
    gone, _rows = Trip.objects.filter(until__lte=clock.now()).delete()
    if gone:
        record(by=by, verb="eid.forget_trips", kind="eid_trip", object_id="-", count=gone)
    return gone
