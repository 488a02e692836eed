"""Who may do which verb to a contact request. Each rule asks the one policy (tenants.walls.policy): acts belong to
holders of a post in that role at that school, today; words to the one who has it, to those at the door while nobody
has, to whoever was let in; the student's own to the student; nothing to an administrator, lead or operator."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.handover_queries import apart_from, said_no_to
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, Handover, Recusal
from services.contact.queries import case_of, may, records_of
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import may_act, may_answer, may_give


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


def settles_the_record(by: Actor, request: ContactRequest) -> bool:
    """Whose record it is to write: the one who has it, who owes it at their own door, or, where that one answers there
    no more, whoever does. Opens no word.
    """
    return keeps_the_record(by, request) or records_of(by).filter(request_id=request.pk).exists()


def has_it(by: Actor, request: ContactRequest) -> bool:
    """The one who has it today, and nobody for them."""
    holder = holder_of(request)
    case = case_of(request, holder.pk if holder else None)
    return bool(may_give(reader_of(by), thing_of(case, by)))


def may_step_aside(by: Actor, request: ContactRequest) -> bool:
    """Whoever could have it: at its door, or asked to take it over."""
    thing = thing_of(case_of(request, request.taken_by_id), by)
    return at_the_door(by, request) or bool(may_answer(reader_of(by), thing))


def is_asked(by: Actor, handover: Handover) -> bool:
    """Whom it is (or was) offered to: the person, or a holder of the role at the school to whom the student has not
    said no. Not who stepped aside.
    """
    if by.kind != "person" or by.id is None or by.id == handover.from_account_id:
        return False
    if not by.holds(handover.to_role_id, handover.to_school_id) or by.id in apart_from(handover.request_id):
        return False
    if handover.to_account_id is None and handover.accepted_by_id != by.id:
        return by.id not in said_no_to(handover.request_id)
    return handover.to_account_id in (None, by.id)


def may_withdraw(by: Actor, handover: Handover) -> bool:
    """Who offered it, or has it now."""
    return offered_it(by, handover) or has_it(by, handover.request)


def offered_it(by: Actor, handover: Handover) -> bool:
    is_aside = by.id in apart_from(handover.request_id)
    return by.kind == "person" and by.is_helper and by.id == handover.from_account_id and not is_aside


def is_in_the_handover(by: Actor, handover: Handover) -> bool:
    """Who knows of it: who offered it, whoever is asked, and whoever sees the request at its door."""
    return offered_it(by, handover) or is_asked(by, handover) or at_the_door(by, handover.request)


def somebody(by: Actor, *_about: Any) -> bool:
    """The room that calls has asked who may."""
    return by.kind in ("person", "machine")


def own_recusal(by: Actor, recusal: Recusal) -> bool:
    return by.kind == "person" and by.id == recusal.account_id


def own_student(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "student" and by.case_id == request.pk


def own_friend(by: Actor, request: ContactRequest) -> bool:
    """Whom the student has asked in, as the room above has found them to be."""
    return by.kind == "friend" and by.id is not None and by.case_id == request.pk


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
    "settle_record": settles_the_record,
    "remind_of_records": the_machine,
    "take": at_the_door,
    "let_out": at_the_door,
    "release": at_the_door,
    "reply": at_the_door,
    "withdraw_reply": at_the_door,
    "record_contact": at_the_door,
    "undo_contact": at_the_door,
    "needs_no_answer": has_it,
    "close": at_the_door,
    "undo_close": at_the_door,
    "hand_on": administrator,
    "left": somebody,
    "offer_handover": has_it,
    "see_handover": is_in_the_handover,
    "answer_handover": is_asked,
    "withdraw_handover": may_withdraw,
    "refuse_handover": own_student,
    "recuse": may_step_aside,
    "undo_recusal": own_recusal,
    "student_writes": own_student,
    "withdraw": own_student,
    "friend_writes": own_friend,
    "set_name": own_student,
    "forget": the_machine,
    "forget_keys": the_machine,
    "forget_challenges": the_machine,
    "end_rehearsal": the_machine,
}
permissions.register("contact", RULES)
