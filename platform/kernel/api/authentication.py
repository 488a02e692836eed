"""Two ways to be known (a token, or the session of somebody signed in with a second factor), and what a
token's scopes let through."""

import dataclasses
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from kernel.actor import actor_for, actor_of
from kernel.api.tokens import recognise
from kernel.people.access import is_staff


class Token(BaseAuthentication):
    """`Authorization: Bearer lav_…`. A wrong, expired, withdrawn or other municipality's one: 401."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = recognise(value.strip())
        if token is None:
            raise AuthenticationFailed(_("This token is not valid here."))
        actor = actor_for(token.account)
        request._request._actor = dataclasses.replace(actor, scopes=frozenset(token.scopes))  # type: ignore[attr-defined]
        return token.account, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class Session(SessionAuthentication):
    """The staff session, with CSRF as on the pages, and only once the second factor is satisfied."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        if not is_staff(request._request):
            return None
        self.enforce_csrf(request)
        return request._request.user, None


class Scoped(BasePermission):
    """A known person whose token (if it is one) covers `view.scope` for reading or writing."""

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = actor_of(request._request)
        if actor.kind != "person":
            return False
        verb = "read" if request.method in SAFE_METHODS else "write"
        return actor.may_scope(f"{view.scope}:{verb}")
