"""Who may make a token."""

from typing import Any

from kernel import permissions
from kernel.actor import Actor


def _may_issue(by: Actor, account: Any) -> bool:
    """The machine (a command on our own server) for anybody; a person for themselves."""
    return by.kind == "machine" or (by.kind == "person" and by.id == account.pk)


RULES = {"issue_token": _may_issue}
permissions.register("api", RULES)
