"""Who may come to the desk: whoever holds a post today. What they may do to a request, contact says."""

from kernel import permissions
from kernel.actor import Actor


def holds_a_post(by: Actor) -> bool:
    return by.kind == "person" and by.is_helper


RULES = {"open": holds_a_post, "search": holds_a_post}
permissions.register("desk", RULES)
