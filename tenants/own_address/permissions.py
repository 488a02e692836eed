"""Who may do which verb: administrators; the daily look is the machine's."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor


def administrator(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine" or (by.kind == "person" and by.is_administrator)


def machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "add": administrator,
    "look": administrator,
    "show": administrator,
    "remove": administrator,
    "look_at_all": machine,
}
permissions.register("own_address", RULES)
