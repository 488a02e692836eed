"""Who sees whether promises are kept: leads and administrators. Which schools, `queries.visible_to` says."""

from kernel import permissions
from kernel.actor import Actor


def answers_for_a_school(by: Actor) -> bool:
    return by.kind == "person" and (by.is_lead or by.is_administrator)


RULES = {"open": answers_for_a_school}
permissions.register("insights", RULES)
