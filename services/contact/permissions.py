"""Who may do which verb to a contact request. Each rule asks the one policy (tenants.walls.policy): acts belong to
holders of a post in that role at that school, today; words to the one who has it, to those at the door while nobody
has, to whoever was let in; the student's own to the student; nothing to an administrator, lead or operator."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.models import ContactRequest
from services.contact.queries import case_of, holder_of, may
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import may_act


def at_the_door(by: Actor, request: ContactRequest) -> bool:
    return bool(may_act(reader_of(by), thing_of(case_of(request, request.taken_by_id), by)))


def reads(by: Actor, request: ContactRequest) -> bool:
    holder = holder_of(request)
    return bool(may(by, case_of(request, holder.pk if holder else None), "conversation", "detail"))


def takes_out(by: Actor, request: ContactRequest) -> bool:
    holder = holder_of(request)
    return bool(may(by, case_of(request, holder.pk if holder else None), "extraction", "export"))


def keeps_the_record(by: Actor, request: ContactRequest) -> bool:
    """The one who has it takes a copy for the record elsewhere, and says that it was written."""
    holder = holder_of(request)
    said = may(by, case_of(request, holder.pk if holder else None), "conversation", "export")
    return by.kind == "person" and said.why == "holder"


def own_student(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "student" and by.case_id == request.pk


def anybody_at_the_door(by: Actor, *_about: Any) -> bool:
    return by.kind in ("student", "machine")


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


def administrator(by: Actor, *_about: Any) -> bool:
    """Gives on what a leaver had: sees number, door and clock, never a word of it."""
    return by.kind == "machine" or (by.kind == "person" and by.is_administrator)


RULES = {
    "knock": anybody_at_the_door,
    "read": reads,
    "take_out": takes_out,
    "copy_for_record": keeps_the_record,
    "settle_record": keeps_the_record,
    "remind_of_records": the_machine,
    "take": at_the_door,
    "release": at_the_door,
    "reply": at_the_door,
    "withdraw_reply": at_the_door,
    "record_contact": at_the_door,
    "close": at_the_door,
    "undo_close": at_the_door,
    "hand_on": administrator,
    "student_writes": own_student,
    "withdraw": own_student,
    "forget": the_machine,
    "forget_keys": the_machine,
    "end_rehearsal": the_machine,
}
permissions.register("contact", RULES)
