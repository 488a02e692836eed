"""Who may knock on the API's doors."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from kernel import permissions
from kernel.actor import Actor, actor_of


def _may_issue(by: Actor, account: Any) -> bool:
    """The machine (a command on our own server) for anybody; a person for themselves."""
    return by.kind == "machine" or (by.kind == "person" and by.id == account.pk)


RULES = {"issue_token": _may_issue}
permissions.register("api", RULES)


class Scoped(BasePermission):
    """A known person whose token (if it is one) covers `view.scope` for reading or writing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = actor_of(request._request)
        if actor.kind != "person":
            return False
        verb = "read" if request.method in SAFE_METHODS else "write"
        return actor.may_scope(f"{view.scope}:{verb}")
