"""Whoever answers at a door no more: what was offered to them goes back, and what they have waits there again."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.contact import notices, turning_points
from services.contact.held import left_behind
from services.contact.models import SUBJECT, ContactRequest, Handover
from services.contact.operations.handing_on import give_to
from services.contact.operations.handover_ends import give_a_clock, settle_offer
from services.promises.queries import present, promises_of


@transaction.atomic
def left(*, by: Actor, account_id: UUID, door: tuple[UUID, UUID] | None) -> None:
    """`account_id` has left a (role, school), or (None) everything: offers that nobody is left to answer are over.

    What somebody is at just now is left to them: accepting what one answers for no more, one holds nothing.
    """
    require(by, "contact.left")
    offered = Handover.objects.filter(state="offered")
    if door is not None:
        offered = offered.filter(to_role_id=door[0], to_school_id=door[1])
    _let_offers_go_back(by, offered)


def free_what_was_left(*, by: Actor) -> int:
    """What somebody has at a door where they hold no post any more waits there for whoever comes first, with a clock
    that runs: the door is told; where nobody is, those in charge. So do offers that nobody is left to answer go back.

    However the post ended: by its last day, or by what a provider said at a sign-in. Again: nothing happens; what
    somebody is at just now is left to them, and found the next time. Returns how many requests it were.
    """
    require(by, "contact.left")
    ids = left_behind().order_by("pk").values_list("pk", flat=True)
    freed = sum(_free(by, request_id) for request_id in list(ids))
    _let_offers_go_back(by, Handover.objects.filter(state="offered"))
    return freed


@transaction.atomic
def _free(by: Actor, request_id: UUID) -> bool:
    free = ContactRequest.objects.select_for_update(of=("self",), skip_locked=True)
    request = free.filter(pk=request_id).first()
    if request is None or not left_behind().filter(pk=request_id).exists():
        return False
    left_by = request.taken_by_id
    turning_points.tell_left(request)
    give_to(request, None)
    record(
        by=by,
        verb="contact.hand_on",
        kind=SUBJECT,
        object_id=request.pk,
        why="left",
        **{"from": str(left_by)},
    )
    settle_offer(by, request)
    give_a_clock(request, clock.now())
    promise = present(promises_of(request.pk))
    if promise is not None:
        notices.somebody_knocked(request, promise, cause=f"left:{request.pk}:{uuid4()}")
    return True


@transaction.atomic
def _let_offers_go_back(by: Actor, offered: QuerySet[Handover]) -> None:
    """Those that nobody is left to answer."""
    for request_id in offered.order_by("request_id").values_list("request_id", flat=True):
        free = ContactRequest.objects.select_for_update(of=("self",), skip_locked=True)
        request = free.filter(pk=request_id).first()
        if request is not None:
            settle_offer(by, request)
