"""Handovers in words: what follows, how the student agreed, what became of one. Pure."""

from collections.abc import Container
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from services.contact.models import Handover
from tenants.setup.models import HelperRole, School
from tenants.setup.portal import text_in


@dataclass(frozen=True, slots=True)
class Choice:
    """`label` and `hint` for the one who chooses; `told` for the one who is asked to take over."""

    label: LazyText
    hint: LazyText | str
    told: LazyText


SHARES: dict[str, Choice] = {
    "nothing": Choice(
        gettext_lazy("Nothing"),
        gettext_lazy("Only what is written after the other has said yes."),
        gettext_lazy("Nothing that was written before follows."),
    ),
    "summary": Choice(
        gettext_lazy("A summary"),
        gettext_lazy("You write it below: what is needed, and no more."),
        gettext_lazy("This summary follows, and nothing that was written before."),
    ),
    "onward": Choice(
        gettext_lazy("What is written from now on"),
        gettext_lazy("Also what the student writes before the other has said yes."),
        gettext_lazy("What was written since it was offered follows."),
    ),
    "everything": Choice(
        gettext_lazy("Everything"),
        gettext_lazy("As much as you can read yourself. Only when the student agrees."),
        gettext_lazy("Everything that was written follows."),
    ),
}
AGREEMENTS: dict[str, Choice] = {
    "in_talk": Choice(gettext_lazy("Yes, in a talk"), "", gettext_lazy("The student agreed, in a talk.")),
    "in_writing": Choice(
        gettext_lazy("Yes, in the conversation"), "", gettext_lazy("The student agreed, in the conversation.")
    ),
    "by_phone": Choice(gettext_lazy("Yes, by phone"), "", gettext_lazy("The student agreed, by phone.")),
    "none": Choice(
        gettext_lazy("No, or not asked"),
        gettext_lazy("Only inside one duty of secrecy, or by a law that you name below."),
        gettext_lazy("The student has not said yes, or was not asked."),
    ),
}
#: The hint of the last one where no law opens anything to others without a yes.
NO_LAW = gettext_lazy("Only to somebody under the same duty of secrecy.")
#: What became of it, in a chain.
STATES: dict[str, LazyText] = {
    "offered": pgettext_lazy("a handover", "offered"),
    "accepted": pgettext_lazy("a handover", "taken over, not reached yet"),
    "contacted": pgettext_lazy("a handover", "taken over"),
    "declined": pgettext_lazy("a handover", "said no"),
    "left": pgettext_lazy("a handover", "not there any more"),
    "nobody": pgettext_lazy("a handover", "nobody took it over"),
    "expired": pgettext_lazy("a handover", "not answered in time"),
    "withdrawn": pgettext_lazy("a handover", "taken back"),
    "refused": pgettext_lazy("a handover", "the student said no"),
    "over": pgettext_lazy("a handover", "closed"),
}
#: What the one who has it is told when it did not happen.
ENDED: dict[str, LazyText] = {
    "declined": gettext_lazy("Nobody who was asked takes it over."),
    "expired": gettext_lazy("Nobody answered in time. The lead has been told."),
    "refused": gettext_lazy("The student wants to stay with you."),
}


def became(handover: Handover, unanswered: Container[UUID]) -> LazyText:
    """What became of it. Of a role that was asked nobody says who said no; `unanswered`: those that are nobody's no."""
    if handover.state != "declined":
        return STATES[handover.state]
    if handover.to_account_id is None:
        return STATES["nobody"]
    return STATES["left" if handover.pk in unanswered else "declined"]


def place(role: HelperRole, school: School, language: str) -> str:
    return f"{text_in(role.names, language) or role.key}, {school.name}"


def receiver(handover: Handover, language: str) -> str:
    """Who it went to: by name, or the role at the school while nobody of it has said yes."""
    person = handover.accepted_by or handover.to_account
    at = place(handover.to_role, handover.to_school, language)
    if person is not None:
        return f"{person.get_short_name()} ({at})"
    return _("everybody: %(role)s") % {"role": at}
