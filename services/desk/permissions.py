"""Who may come to the desk: whoever holds a post today. What they may do to a request, contact says; who keeps notes
beside it, the walls."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor
from services.contact.holding import holder_of
from services.contact.models import ContactRequest
from services.contact.permissions import at_the_door
from services.contact.queries import case_of
from tenants.walls.facts import reader_of, thing_of
from tenants.walls.policy import may_note


def holds_a_post(by: Actor, *_about: Any) -> bool:
    return by.kind == "person" and by.is_helper


def has_it(by: Actor, request: ContactRequest) -> bool:
    holder = holder_of(request)
    return bool(may_note(reader_of(by), thing_of(case_of(request, holder.pk if holder else None), by)))


def the_machine(by: Actor, *_about: Any) -> bool:
    return by.kind == "machine"


RULES = {
    "open": holds_a_post,
    "search": holds_a_post,
    "write_note": has_it,
    "write_draft": at_the_door,
    "forget": the_machine,
}
permissions.register("desk", RULES)
