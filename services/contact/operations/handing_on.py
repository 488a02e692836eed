"""A request goes from somebody who leaves, or who is away when its promise breaks, to somebody who is there."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.people.models import Account
from kernel.permissions import require
from services.contact import notices, turning_points
from services.contact.handover_queries import kept_out
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations.handover_ends import settle_offer
from services.promises.queries import present, promises_of
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post


@transaction.atomic
def hand_on(*, by: Actor, item_id: UUID, to: UUID | None) -> None:
    """Give an open request to another holder of its door, or (None) let it wait there for whoever comes first.

    The clock goes on; whoever has it now is told, and the student sees who. Closed meanwhile: nothing happens.
    Raises Conflict when `to` does not answer at the door today.
    """
    require(by, "contact.hand_on")
    request = ContactRequest.objects.select_for_update(of=("self",)).filter(pk=item_id).first()
    if request is None or not request.is_open:
        return
    taker = _holder(request, to) if to else None
    give_to(request, taker)
    left = {"to": str(to)} if to else {}
    record(by=by, verb="contact.hand_on", kind=SUBJECT, object_id=request.pk, why="leaving", **left)
    settle_offer(by, request)
    promise = present(promises_of(request.pk))
    if taker is not None:
        notices.handed_to(taker, request, promise, cause=f"handed:{request.pk}:{uuid4()}")
    elif promise is not None:
        notices.somebody_knocked(request, promise, cause=f"left:{request.pk}:{uuid4()}")


def give_to(request: ContactRequest, taker: Account | None) -> None:
    """Write who has the locked request now, which is news where somebody else had it; None: it waits, unless it was
    answered.
    """
    is_another = taker is not None and request.taken_by_id not in (None, taker.pk)
    request.taken_by, request.taken_at = taker, clock.now() if taker else None
    if taker is None and request.state == ContactRequest.State.TAKEN:
        request.state = ContactRequest.State.WAITING
    elif taker is not None and request.state == ContactRequest.State.WAITING:
        request.state = ContactRequest.State.TAKEN
    if taker is not None and request.held == ContactRequest.Held.HELD:
        request.held = ContactRequest.Held.LET_OUT
    request.save(update_fields=["state", "taken_by", "taken_at", "held"])
    turning_points.tell_passed_on(request)
    if is_another:
        turning_points.tell_news(request)


def _holder(request: ContactRequest, account_id: UUID) -> Account:
    at_door = Post.objects.filter(held_on(today()), role_id=request.role_id, school_id=request.school_id)
    post = at_door.filter(account_id=account_id, account__is_active=True).select_related("account").first()
    if post is None or account_id in kept_out(request.pk):
        raise Conflict(_("This person does not answer there. Choose somebody else."))
    return post.account
