"""Refusals as documents: `application/problem+json` (RFC 9457).

`type` is always `urn:lavterskel:problem:CODE`, a name and no address; `title` says what kind it is, `detail`
what to do about this one, both in the reader's language.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from rest_framework import exceptions
from rest_framework.response import Response

from kernel.errors import DomainError, Invalid

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:lavterskel:problem:"
#: For each status its title, and the code where none is said.
KINDS = {
    400: (gettext_lazy("The request cannot be read"), "malformed"),
    401: (gettext_lazy("Sign-in needed"), "not-signed-in"),
    403: (gettext_lazy("Not allowed"), "not-allowed"),
    404: (gettext_lazy("Not found"), "not-found"),
    405: (gettext_lazy("Not done this way"), "method-not-allowed"),
    406: (gettext_lazy("No such form"), "not-acceptable"),
    409: (gettext_lazy("Too late"), "conflict"),
    413: (gettext_lazy("Too much at once"), "too-long"),
    415: (gettext_lazy("Send JSON"), "not-json"),
    422: (gettext_lazy("Some fields cannot be accepted"), "invalid"),
    429: (gettext_lazy("Too many at once"), "too-many"),
    500: (gettext_lazy("Our mistake"), "our-mistake"),
    503: (gettext_lazy("Not possible right now"), "unavailable"),
}
_DETAILS = {
    exceptions.NotAuthenticated: gettext_lazy("Send a token, or sign in."),
    exceptions.PermissionDenied: gettext_lazy("You may not do this here."),
    exceptions.MethodNotAllowed: gettext_lazy("This address does not know that method."),
    exceptions.NotAcceptable: gettext_lazy("The answer is JSON. Accept application/json."),
    exceptions.UnsupportedMediaType: gettext_lazy("Send JSON, with Content-Type: application/json."),
    exceptions.Throttled: gettext_lazy("Wait a moment and try again."),
}


def document(
    status: int, detail: str = "", *, code: str = "", errors: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    """One problem. `errors` are (field, message) pairs; nested fields are dotted."""
    title, usual = KINDS.get(status, (pgettext("a request of a program", "Refused"), "refused"))
    return {
        "type": f"{TYPE}{code or usual}",
        "title": str(title),
        "status": status,
        "detail": detail,
        "errors": [{"field": field, "message": message} for field, message in errors],
    }


def problem(
    status: int, detail: str = "", *, code: str = "", errors: Iterable[tuple[str, str]] = ()
) -> Response:
    """The answer of an API view."""
    body = document(status, detail, code=code, errors=errors)
    response = Response(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def plain_problem(status: int, detail: str = "") -> JsonResponse:
    """The same where no API view was reached."""
    response = JsonResponse(document(status, detail), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """What DRF asks for every exception of an API view. Unknown ones stay errors (500)."""
    if isinstance(error, Invalid):
        pairs = [(one.field, str(one.message)) for one in error.errors]
        return problem(422, _("Look at the fields named here."), errors=pairs)
    if isinstance(error, DomainError):
        return problem(error.status, str(error.detail), code=error.code)
    if isinstance(error, exceptions.ValidationError):
        return problem(422, _("Look at the fields named here."), errors=_flat(error.detail))
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, PermissionDenied):
        return problem(403)
    if isinstance(error, RequestDataTooBig):
        return problem(413, too_much())
    if isinstance(error, OperationalError | InterfaceError):
        return problem(503, _("Nothing was sent. Try again in a moment."))
    if isinstance(error, exceptions.APIException):
        detail = next((said for kind, said in _DETAILS.items() if type(error) is kind), error.detail)
        response = problem(error.status_code, str(detail))
        if header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = header
        return response
    return None


def too_much() -> str:
    """How much may be sent in one request."""
    limit = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000:g}"
    return _("This is too long. There is room for %(limit)s megabytes at once.") % {"limit": limit}


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """DRF's nested errors as (dotted field, message) pairs."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from _flat(value, ".".join(part for part in (path, name) if part))
    elif isinstance(detail, list):
        for value in detail:
            yield from _flat(value, path)
    else:
        yield path or "body", str(detail)
