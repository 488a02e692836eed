"""Who may do which verb: a student for themselves, the student of a conversation for it, the clock its own."""

from collections.abc import Callable
from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.permissions import own_student


def a_student(by: Actor, *_about: Any) -> bool:
    """Whoever is at the door. What opens a conversation is the binding, and what opens a trip is its key."""
    return by.kind == "student"


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES: dict[str, Callable[..., bool]] = {
    "set_out": a_student,
    "come_back": a_student,
    "enter": a_student,
    "bind": a_student,
    "tell": own_student,
    "unbind": own_student,
    "forget_trips": the_machine,
}
permissions.register("eid", RULES)
