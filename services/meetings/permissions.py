"""Who may do which verb to a meeting. A helper's verbs belong to the one who has the request, at its door; a student's
to the student of the conversation; what the clock does to the machine. Leads, administrators and operators: none."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.models import ContactRequest
from services.contact.permissions import at_the_door, own_student


def has_it(by: Actor, request: ContactRequest) -> bool:
    return at_the_door(by, request) and request.taken_by_id == by.id


def has_it_or_own(by: Actor, request: ContactRequest) -> bool:
    return own_student(by, request) or has_it(by, request)


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


def own_account(by: Actor, *_about: Any) -> bool:
    """One's own calendar address: whoever holds a post."""
    return by.kind == "person" and by.is_helper


RULES = {
    "read": has_it_or_own,
    "set_urgency": has_it,
    "propose": has_it,
    "take_back": has_it,
    "record": has_it,
    "pick": own_student,
    "decline": own_student,
    "cancel": own_student,
    "remind": the_machine,
    "fall_through": the_machine,
    "make_feed": own_account,
}
permissions.register("meetings", RULES)
