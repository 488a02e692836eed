"""Whoever decided about an open worry answers there no more: it stays with nobody who is gone."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from kernel.permissions import require
from services.contact.handover_queries import kept_out
from services.contact.held import answers_no_more
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.worry import notices, queries
from services.worry.models import SUBJECT, Worry
from services.worry.next_in_order import next_in_order
from services.worry.operations.giving_on import end_deputy, make_deputy, posts_of


@transaction.atomic
def hand_on(*, by: Actor, item_id: UUID, to: UUID | None) -> None:
    """Give an open worry of somebody who leaves to somebody of its door, who is told; `to` None: to the next, as when
    they are gone (`hand_on_what_was_left`). It is never left to whoever comes first. Closed meanwhile: nothing.

    Raises Conflict for who does not answer there, has stepped aside or was told no by the student.
    """
    require(by, "worry.hand_on")
    worry = Worry.objects.select_for_update(of=("self",)).select_related("request").filter(pk=item_id).first()
    if worry is None or not worry.is_open:
        return
    request = worry.request
    if to is None:
        gone = worry.deputy_id or request.taken_by_id
        if gone is not None:
            _to_the_next(by, worry, gone)
        return
    post = posts_of(to, request.role_id, request.school_id).select_related("account").first()
    if post is None or to in kept_out(request.pk):
        raise Conflict(_("This person does not answer there. Choose somebody else."))
    make_deputy(by, worry, post.account, why="leaving")


def hand_on_what_was_left(*, by: Actor) -> int:
    """Open worries of whoever holds no post at their door any more, however it ended, go to the next: whoever has the
    case and is there; else by the order in which a deputy is found; else those in charge hear of role and clock, once.

    The clock goes on as it was. Again: nothing happens, unless somebody is there by now. Returns how many went on.
    """
    require(by, "worry.leave")
    ids = _left_behind().order_by("pk").values_list("pk", flat=True)
    return sum(_hand_on(by, worry_id) for worry_id in list(ids))


@transaction.atomic
def hand_on_with_case(*, by: Actor, request: ContactRequest) -> None:
    """The same, in the moment in which the case that its holder left goes back to its door. `request` is locked."""
    require(by, "worry.leave")
    rows = Worry.objects.select_for_update(of=("self",))
    worry = rows.filter(request=request, closed_at__isnull=True, deputy__isnull=True).first()
    if worry is not None and request.taken_by_id is not None:
        worry.request = request
        _to_the_next(by, worry, request.taken_by_id)


@transaction.atomic
def _hand_on(by: Actor, worry_id: UUID) -> bool:
    free = Worry.objects.select_for_update(of=("self",), skip_locked=True)
    worry = free.select_related("request").filter(pk=worry_id).first()
    if worry is None or not _left_behind().filter(pk=worry_id).exists():
        return False
    gone = worry.deputy_id or worry.request.taken_by_id
    return gone is not None and _to_the_next(by, worry, gone)


def _left_behind() -> QuerySet[Worry]:
    """Open ones whose deputy is gone, or, without one, whoever has their case (which may be closed)."""
    door = {"role": "request__role_id", "school": "request__school_id"}
    deputy = Q(answers_no_more("deputy_id", **door), deputy__isnull=False)
    holder = Q(answers_no_more("request__taken_by_id", **door), deputy=None, request__taken_by__isnull=False)
    return Worry.objects.filter(deputy | holder, closed_at__isnull=True)


def _to_the_next(by: Actor, worry: Worry, gone: UUID) -> bool:
    """True when somebody decides about it from now on."""
    holder = holder_of(worry.request)
    if holder is not None and holder.pk not in {gone, *kept_out(worry.request_id)}:
        end_deputy(by, worry, why="left")
        notices.tell_of_clock(holder, worry, queries.clock_of(worry))
        return True
    following = next_in_order(worry)
    if following is not None:
        make_deputy(by, worry, following, why="left")
        return True
    end_deputy(by, worry, why="left")
    if notices.nobody_decides(worry, queries.clock_of(worry), gone=gone):
        record(by=by, verb="worry.nobody_decides", kind=SUBJECT, object_id=worry.pk, before=str(gone))
    return False
