"""Who may let somebody in. Each rule asks the policy; being an administrator or a lead opens nothing to oneself."""

from typing import Any
from uuid import UUID

from kernel import permissions
from kernel.actor import Actor
from tenants.walls import facts, policy
from tenants.walls.cases import Case
from tenants.walls.models import Grant, Opening


def has_the_case(by: Actor, case: Case) -> bool:
    return bool(policy.may_give(facts.reader_of(by), facts.thing_of(case, by)))


def has_the_case_or_gave(by: Actor, case: Case, grant: Grant) -> bool:
    return by.kind == "person" and (by.id == grant.given_by_id or has_the_case(by, case))


def works_here(by: Actor, *_about: Any) -> bool:
    return bool(policy.may_ask(facts.reader_of(by)))


def is_the_second_person(by: Actor, opening: Opening) -> bool:
    return bool(
        policy.may_confirm(
            facts.reader_of(by),
            asked_by=opening.asked_by_id,
            reader=opening.reader_id,
            school=opening.school_id,
        )
    )


def takes_part(by: Actor, opening: Opening) -> bool:
    """Who asked, who reads, or who may be the second person: each may end it."""
    part: tuple[UUID, ...] = (opening.asked_by_id, opening.reader_id)
    return by.kind == "person" and (by.id in part or is_the_second_person(by, opening))


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "give_grant": has_the_case,
    "withdraw_grant": has_the_case_or_gave,
    "ask_opening": works_here,
    "see_opening": takes_part,
    "confirm_opening": is_the_second_person,
    "end_opening": takes_part,
    "end_rehearsal": the_machine,
}
permissions.register("walls", RULES)
