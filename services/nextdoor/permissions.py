"""Who may do which verb: the student of a conversation asks the next door or waits; administrators set the order."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.permissions import own_student


def administrator(by: Actor, *_about: Any) -> bool:
    return by.kind == "person" and by.is_administrator


RULES = {
    "ask": own_student,
    "wait": own_student,
    "set_order": administrator,
}
permissions.register("nextdoor", RULES)
