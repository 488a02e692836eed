"""The first line of an operation: fetch the request and lock it."""

from uuid import UUID

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.permissions import require
from services.contact.models import ContactRequest
from services.contact.queries import record_due_of, visible_to


def locked(by: Actor, request_id: UUID, verb: str) -> ContactRequest:
    """The request, locked until the transaction ends. What `by` cannot see does not exist: NotFound.

    Raises NotAllowed when it can be seen but `verb` is not theirs.
    """
    request = visible_to(by).select_for_update().filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, f"contact.{verb}", request)
    return request


def locked_for_its_record(by: Actor, request_id: UUID) -> ContactRequest:
    """The same for who owes a record of it, also where it is at another door by now and nothing of it is theirs to
    see. NotFound, NotAllowed.
    """
    is_known = visible_to(by).filter(pk=request_id).exists() or record_due_of(by, request_id) is not None
    request = ContactRequest.objects.select_for_update().filter(pk=request_id).first() if is_known else None
    if request is None:
        raise NotFound()
    require(by, "contact.settle_record", request)
    return request


def account_of(by: Actor) -> UUID:
    """The account of somebody who has been found to be a person."""
    if by.id is None:
        raise NotFound()
    return by.id
