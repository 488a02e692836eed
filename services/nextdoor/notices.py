"""Who hears that a student chose another door: the one who had the conversation, and nobody reads why."""

from kernel.people.models import Account
from services.contact.models import ContactRequest, NextDoor
from services.promises.notices import tell


def no_more_yours(holder: Account | None, request: ContactRequest, sent: NextDoor) -> None:
    """They need do nothing more; its number, and the role they had it in."""
    tell(
        [holder] if holder else [],
        cause=f"next-door:{sent.pk}",
        template="nextdoor/gone",
        due=None,
        role=sent.from_role,
        number=request.case_number,
    )
