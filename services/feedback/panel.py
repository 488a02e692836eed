"""The section on the student's page after a closing: did you get help, what now, and may the adult see it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from kernel.actor import Actor
from kernel.errors import FieldError, Invalid
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.panels import Panel, Seen
from services.feedback import operations
from services.feedback.models import Feedback
from services.feedback.queries import about
from services.feedback.words import ANSWERS
from tenants.setup.queries import portal


def context(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """None while the conversation is open, where the student took it back, and once they skipped."""
    request = seen.opened.request
    if request.state != ContactRequest.State.CLOSED:
        return None
    known = about(request)
    if known is not None and known.answer == Feedback.Answer.SKIPPED:
        return None
    wrong = dict(seen.errors)
    return {
        "answers": [(value, text) for value, text in ANSWERS.items() if value != Feedback.Answer.SKIPPED],
        "skip": ANSWERS["skipped"],
        "said": ANSWERS[known.answer] if known else "",
        "is_no": known is not None and known.answer == Feedback.Answer.NO,
        "is_shared": known is not None and known.is_shared,
        "again_by": portal().due_if_now(seen.now, request.school_id, request.role_id),
        "typed": seen.posted.get("text", "") if seen.posted else "",
        "error": wrong.get(PANEL.name, "") or wrong.get("id_answer", ""),
        "wrong_text": wrong.get("id_feedback_text", "") or wrong.get("id_text", ""),
    }


def act(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    """Answer or skip; let the adult see it; or, after a no, ask for help again: a new promise, the old one stays."""
    posted = request.POST
    match posted.get("act", ""):
        case "share":
            _share(by, case_id, posted.get("text", ""))
        case "again":
            contact.student_writes(by=by, request_id=case_id, still_need_help=True)
        case _:
            operations.answer(by=by, request_id=case_id, said=posted.get("answer", ""))


def _share(by: Actor, case_id: UUID, text: str) -> None:
    try:
        operations.share(by=by, request_id=case_id, text=text)
    except Invalid as refused:  # where it stands on this page
        raise Invalid([FieldError("feedback_text", one.message) for one in refused.errors]) from None


PANEL = Panel("feedback", "promise", "feedback/panel.html", context, act, order=5)
