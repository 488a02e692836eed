"""Who may do which verb: all of them belong to the student of the conversation; what the clock does, to the machine."""

from collections.abc import Callable
from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.permissions import own_student
from services.reach.models import Friend


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


def own_friend(by: Actor, friend: Friend) -> bool:
    """The friend themselves, in the conversation they were asked into."""
    return by.kind == "friend" and by.id == friend.pk and by.case_id == friend.request_id


RULES: dict[str, Callable[..., bool]] = {
    "ask_notice": own_student,
    "stop_notice": own_student,
    "tell_name": own_student,
    "take_name_out": own_student,
    "tie": own_student,
    "invite_friend": own_student,
    "end_friend": own_student,
    "take_part": own_friend,
    "tidy_notices": the_machine,
}
permissions.register("reach", RULES)
