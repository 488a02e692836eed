"""Who may do what to a promise:

nobody by hand. The slice that owns the subject has already asked who acts.
"""

from kernel import permissions
from kernel.actor import Actor


def _somebody(by: Actor) -> bool:
    return by.kind in ("student", "person", "machine")


def _person(by: Actor) -> bool:
    return by.kind in ("person", "machine")


def _machine(by: Actor) -> bool:
    return by.kind == "machine"


RULES = {
    "give": _somebody,  # a student's knock gives the first one
    "keep": _person,  # only an adult's answer keeps it
    "end": _somebody,  # a student withdraws; a helper closes what is no longer tried
    "break": _machine,
}
permissions.register("promises", RULES)
