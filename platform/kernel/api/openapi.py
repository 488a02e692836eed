"""What the API's contract says about sign-in, and the contract itself, made once a process."""

from functools import lru_cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from kernel.api.pagination import Pages
from kernel.api.problems import KINDS, MEDIA_TYPE


class ProblemError(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="dotted where it is nested; body when it is none of them")
    message = serializers.CharField()


#: RFC 9457. Inline: a field named `errors` is not a serializer's to declare.
PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(help_text="urn:lavterskel:problem: and a code"),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "errors": ProblemError(many=True),
    },
)


class Contract(AutoSchema):
    """What is true of every door: how lists go on, what they may be asked, and each way to be refused."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "GET" or not Pages.asks <= getattr(self.view, "asks", frozenset()):
            return []
        limit = {"type": "integer", "minimum": 1, "maximum": Pages.max_limit, "default": Pages.default_limit}
        offset = {"type": "integer", "minimum": 0, "maximum": Pages.furthest, "default": 0}
        return [
            OpenApiParameter("limit", limit, description="how many on a page"),
            OpenApiParameter("offset", offset, description="where the page begins"),
        ]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._refusals():
            words = found.get(str(status), {}).get("description") or str(KINDS[status][0])
            found[str(status)] = {**self._refusal(str(status), direction), "description": words}
        return found

    def _refusal(self, status: str, direction: Any) -> dict[str, Any]:
        made: Any = super()
        found: dict[str, Any] = made._get_response_for_code(PROBLEM, status, [MEDIA_TYPE], direction)
        return found

    def _get_response_for_code(
        self, serializer: Any, status_code: Any, media_types: Any = None, direction: Any = "response"
    ) -> dict[str, Any]:
        """A list is answered as a page of it."""
        made: Any = super()
        found: dict[str, Any] = made._get_response_for_code(serializer, status_code, media_types, direction)
        if isinstance(serializer, serializers.ListSerializer):
            for content in found["content"].values():
                content["schema"] = Pages().get_paginated_response_schema(content["schema"])
        return found

    def _refusals(self) -> set[int]:
        """The statuses of this operation beside the good one: those its view names, and those that follow
        from what it is.
        """
        view: Any = self.view
        refuses = getattr(view, "refuses", {})
        statuses = {503, *refuses.get(self.method, ())}
        if self.method in ("POST", "PATCH"):
            statuses |= {400, 413, 415, 422}  # JSON that is none, too much, not JSON, wrong fields
        for_staff = hasattr(view, "scope")
        if for_staff:
            statuses |= {401, 403, 422}  # unknown parameters
        if "{" in self.path:
            statuses |= {404}
        if self.method != "GET" and for_staff:
            statuses |= {409}
        return statuses


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "kernel.api.authentication.Token"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "lav_…"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "kernel.api.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


@lru_cache(maxsize=1)
def contract() -> dict[str, Any]:
    """The OpenAPI document of every door of the API."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return document
