"""Grants and openings in words. Pure."""

from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy, pgettext_lazy

from tenants.walls.models import Opening

#: What makes an opening lawful, as those who work here choose it.
BASES: dict[str, LazyText] = {
    Opening.Basis.DANGER: gettext_lazy("Somebody may be in danger now"),
    Opening.Basis.STUDENT_ASKED: gettext_lazy("The student asks for their own record"),
    Opening.Basis.SUPERVISION: gettext_lazy("A supervisory authority demands it"),
    Opening.Basis.COURT: gettext_lazy("A court or the police has a decision"),
    Opening.Basis.PUBLIC_RECORD: gettext_lazy("Somebody asks for a public record"),
}
BASIS_HINTS: dict[str, LazyText] = {
    Opening.Basis.DANGER: gettext_lazy("And the one who has it cannot be reached. Call 112 first."),
    Opening.Basis.STUDENT_ASKED: gettext_lazy("The right of access. You know who the student is."),
    Opening.Basis.SUPERVISION: gettext_lazy("You have the letter, and it names what is wanted."),
    Opening.Basis.COURT: gettext_lazy("You have the decision in writing."),
    Opening.Basis.PUBLIC_RECORD: gettext_lazy("Secrecy is weighed afterwards, line by line."),
}
SCOPES: dict[str, LazyText] = {
    Opening.Scope.CONVERSATION: gettext_lazy("What was written, and every contact"),
    Opening.Scope.WITH_LOG: gettext_lazy("The same, and who has read it"),
}
STATES: dict[str, LazyText] = {
    "waits": pgettext_lazy("opening", "Waits for a second person"),
    "stands": pgettext_lazy("opening", "Open"),
    "over": pgettext_lazy("opening", "Over"),
    "refused": pgettext_lazy("opening", "Not opened"),
}
TONES = {"waits": "warning", "stands": "success", "over": "neutral", "refused": "neutral"}


def state_of(opening: Opening, now: datetime) -> str:
    """waits · stands · over (it was open) · refused (it never was: said no, taken back, too old)."""
    if opening.waits_at(now):
        return "waits"
    if opening.stands_at(now):
        return "stands"
    return "over" if opening.confirmed_at else "refused"
