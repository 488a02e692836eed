"""Who hears by message that a decision waits: number and clock, never that it is a worry, whose or why. Those in charge
hear that it is one, role and clock, and not even the number."""

from datetime import date, datetime
from uuid import UUID, uuid4

from kernel.outbox.models import Message
from kernel.people.models import Account
from services.contact.handover_queries import apart_from, kept_out
from services.promises.models import Promise
from services.promises.notices import tell, those_in_charge
from services.worry.models import Worry
from tenants.setup.models import HelperRole


def tell_of_clock(person: Account, worry: Worry, promise: Promise | None) -> None:
    """This person decides from now on."""
    if promise is None:
        return
    tell(
        [person],
        cause=f"worry-deputy:{worry.pk}:{uuid4()}",
        template="worry/decide",
        due=promise.due_at,
        role=_role(worry),
        number=worry.request.case_number,
    )


def nobody_decides(worry: Worry, promise: Promise | None, *, gone: UUID) -> bool:
    """Whoever decided is gone, and nobody comes next: those in charge are told. False: they were before, or nobody is
    in charge."""
    cause = f"worry-left:{worry.pk}:{gone}"
    people = those_in_charge(worry.request.school_id, apart=kept_out(worry.request_id))
    if not people or Message.objects.filter(cause=cause).exists():
        return False
    runs = promise is not None and promise.answered_at is None and promise.ended_at is None
    tell(
        people,
        cause=cause,
        template="worry/nobody_decides",
        due=promise.due_at if promise and runs else None,
        role=_role(worry),
    )
    return True


def who_hears_of_nobody(worry: Worry, absent: UUID) -> list[Account]:
    """An absence leaves it with nobody: those in charge, and the absent one only where nobody else is. Never
    silent: whom the student said no to hears it before nobody does."""
    apart, school_id = kept_out(worry.request_id), worry.request.school_id
    for aside in (apart | {absent}, apart, apart_from(worry.request_id)):
        if found := those_in_charge(school_id, apart=aside):
            return found
    return []


def nobody_will_be_there(people: list[Account], worry: Worry, due: datetime, since: date) -> None:
    """Before its clock runs out, from a day on: they learn that it is a worry, the role and the clock, once of each
    such gap."""
    tell(
        people,
        cause=f"worry-nobody-then:{worry.pk}:{due.isoformat()}:{since}",
        template="worry/nobody_then",
        due=due,
        role=_role(worry),
    )


def _role(worry: Worry) -> HelperRole:
    return HelperRole.objects.get(pk=worry.request.role_id)
