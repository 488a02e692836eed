"""What was said of the last closing, and what of it an adult may see."""

from dataclasses import dataclass

from kernel.actor import Actor
from services.contact.handover_queries import closed_spans
from services.contact.models import ContactRequest
from services.contact.operations import log_read
from services.contact.operations.reading import right_of
from services.feedback.models import Feedback


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that its student shared, with its words opened ("" without)."""

    answer: str
    words: str


def about(request: ContactRequest) -> Feedback | None:
    """The answer about the last closing; None while it is open, and before one was given."""
    if request.closed_at is None:
        return None
    return Feedback.objects.filter(request=request, closed_at=request.closed_at).first()


def shared_with(actor: Actor, request: ContactRequest) -> list[Told]:
    """What the student let the adult see, oldest first, for whoever reads the conversation by the right of who has it.
    Not what is older than a handover that did not open it. The words are in the read log before they are opened."""
    right = right_of(actor, request)
    if right not in ("holder", "free"):
        return []
    rows = Feedback.objects.filter(request=request, is_shared=True, role_id=request.role_id).order_by("at")
    closed = closed_spans(request.pk)
    open_rows = [row for row in rows if not closed.hold(row.at)]
    if not open_rows:
        return []
    reading = log_read(actor, request, "feedback", right)
    for row in open_rows:
        row.request = request
    return [Told(row.answer, row.words.open(reading) if row.words else "") for row in open_rows]
