"""Who may change keys: the machine, by the operator's command or at the word of the slice that owns the case."""

from kernel import permissions
from kernel.actor import Actor


def _machine(by: Actor) -> bool:
    return by.kind == "machine"


RULES = {"rotate": _machine, "shred": _machine}
permissions.register("crypto", RULES)
