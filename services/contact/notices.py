"""Who is told what by message:

that somebody waits and until when. Never who, why, where or a word of content.
"""

from django.db.models import Q

from kernel.people.models import Account
from services.contact.models import ContactRequest, ConversationMessage
from services.promises.models import Promise
from services.promises.notices import administrators, tell
from tenants.setup.models import HelperRole
from tenants.setup.queries import holders_of, leads_of


def those_responsible(request: ContactRequest) -> list[Account]:
    """Who may answer: holders of the role at the school today, invented people included."""
    return list(holders_of(request.role_id, request.school_id))


def somebody_knocked(request: ContactRequest, promise: Promise) -> None:
    """Tell the holders;

    nobody there: the leads; none of them either: the administrators, with the count alone.
    """
    holders = those_responsible(request)
    template = "contact/knock"
    if not holders:
        holders, template = list(leads_of(request.school_id)) or administrators(), "contact/nobody_there"
    tell(
        holders,
        cause=f"knock:{promise.pk}",
        template=template,
        due=promise.due_at,
        role=_role(request),
        waiting=_waiting_at(request),
    )


def student_wrote(request: ContactRequest, message: ConversationMessage, promise: Promise | None) -> None:
    """Tell the one who has the request; nobody has it: everybody who may."""
    people = [request.taken_by] if request.taken_by else those_responsible(request)
    tell(
        [person for person in people if person is not None],
        cause=f"message:{message.pk}",
        template="contact/message",
        due=promise.due_at if promise else None,
        role=_role(request),
    )


def still_waiting(request: ContactRequest, promise: Promise) -> None:
    """The promise broke: everybody who may answer is told that the student still waits."""
    tell(
        those_responsible(request),
        cause=f"still-waiting:{promise.pk}",
        template="contact/still_waiting",
        due=promise.due_at,
        role=_role(request),
    )


def _role(request: ContactRequest) -> HelperRole:
    return HelperRole.objects.get(pk=request.role_id)


def _waiting_at(request: ContactRequest) -> int:
    """How many wait at the same door."""
    return ContactRequest.objects.filter(
        Q(school_id=request.school_id, role_id=request.role_id), taken_by__isnull=True, closed_at__isnull=True
    ).count()
