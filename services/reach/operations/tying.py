"""Two conversations of one student: tied by the codes of both, and by nothing else. No machine guesses it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Invalid, NotFound
from kernel.permissions import require
from services.contact import operations as contact
from services.contact.models import SUBJECT, ContactRequest
from services.contact.queries import visible_to
from services.reach.models import Tie


@transaction.atomic
def tie(*, by: Actor, request_id: UUID, code: str, shares: bool) -> Tie:
    """Say that the conversation this code opens is theirs as well. Again: with what is shared now.

    Raises Invalid (other) for a code that opens nothing here, or this very conversation.
    """
    request = visible_to(by).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "reach.tie", request)
    try:
        other = contact.open_by_receipt(code).case_id
    except NotFound:
        raise Invalid(
            other=_("This code did not open anything. Look at each sign and try once more.")
        ) from None
    if other is None or other == request_id:
        raise Invalid(other=_("This is the code of this conversation. Type the other one."))
    first, second = sorted((request_id, other))
    both = ContactRequest.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk")
    if len(both) != 2:
        raise NotFound()
    made, _is_new = Tie.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"shares": shares},
        create_defaults={"shares": shares, "tied_at": clock.this_minute()},
    )
    for one in (first, second):
        record(by=by, verb="reach.tie", kind=SUBJECT, object_id=one, shares=shares)
    return made


@transaction.atomic
def untie(*, by: Actor, request_id: UUID, tie_id: UUID) -> None:
    """They are two again; each who answers sees nothing of the other. From either side. Again: nothing happens."""
    found = _theirs(by, request_id, tie_id)
    if found is None:
        return
    found.delete()
    for one in (found.first_id, found.second_id):
        record(by=by, verb="reach.untie", kind=SUBJECT, object_id=one)


@transaction.atomic
def share_tie(*, by: Actor, request_id: UUID, tie_id: UUID, shares: bool) -> None:
    """Let those who answer know each other's number and name, or no more. Untied meanwhile: nothing happens."""
    found = _theirs(by, request_id, tie_id)
    if found is None or found.shares == shares:
        return
    found.shares = shares
    found.save(update_fields=["shares"])
    for one in (found.first_id, found.second_id):
        record(by=by, verb="reach.share_tie", kind=SUBJECT, object_id=one, shares=shares)


def _theirs(by: Actor, request_id: UUID, tie_id: UUID) -> Tie | None:
    request = visible_to(by).filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, "reach.tie", request)
    mine = Tie.objects.select_for_update().filter(Q(first_id=request_id) | Q(second_id=request_id))
    return mine.filter(pk=tie_id).first()
