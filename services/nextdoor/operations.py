"""The student's answer when a promise broke: another door, or to wait. And the municipality's order of doors."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.permissions import require
from services.contact import notices as contact_notices
from services.contact import rules, turning_points
from services.contact.handover_queries import beginnings, last_number, next_doors
from services.contact.holding import holder_of
from services.contact.models import SUBJECT, ContactRequest, ConversationMessage, Handover, NextDoor
from services.contact.operations.handing_on import give_to
from services.contact.operations.handover_ends import close_with_request
from services.contact.operations.recording import owe
from services.contact.queries import visible_to
from services.contact.writing import add_message
from services.nextdoor import notices
from services.nextdoor.models import DoorOrder
from services.nextdoor.queries import answer_to, offered, what_broke
from services.promises import operations as promises
from services.promises.models import Promise
from tenants.setup.models import THE_SETUP, HelperRole, School, SetupVersion
from tenants.walls.operations import end_grants


@transaction.atomic
def ask(*, by: Actor, request_id: UUID, role_id: UUID | None, shares: str, text: str = "") -> NextDoor:
    """The student says yes: the request goes to another role of the school, with a new promise. What broke stays so.

    The old door reads nothing of it any more; the new one what the student said, never what adults wrote beside it.
    `text` is written into the conversation for the new door. The same yes again: nothing happens.

    Raises NotFound; Invalid (role, shares, text); Conflict, in words for the student, when somebody has answered
    meanwhile, it is closed, or another door has been asked; Unavailable when the calendar never gets there.
    """
    request, broken = _locked(by, request_id, "ask")
    if broken is None:
        return _said_already(request, role_id)
    clean = rules.check_text(text) if text.strip() else ""
    to = _checked(request, role_id, shares)
    return _send_on(by, request, broken, to, shares, clean)


def _locked(by: Actor, request_id: UUID, verb: str) -> tuple[ContactRequest, Promise | None]:
    """The request, locked, after what is overdue of it was broken (a substitute may have it now); and what broke."""
    seen = visible_to(by).select_for_update(of=("self",)).filter(pk=request_id).first()
    if seen is None:
        raise NotFound()
    require(by, f"nextdoor.{verb}", seen)
    promises.break_overdue(by=MACHINE, subject_id=request_id)
    names = ("case_key", "role", "school")
    request = ContactRequest.objects.select_for_update(of=("self",)).select_related(*names).get(pk=request_id)
    return request, what_broke(request)


def _said_already(request: ContactRequest, role_id: UUID | None) -> NextDoor:
    """Nothing is broken (any more): the same yes came twice, or something else came first."""
    if not request.is_open:
        raise Conflict(_("This conversation is closed. Say below if you still need help."), code="closed")
    sent = next_doors(request.pk)
    if sent and request.role_id == sent[-1].to_role_id:
        if sent[-1].to_role_id == role_id:
            return sent[-1]
        raise Conflict(_("You have asked somebody else already. It says so on this page."), code="asked")
    raise Conflict(_("An adult has answered meanwhile. Nothing was sent on."), code="answered")


def _checked(request: ContactRequest, role_id: UUID | None, shares: str) -> HelperRole:
    errors = []
    if role_id is None:
        errors.append(FieldError("role", _("Choose who you want to ask.")))
    elif role_id not in {door.role.id for door in offered(request)}:
        errors.append(FieldError("role", _("Nobody can answer there now. Choose somebody else, or wait.")))
    if shares not in NextDoor.Shares.values or not shares:
        errors.append(FieldError("shares", _("Choose what they may read.")))
    if errors or role_id is None:
        raise Invalid(errors)
    return HelperRole.objects.get(pk=role_id)


def _send_on(
    by: Actor, request: ContactRequest, broken: Promise, to: HelperRole, shares: str, text: str
) -> NextDoor:
    at, before, holder = clock.this_minute(), request.role, holder_of(request)
    begins = beginnings([request.pk])[request.pk]
    opens = begins if shares == NextDoor.Shares.EVERYTHING else max(begins, last_number(request))
    if request.taken_by_id is not None and _was_helped(request):
        owe(request, request.taken_by_id, at)
    close_with_request(by, request)
    turning_points.tell_moves(request, to.pk, request.school_id)
    request.role, request.state = to, ContactRequest.State.WAITING
    request.taken_by, request.taken_at = None, None
    request.save(update_fields=["role", "state", "taken_by", "taken_at"])
    promises.follow(by=by, subject_id=request.pk, school_id=request.school_id, role_id=to.pk)
    give_to(request, None)
    end_grants(by=by, case_key_id=request.case_key_id)
    promise = promises.give(
        by=by,
        kind=Promise.Kind.HANDOVER,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        school_id=request.school_id,
        role_id=to.pk,
        opened_at=at,
    )
    sent = answer_to(broken) or NextDoor(request=request, broken=broken)
    sent.school, sent.from_role, sent.to_role, sent.promise = request.school, before, to, promise
    sent.shares, sent.open_after, sent.at = shares, opens, at
    sent.handovers = Handover.objects.filter(request=request).count()
    sent.save()
    record(
        by=by, verb="nextdoor.ask", kind=SUBJECT, object_id=request.pk,
        role=str(to.pk), left=str(before.pk), shares=shares,
    )  # fmt: skip
    if text:
        message = add_message(request, sender=ConversationMessage.Sender.STUDENT, text=text, at=at)
        record(
            by=by, verb="contact.student_writes", kind=SUBJECT, object_id=request.pk, message=str(message.pk)
        )
    contact_notices.somebody_knocked(request, promise, cause=f"next-door:{promise.pk}")
    notices.no_more_yours(holder, request, sent)
    return sent


def _was_helped(request: ContactRequest) -> bool:
    """Whether somebody has written to the student, reached them or tried to: what the law may want written down."""
    wrote = request.messages.filter(sender=ConversationMessage.Sender.HELPER)
    return wrote.exists() or request.attempts.exists()


@transaction.atomic
def wait(*, by: Actor, request_id: UUID) -> NextDoor | None:
    """The student wants nobody else and waits: nothing moves. They may still say yes. Again: nothing happens; answered
    or closed meanwhile: None."""
    request, broken = _locked(by, request_id, "wait")
    if broken is None:
        return None
    said = answer_to(broken)
    if said is None:
        said = NextDoor.objects.create(
            request=request,
            broken=broken,
            school=request.school,
            from_role=request.role,
            at=clock.this_minute(),
        )
        record(by=by, verb="nextdoor.wait", kind=SUBJECT, object_id=request.pk)
    return said


# --- the order of doors ------------------------------------------------------------------------------------


@transaction.atomic
def set_order(
    *, by: Actor, school_id: UUID | None, roles: Iterable[UUID], never: Iterable[UUID]
) -> DoorOrder:
    """In which order the doors of a school (None: of all) are offered, and which never. Raises NotFound for a school
    that is not open. Roles that are none are left out."""
    require(by, "nextdoor.set_order")
    if school_id is not None and not School.objects.filter(pk=school_id, closed_on__isnull=True).exists():
        raise NotFound()
    known = set(HelperRole.objects.values_list("pk", flat=True))
    left_out = [one for one in dict.fromkeys(never) if one in known]
    ordered = [one for one in dict.fromkeys(roles) if one in known and one not in left_out]
    order = _order_of(school_id) or DoorOrder(school_id=school_id)
    order.roles, order.never = [str(one) for one in ordered], [str(one) for one in left_out]
    order.save()
    record(
        by=by, verb="nextdoor.set_order", kind="door_order", object_id=order.pk,
        school=str(school_id or ""), offered=len(ordered), never=len(left_out),
    )  # fmt: skip
    return order


@transaction.atomic
def forget_order(*, by: Actor, school_id: UUID | None) -> None:
    """The order of all holds at this school again (None: that of the roles holds everywhere). Again: fine."""
    require(by, "nextdoor.set_order")
    order = _order_of(school_id)
    if order is not None:
        record(by=by, verb="nextdoor.forget_order", kind="door_order", object_id=order.pk)
        order.delete()


def _order_of(school_id: UUID | None) -> DoorOrder | None:
    """Locked, after the set-up: two who save at once save one after the other."""
    SetupVersion.objects.select_for_update().get(pk=THE_SETUP)
    found = DoorOrder.objects.select_for_update()
    return (found.filter(school_id=school_id) if school_id else found.filter(school_id__isnull=True)).first()
