"""Who decides how long, who holds a case, who wishes it gone, who makes it go: four different ones."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.models import ContactRequest
from services.logreview.models import LogReview


def administrator(by: Actor, *_about: Any) -> bool:
    return by.kind == "person" and by.is_administrator


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


def own_student(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "student" and by.case_id == request.pk


def sees_holds(by: Actor, *_about: Any) -> bool:
    """Administrators, and whoever reviews a log here."""
    if administrator(by):
        return True
    return by.kind == "person" and LogReview.objects.filter(reviewer_id=by.id, month=None).exists()


RULES: dict[str, permissions.Rule] = {
    "decide": administrator,
    "hold": administrator,
    "see_holds": sees_holds,
    "wish": own_student,
    "take_home": own_student,
    "sweep": the_machine,
    "bring_archive_decision": the_machine,
    "staff_data": the_machine,
}
permissions.register("retention", RULES)
