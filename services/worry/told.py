"""What the student reads about a worry on their own page: who was told, by whom, and why, in plain words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.actor import Actor
from services.contact.models import ContactRequest
from services.worry.models import Step
from services.worry.operations.reading import read_told

#: In a student's words; %(who)s is the helper.
SENTENCES: dict[str, LazyText] = {
    Step.Recipient.PRINCIPAL: gettext_lazy("%(who)s has told the principal about this."),
    Step.Recipient.CHILD_WELFARE: gettext_lazy("%(who)s has told child welfare about this."),
    Step.Recipient.POLICE: gettext_lazy("%(who)s has told the police about this."),
    Step.Recipient.EMERGENCY: gettext_lazy("%(who)s has called for emergency help."),
}
#: Who was told, as the student takes it home.
RECIPIENTS: dict[str, dict[str, LazyText]] = {
    "worry.Step.recipient": {
        Step.Recipient.PRINCIPAL: pgettext_lazy("who was told", "the principal"),
        Step.Recipient.CHILD_WELFARE: pgettext_lazy("who was told", "child welfare"),
        Step.Recipient.POLICE: pgettext_lazy("who was told", "the police"),
        Step.Recipient.EMERGENCY: pgettext_lazy("who was told", "emergency help"),
        Step.Recipient.NOBODY: pgettext_lazy("who was told", "nobody yet"),
    }
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line: when, the sentence, and the helper's own words why."""

    at: datetime
    said: str
    because: str


def told_about(by: Actor, request: ContactRequest, *, helper: str, names: bool) -> list[Told]:
    """What the student of the case is told, the newest first; the read is in the log.

    `helper` is the role's name; `names`: whether the municipality shows helpers' names to students.
    """
    return [
        Told(
            at=step.done_at,
            said=str(SENTENCES[step.recipient]) % {"who": step.by.get_short_name() if names else helper},
            because=because,
        )
        for step, because in read_told(by=by, request=request)
    ]
