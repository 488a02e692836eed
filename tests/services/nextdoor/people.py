"""A knock whose promise has broken, and a student's yes in one line."""

from datetime import timedelta
from typing import Any

import time_machine

from services.contact.models import NextDoor
from services.contact.operations import Accepted
from services.nextdoor import operations
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import visitor


def breaks(accepted: Accepted, clock: time_machine.Traveller, *, sweeps: bool = True) -> Promise:
    """The promise that stands runs out; the sweep has been there, or not yet. Gives it."""
    promise = Promise.objects.get(STANDING, subject_id=accepted.request_id)
    clock.move_to(promise.due_at + timedelta(seconds=30))
    if sweeps:
        break_due()
    promise.refresh_from_db()
    return promise


def says_yes(world: World, accepted: Accepted, **said: Any) -> NextDoor:
    given: dict[str, Any] = {"role_id": world.counsellor_role, "shares": "everything"}
    return operations.ask(by=visitor(accepted), request_id=accepted.request_id, **{**given, **said})
