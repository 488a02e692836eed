"""The first line of an operation: fetch the request and lock it."""

from uuid import UUID

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from services.contact.models import ContactRequest
from services.contact.queries import visible_to


def locked(by: Actor, request_id: UUID, verb: str, *, open_only: bool = True) -> ContactRequest:
    """The request, locked until the transaction ends. What `by` cannot see does not exist: NotFound. Raises NotAllowed
    when `verb` is not theirs, Conflict when it is closed (and must be open).
    """
    rows = visible_to(by).select_for_update(of=("self",)).select_related("case_key")
    request = rows.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, f"reach.{verb}", request)
    if open_only and not request.is_open:
        raise Conflict(_("This conversation is closed. Say below if you still need help."), code="closed")
    return request
