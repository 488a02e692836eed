"""What the tests of contact say in one line: a knock, an hour passing, the words in the database."""

import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kernel.actor import Actor, student
from services.contact import operations
from services.contact.handover_queries import is_unread
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.contact.reached import is_reached
from tests.cast import World

#: A Tuesday morning in an ordinary school week, UTC.
TUESDAY = datetime(2026, 9, 15, 8, 0, 30, tzinfo=UTC)
SECRET = "Jeg er redd for å gå hjem i dag"
NUMBER = "99887766"


def knock(world: World, **said: Any) -> Accepted:
    """A student knocks on the nurse at Solhaug, wants to write here, unless said otherwise."""
    given: dict[str, Any] = {
        "idempotency_key": uuid.uuid4().hex,
        "school_id": world.school,
        "role_id": world.nurse_role,
        "channel_kind": "conversation",
        "message": SECRET,
        "language": "nb",
    }
    return operations.knock(by=student(None), **{**given, **said})


def visitor(accepted: Accepted) -> Actor:
    """The student who knocked."""
    return student(accepted.request_id)


def reach_and_close(
    *, by: Actor, request_id: UUID, outcome: str = "helped", said: operations.Settling | None = None
) -> ContactRequest:
    """Close as a helper does who has reached the student: who has not does it first, as the student chose."""
    request = ContactRequest.objects.get(pk=request_id)
    if not is_reached(request):
        reach(by=by, request=request)
    return read_and_close(by=by, request_id=request_id, outcome=outcome, said=said)


def read_and_close(*, by: Actor, request_id: UUID, **said: Any) -> ContactRequest:
    """Close, once what the student wrote is read."""
    read_what_waits(by, ContactRequest.objects.get(pk=request_id))
    return operations.close(by=by, request_id=request_id, **said)


def read_what_waits(by: Actor, request: ContactRequest) -> None:
    """Open the conversation, where anything in it is unread."""
    if is_unread(request):
        operations.read_conversation(by=by, request_id=request.pk)


def reach(*, by: Actor, request: ContactRequest) -> None:
    """Answer in the conversation where that is the wish, else write down that it was done as they wished."""
    if request.is_found_only_here:
        operations.reply(by=by, request_id=request.pk, text="Hei, jeg er her")
    else:
        operations.record_contact(by=by, request_id=request.pk, kind=request.channel_kind, outcome="reached")
