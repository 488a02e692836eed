"""Who sees that the log is reviewed, who names the reviewer, and who reviews: three different people as a rule."""

from kernel import permissions
from kernel.actor import Actor
from services.logreview.models import LogReview


def answers_for_a_school(by: Actor) -> bool:
    return by.kind == "person" and (by.is_lead or by.is_administrator)


def administrator(by: Actor) -> bool:
    return by.kind == "person" and by.is_administrator


def reviewer(by: Actor, standing: LogReview) -> bool:
    return by.kind == "person" and standing.month is None and standing.reviewer_id == by.id


def machine(by: Actor) -> bool:
    return by.kind == "machine"


RULES: dict[str, permissions.Rule] = {
    "see_states": answers_for_a_school,
    "name_reviewer": administrator,
    "review": reviewer,
    "remind": machine,
}
permissions.register("logreview", RULES)
