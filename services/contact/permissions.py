"""Who may do which verb to a contact request. Only holders of a post in that role at that school, today; the
student of that conversation; never an administrator, a lead or an operator as such."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.models import ContactRequest


def holder(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "person" and by.holds(request.role_id, request.school_id)


def own_student(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "student" and by.case_id == request.pk


def holder_or_student(by: Actor, request: ContactRequest) -> bool:
    return holder(by, request) or own_student(by, request)


def anybody_at_the_door(by: Actor, *_about: Any) -> bool:
    return by.kind in ("student", "machine")


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES = {
    "knock": anybody_at_the_door,
    "read": holder_or_student,
    "take": holder,
    "release": holder,
    "reply": holder,
    "record_contact": holder,
    "close": holder,
    "student_writes": own_student,
    "withdraw": own_student,
    "forget_keys": the_machine,
    "end_rehearsal": the_machine,
}
permissions.register("contact", RULES)
