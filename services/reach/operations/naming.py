"""Telling who one is, later and in one step; and taking it out again for those who come after."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, Invalid
from services.contact import following
from services.contact import operations as contact
from services.contact.models import SUBJECT
from services.contact.rules import tidy
from services.reach.fetching import locked
from services.reach.models import NameTold


@transaction.atomic
def tell_name(*, by: Actor, request_id: UUID, name: str) -> NameTold:
    """Say who one is to whoever has the request, and has it after them. Said again, it is corrected.

    Raises Invalid (name), Conflict when the conversation is closed.
    """
    request = locked(by, request_id, "tell_name")
    if not tidy(name):
        raise Invalid(name=_("Write what you are called."))
    contact.set_name(by=by, request_id=request_id, name=name)
    told, is_new = NameTold.objects.get_or_create(
        request=request, taken_out_at=None, defaults={"told_at": clock.this_minute()}
    )
    record(by=by, verb="reach.tell_name", kind=SUBJECT, object_id=request.pk, again=not is_new)
    return told


@transaction.atomic
def take_name_out(*, by: Actor, request_id: UUID) -> None:
    """The name is on the page no more. Who has read it has read it. Again: nothing happens.

    Raises Conflict when the conversation is closed, or when it must be kept as it is.
    """
    request = locked(by, request_id, "take_name_out")
    if request.name is None:
        return
    if any(hold.code == "legal" for hold in following.holds_on(request)):
        raise Conflict(_("The law says that this must stay as it is for now. Ask us why."), code="legal")
    contact.set_name(by=by, request_id=request_id, name="")
    now = clock.this_minute()
    if not NameTold.objects.filter(request=request, taken_out_at__isnull=True).update(taken_out_at=now):
        NameTold.objects.create(request=request, told_at=request.opened_at, taken_out_at=now)
    record(by=by, verb="reach.take_name_out", kind=SUBJECT, object_id=request.pk)
