"""Who may do which verb to a municipality."""

from kernel import permissions
from kernel.actor import Actor


def _operator_or_machine(by: Actor) -> bool:
    return by.kind == "machine" or by.is_operator


RULES = {
    "found": _operator_or_machine,
    "remove_rehearsal": _operator_or_machine,
    "change_state": _operator_or_machine,
    "add_domain": _operator_or_machine,
}

permissions.register("municipalities", RULES)
