"""Worries in words. Pure."""

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy

from services.worry.models import LocalNumber, SafetyText, Step, Worry

RECIPIENTS: dict[str, LazyText] = {
    Step.Recipient.EMERGENCY: gettext_lazy("Emergency help"),
    Step.Recipient.POLICE: gettext_lazy("The police"),
    Step.Recipient.CHILD_WELFARE: gettext_lazy("Child welfare"),
    Step.Recipient.PRINCIPAL: gettext_lazy("The principal"),
    Step.Recipient.NOBODY: gettext_lazy("Nobody yet: I talk it over first"),
}
OUTCOMES: dict[str, LazyText] = {
    Worry.Outcome.TAKEN_OVER: gettext_lazy("Those who were told take it from here"),
    Worry.Outcome.SAFE: gettext_lazy("The student is safe now"),
    Worry.Outcome.UNFOUNDED: gettext_lazy("It was not as I feared"),
}
#: Who is in danger, as whoever answers chooses the safety text by it.
ABOUT: dict[str, LazyText] = {
    SafetyText.About.SELF: gettext_lazy("The student is in danger"),
    SafetyText.About.FRIEND: gettext_lazy("The student is worried about a friend"),
}
NUMBERS: dict[str, LazyText] = {
    LocalNumber.Kind.PRINCIPAL: gettext_lazy("The principal"),
    LocalNumber.Kind.CHILD_WELFARE: gettext_lazy("Child welfare"),
    LocalNumber.Kind.CHILD_WELFARE_NIGHT: gettext_lazy("Child welfare at night and in weekends"),
    LocalNumber.Kind.POLICE: gettext_lazy("The police"),
}
