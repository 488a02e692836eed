"""What the tests of contact say in one line: a knock, an hour passing, the words in the database."""

import uuid
from datetime import UTC, datetime
from typing import Any

from kernel.actor import Actor, student
from services.contact import operations
from services.contact.operations import Accepted
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
