"""The student's answer after a closing, and what of it the adult may see."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.permissions import require
from services.contact import rules
from services.contact.models import SUBJECT, ContactRequest
from services.contact.queries import visible_to
from services.feedback.models import Feedback
from services.feedback.queries import about


@transaction.atomic
def answer(*, by: Actor, request_id: UUID, said: str) -> Feedback:
    """Did it help: yes, little, no, or skipped. It opens nothing: whoever still needs help says so apart from it. The
    last answer counts until it is shared; the same again: nothing happens.

    Raises NotFound, Invalid (answer), Conflict while the conversation is open, or was taken back by the student.
    """
    request = _locked(by, request_id, "answer")
    if said not in Feedback.Answer.values:
        raise Invalid([FieldError("answer", _("Choose an answer, or skip."))])
    known = about(request)
    if known is not None and (known.answer == said or known.is_shared):
        return known
    if known is None:
        door = {"school": request.school, "role": request.role}
        known = Feedback(request=request, closed_at=request.closed_at or clock.now(), **door)
    known.answer, known.at = said, clock.this_minute()
    known.save()
    record(by=by, verb="feedback.answer", kind=SUBJECT, object_id=request.pk)
    return known


@transaction.atomic
def share(*, by: Actor, request_id: UUID, text: str = "") -> Feedback:
    """Let the adult who has the conversation see the answer, with words or without. Shared already: it stays as it is.

    Raises NotFound, Conflict (not answered yet, or open again), Invalid (text).
    """
    request = _locked(by, request_id, "share")
    known = about(request)
    if known is None or known.answer == Feedback.Answer.SKIPPED:
        raise Conflict(_("Say first whether it helped."), code="unanswered")
    if known.is_shared:
        return known
    known.request = request
    known.words = rules.check_text(text) if text.strip() else None
    known.is_shared, known.at = True, clock.this_minute()
    known.save()
    record(by=by, verb="feedback.share", kind=SUBJECT, object_id=request.pk)
    return known


def _locked(by: Actor, request_id: UUID, verb: str) -> ContactRequest:
    found = visible_to(by).select_for_update(of=("self",)).select_related("case_key", "school", "role")
    request = found.filter(pk=request_id).first()
    if request is None:
        raise NotFound()
    require(by, f"feedback.{verb}", request)
    if request.state != ContactRequest.State.CLOSED:
        raise Conflict(_("The conversation is open again. Write below."), code="open")
    return request


def undone(_by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    """The closing was a slip: what was said of it goes. In the transaction that takes it back."""
    Feedback.objects.filter(request=request, closed_at=closed_at).delete()
