"""Questions about trips and bindings. A trip opens only with its ticket; conversations are found only by the hash."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kernel import clock
from kernel.crypto.keys import CannotOpen
from services.contact.models import ContactRequest, ConversationMessage
from services.eid import trips
from services.eid.models import Binding, Trip
from tenants.setup.portal import text_in


def luggage_of(ticket: trips.Ticket) -> trips.Luggage | None:
    """What waits for whoever has this ticket; None when its time has passed, or it is another's."""
    row = Trip.objects.filter(pk=ticket.id, until__gt=clock.now()).first()
    if row is None:
        return None
    try:
        return trips.unseal(row.pk, ticket.key, bytes(row.sealed))
    except CannotOpen:
        return None


@dataclass(frozen=True, slots=True)
class Own:
    """A conversation of the student, as its list shows it: no word of it."""

    request: ContactRequest
    role: str
    has_news: bool


def own(who: bytes, language: str) -> list[Own]:
    """The student's conversations, open ones first, the newest first."""
    unseen = ConversationMessage.objects.filter(
        Q(visible_at__isnull=True) | Q(visible_at__lte=clock.now()),
        request=OuterRef("pk"),
        sender=ConversationMessage.Sender.HELPER,
        seen_at__isnull=True,
    )
    rows = ContactRequest.objects.filter(pk__in=Binding.objects.filter(who=who).values("request"))
    found = rows.select_related("role", "school").annotate(has_news=Exists(unseen))
    ordered = sorted(found, key=lambda one: (one.is_open, one.opened_at, one.case_number), reverse=True)
    return [Own(one, text_in(one.role.names, language) or one.role.key, one.has_news) for one in ordered]


def binding_of(request_id: UUID) -> Binding | None:
    return Binding.objects.filter(request_id=request_id).select_related("provider").first()


def way_back(request_id: UUID) -> str:
    """Who vouches for whoever comes back to this conversation, "" for nobody."""
    found = binding_of(request_id)
    return found.provider.name if found is not None and found.provider.is_on else ""
