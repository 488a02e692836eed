"""Who may do which verb: all of them belong to the student of the conversation; what the clock does, to the machine."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.permissions import own_student


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES = {
    "ask_notice": own_student,
    "stop_notice": own_student,
    "tell_name": own_student,
    "take_name_out": own_student,
    "tie": own_student,
    "tidy_notices": the_machine,
}
permissions.register("reach", RULES)
