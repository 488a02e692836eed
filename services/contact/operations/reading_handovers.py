"""Why a request was handed over, and the summary written for the receiver: the row of the read log first."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.audit.operations import reading
from kernel.errors import NotFound
from services.contact.handover_queries import chain, offer_to
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, Handover, HandoverDecline
from services.contact.operations.reading import role_of_reader, why_read
from services.contact.queries import case_of, may, visible_to


@dataclass(frozen=True, slots=True)
class Opened:
    """What was written about one handover; "" for what was not, or is not this reader's. `why_not` by account."""

    reason: str = ""
    summary: str = ""
    why_not: tuple[tuple[UUID, str], ...] = ()


@transaction.atomic
def read_offer(*, by: Actor, request_id: UUID) -> Opened:
    """What was written for whom it is offered to. Raises NotFound when nothing of this request is."""
    offer = offer_to(by, request_id)
    if offer is None:
        raise NotFound()
    request = ContactRequest.objects.select_related("case_key").get(pk=request_id)
    return _opened(by, request, [offer.pk], why="offered")[offer.pk]


@transaction.atomic
def read_chain(*, by: Actor, request_id: UUID) -> dict[UUID, Opened]:
    """By handover, for the one who has the request (or for whom two persons opened it): what they wrote themselves,
    and what was written for them. Nothing is theirs: nothing is opened, and no row is written. Raises NotFound.
    """
    request = visible_to(by).select_related("case_key", "taken_by").filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    holder = holder_of(request)
    right = may(by, case_of(request, holder.pk if holder else None), "handover", "detail")
    if right.why not in ("holder", "two_persons"):
        return {}
    whole = right.why == "two_persons"
    theirs = [
        one.pk for one in chain(request_id) if whole or by.id in (one.from_account_id, one.accepted_by_id)
    ]
    why = why_read(by, request, right.why) if whole else "handed over"
    return _opened(by, request, theirs, why=why, whole=whole) if theirs else {}


def _opened(
    by: Actor, request: ContactRequest, ids: list[UUID], *, why: str, whole: bool = False
) -> dict[UUID, Opened]:
    proof = reading(
        by=by, case_key_id=request.case_key_id, what="handover", why=why, role_id=role_of_reader(by, request)
    )
    found: dict[UUID, Opened] = {}
    declines: dict[UUID, list[HandoverDecline]] = {}
    for decline in HandoverDecline.objects.filter(handover_id__in=ids, why__isnull=False).order_by("at"):
        declines.setdefault(decline.handover_id, []).append(decline)
    for handover in Handover.objects.filter(pk__in=ids):
        handover.request = request
        said = []
        for decline in declines.get(handover.pk, []):
            decline.handover = handover
            if decline.why and (whole or by.id == handover.from_account_id):
                said.append((decline.account_id, decline.why.open(proof)))
        found[handover.pk] = Opened(
            reason=handover.reason.open(proof),
            summary=handover.summary.open(proof) if handover.summary else "",
            why_not=tuple(said),
        )
    return found
