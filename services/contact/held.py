"""What a person has and has not finished, for whoever must give it on: number, door and clock, no content."""

from uuid import UUID

from services.contact.models import ContactRequest
from services.contact.queries import with_promises
from tenants.setup.leaving import Open


def held_by(account_id: UUID) -> list[Open]:
    """Open requests the account took, also while it is away."""
    rows = ContactRequest.objects.filter(taken_by_id=account_id, closed_at__isnull=True)
    numbers = {row.pk: row for row in rows}
    return [
        Open(
            id=row.request.pk,
            number=row.request.case_number,
            role_id=row.request.role_id,
            school_id=row.request.school_id,
            due_at=row.due_at if row.waits() else None,
        )
        for row in with_promises(list(numbers.values()))
    ]
