"""Who hears by message that a decision waits: number and clock, never that it is a worry, whose or why."""

from kernel.people.models import Account
from services.promises.models import Promise
from services.promises.notices import tell
from services.worry.models import Worry
from tenants.setup.models import HelperRole


def decide_now(person: Account, worry: Worry, promise: Promise, *, cause: str) -> None:
    """This person decides from now on."""
    tell(
        [person],
        cause=cause,
        template="worry/decide",
        due=promise.due_at,
        role=HelperRole.objects.get(pk=worry.request.role_id),
        number=worry.request.case_number,
    )
