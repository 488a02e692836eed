"""Who sees whether promises are kept: leads and administrators. Which schools, `queries.visible_to` says."""

from kernel import permissions
from kernel.actor import Actor


def answers_for_a_school(by: Actor) -> bool:
    return by.kind == "person" and (by.is_lead or by.is_administrator)


def the_machine(by: Actor) -> bool:
    return by.kind == "machine"


RULES = {"open": answers_for_a_school, "keep_quarter": the_machine}
permissions.register("insights", RULES)
