"""What the student of a request is called: said by them, or taken out by them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, Invalid
from services.contact import notices, rules, turning_points
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations.fetching import locked
from services.promises.queries import present, promises_of


@transaction.atomic
def set_name(*, by: Actor, request_id: UUID, name: str) -> ContactRequest:
    """The student's name from now on, "" for none. Whoever answers is told that they have said something.

    Raises Invalid (name), Conflict when it is closed.
    """
    request = locked(by, request_id, "set_name")
    if not request.is_open:
        raise Conflict(_("This conversation is closed. Say below if you still need help."), code="closed")
    clean = rules.tidy(name)
    if len(clean) > rules.NAME_LIMIT:
        raise Invalid(name=rules.too_long(len(clean), rules.NAME_LIMIT))
    request.name = clean or None
    request.save(update_fields=["name"])
    turning_points.tell_named(request)
    record(by=by, verb="contact.set_name", kind=SUBJECT, object_id=request.pk, given=bool(clean))
    if clean:
        notices.student_said_who(request, present(promises_of(request.pk)))
    return request
