"""Who may do which verb to a worry. Each rule asks the one policy (tenants.walls.policy): raising and deciding belong
to the one who has the case, deciding also to the deputy; being an administrator, lead or operator opens nothing."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.queries import case_of
from services.worry.models import Worry
from services.worry.queries import may
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import decide, may_act


def has_the_case(by: Actor, request: ContactRequest) -> bool:
    holder = holder_of(request)
    case = case_of(request, holder.pk if holder else None)
    return bool(decide(reader_of(by), thing_of(case, by, "worry"), "detail"))


def at_the_door(by: Actor, request: ContactRequest) -> bool:
    return bool(may_act(reader_of(by), thing_of(case_of(request, request.taken_by_id), by)))


def decides(by: Actor, worry: Worry) -> bool:
    return bool(may(by, worry, "worry", "detail"))


def records(by: Actor, worry: Worry) -> bool:
    """Whoever decides; and who raised it and has told nobody yet, whoever has the case now."""
    return decides(by, worry) or may(by, worry, "worry_row", "detail").why == "raiser"


def takes_out(by: Actor, worry: Worry) -> bool:
    return bool(may(by, worry, "worry", "export"))


def own_student(by: Actor, request: ContactRequest) -> bool:
    return by.kind == "student" and by.case_id == request.pk


def holds_a_post(by: Actor, *_about: Any) -> bool:
    return by.kind == "person" and by.is_helper


def administrator(by: Actor, *_about: Any) -> bool:
    """Keeps numbers, times and texts; gives on what a leaver had: number, door and clock, never a word of it."""
    return by.kind == "machine" or (by.kind == "person" and by.is_administrator)


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "open": holds_a_post,
    "raise": has_the_case,
    "take_and_raise": at_the_door,
    "decide": decides,
    "record": records,
    "take_out": takes_out,
    "read_told": own_student,
    "send_safety_text": at_the_door,
    "set_up": administrator,
    "hand_on": administrator,
    "break": the_machine,
    "go_along": the_machine,
    "leave": the_machine,
}
permissions.register("worry", RULES)
