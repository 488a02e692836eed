"""Who may attach and take away: nobody by hand. The room that has the message has asked who may write it."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor


def _whoever_writes(by: Actor, *_about: Any) -> bool:
    return by.kind in ("student", "person")


def _person(by: Actor, *_about: Any) -> bool:
    return by.kind == "person"


RULES: dict[str, permissions.Rule] = {
    "attach": _whoever_writes,
    "remove": _person,  # a reply is taken back
}
permissions.register("attachments", RULES)
