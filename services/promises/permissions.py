"""Who may do what to a promise:

nobody by hand. The slice that owns the subject has already asked who acts.
"""

from kernel import permissions
from kernel.actor import Actor
from services.promises import subjects
from services.promises.models import Promise


def _somebody(by: Actor) -> bool:
    return by.kind in ("student", "person", "machine")


def _person(by: Actor) -> bool:
    return by.kind in ("person", "machine")


def _machine(by: Actor) -> bool:
    return by.kind == "machine"


def _answers_for_the_school(by: Actor, promise: Promise) -> bool:
    """The lead of the school; an administrator, who is told where there is none. Not of what is not there for them."""
    if by.kind != "person" or by.id is None:
        return False
    answers = by.leads_school(promise.school_id) or by.is_administrator
    return answers and subjects.there_for(by.id, Promise.objects.filter(pk=promise.pk)).exists()


RULES: dict[str, permissions.Rule] = {
    "give": _somebody,  # a student's knock gives the first one
    "keep": _person,  # only an adult's answer keeps it
    "follow": _somebody,  # the subject moves: another door, or from the handover to the request
    "end": _somebody,  # a student withdraws; a helper closes what is no longer tried
    "pause": _person,  # a helper proposes times; the student's turn begins
    "resume": _somebody,  # the student answers, or the helper takes the times back
    "break": _machine,
    "remind": _machine,
    "explain": _answers_for_the_school,
}
permissions.register("promises", RULES)
