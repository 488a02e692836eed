"""Base of every API view, and the two pages about the API itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.actor import Actor, actor_of
from kernel.api.openapi import contract
from kernel.api.pagination import Pages
from kernel.api.parsing import is_empty, json_object
from kernel.api.problems import problem
from kernel.api.serializers import Strict
from kernel.errors import FieldError, Invalid


class OpenView(APIView):
    """For the student's door: nobody is asked who they are."""

    authentication_classes: Sequence[Any] = ()
    permission_classes: Sequence[Any] = (AllowAny,)
    #: For the contract: {method: statuses} with which this door refuses, beside those of every door.
    refuses: Mapping[str, Sequence[int]] = {}

    def read_body(self, serializer: type[Strict], request: Request) -> dict[str, Any]:
        """The body, read strictly; 422 with every wrong field named."""
        reader = serializer(data=json_object(request))
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def read_nothing(self, request: Request) -> None:
        """For an act that takes no field: no body, null, or an empty object (of JSON; a form is not looked at)."""
        if request.content_type == "application/json" and not is_empty(request) and request.data is not None:
            self.read_body(Strict, request)


class StaffView(OpenView):
    """For a known person. `scope` is "desk" or "setup"; writing methods need `scope:write`."""

    authentication_classes = APIView.authentication_classes
    permission_classes = APIView.permission_classes
    scope: str
    #: What may be asked of a GET beside the address.
    asks: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "GET":
            unknown = sorted(set(request.query_params) - self.asks)
            if unknown:
                raise Invalid([FieldError(name, _("Unknown parameter.")) for name in unknown])

    @property
    def actor(self) -> Actor:
        return actor_of(self.request._request)

    def paged(self, request: Request, rows: Any, present: Any) -> Response:
        """A list door: `present(row)` for each row of the asked page."""
        pages = Pages()
        found: Sequence[Any] = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response([present(row) for row in found])


def idempotency_key(request: Request) -> str:
    """The Idempotency-Key header: a UUID or 16–64 URL-safe characters. Missing or unfit: 400."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 16 <= len(key) <= 64 or not all(
        sign.isascii() and (sign.isalnum() or sign in "-_") for sign in key
    ):
        raise ParseError(_("Send an Idempotency-Key header: a UUID, or 16 to 64 letters, digits, - and _."))
    return key


def openapi(request: HttpRequest) -> JsonResponse:
    """The contract of every door, OpenAPI 3, made from the code that answers."""
    return JsonResponse(contract())


def to_the_docs(request: HttpRequest) -> HttpResponse:
    """Who types the address of the API wants to know what there is."""
    return redirect("api:docs")


def docs(request: HttpRequest) -> HttpResponse:
    """The same contract as a page."""
    rows = [
        [
            method.upper(),
            path,
            str(operation.get("summary") or operation.get("description", "")).split("\n")[0],
        ]
        for path, methods in contract()["paths"].items()
        for method, operation in methods.items()
    ]
    headers = [_("Method"), _("Address"), _("What it does")]
    return render(request, "api/docs.html", {"headers": headers, "rows": rows})


class NoSuchDoor(OpenView):
    """Any other address under /api/: a problem document, not a page."""

    schema = None

    def get(self, request: Request, **_rest: str) -> Response:
        return problem(404)

    post = put = patch = delete = get
