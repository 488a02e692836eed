"""An employee's own data: taken out, and erased once they have left."""

from typing import Any
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.people import operations as people
from kernel.permissions import require
from services.retention import staff


@transaction.atomic
def take_out_staff_data(*, by: Actor, account_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything about one employee that the law gives them. In the log."""
    require(by, "retention.staff_data")
    found = staff.data_of(account_id)
    record(by=by, verb="retention.staff_data", kind="account", object_id=account_id)
    return found


@transaction.atomic
def erase_staff(*, by: Actor, account_id: UUID) -> None:
    """Forget who somebody was who has left. What stays is `staff.STAYS`. Raises Conflict while they may sign in."""
    require(by, "retention.staff_data")
    people.erase(by=by, account_id=account_id)
    record(by=by, verb="retention.erase_staff", kind="account", object_id=account_id)
