"""What a student said of the help goes with the case, and is given to them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because
from services.contact.models import ContactRequest
from services.feedback.models import Feedback
from services.feedback.words import CODES


def _said(request: ContactRequest, reading: Reading) -> Iterable[Section]:
    rows = tuple(
        _one(row, request, reading) for row in Feedback.objects.filter(request=request).order_by("at")
    )
    if rows:
        yield Section("feedback", _("Whether it helped"), rows)


def _one(row: Feedback, request: ContactRequest, reading: Reading) -> tuple[Item, ...]:
    at, row.request = "feedback.Feedback", request
    return (
        Item(f"{at}.at", _("When"), row.at),
        Item(f"{at}.answer", _("What you said"), row.answer),
        Item(f"{at}.is_shared", _("The adult may see it"), row.is_shared),
        Item(f"{at}.words", _("What you wrote to the adult"), row.words.open(reading) if row.words else ""),
    )


FEEDBACK = Follower(
    name="feedback",
    order=32,
    models=("feedback.Feedback",),
    gives=frozenset(f"feedback.Feedback.{name}" for name in ("at", "answer", "is_shared", "words")),
    excused=because("ties rows together and says nothing", "feedback.Feedback.request")
    | because(
        "the door and the closing it is about, which are given with the conversation",
        "feedback.Feedback.school",
        "feedback.Feedback.role",
        "feedback.Feedback.closed_at",
    ),
    words=CODES,
    export=_said,
)
