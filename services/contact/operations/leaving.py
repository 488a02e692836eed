"""What was offered to somebody who answers at a door no more goes back to the one who offered it."""

from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.permissions import require
from services.contact.models import ContactRequest, Handover
from services.contact.operations.handover_ends import settle_offer


@transaction.atomic
def left(*, by: Actor, account_id: UUID, door: tuple[UUID, UUID] | None) -> None:
    """`account_id` has left a (role, school), or (None) everything: offers that nobody is left to answer are over.

    What somebody is at just now is left to them: accepting what one answers for no more, one holds nothing.
    """
    require(by, "contact.left")
    offered = Handover.objects.filter(state="offered")
    if door is not None:
        offered = offered.filter(to_role_id=door[0], to_school_id=door[1])
    for request_id in offered.order_by("request_id").values_list("request_id", flat=True):
        free = ContactRequest.objects.select_for_update(of=("self",), skip_locked=True)
        request = free.filter(pk=request_id).first()
        if request is not None:
            settle_offer(by, request)
