"""Refusals as documents: `application/problem+json` (RFC 9457)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from kernel.errors import DomainError, Invalid

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "The request cannot be read",
    401: "Sign-in needed",
    403: "Not allowed",
    404: "Not found",
    405: "Not done this way",
    406: "No such form",
    409: "Too late",
    415: "Send JSON",
    422: "Some fields cannot be accepted",
    429: "Too many at once",
    503: "Not possible right now",
}


def problem(
    status: int, detail: str = "", *, code: str = "", errors: Iterable[tuple[str, str]] = ()
) -> Response:
    """One problem document. `errors` are (field, message) pairs; nested fields are dotted."""
    body = {
        "type": f"about:blank#{code}" if code else "about:blank",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "errors": [{"field": field, "message": message} for field, message in errors],
    }
    response = Response(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """What DRF asks for every exception of an API view. Unknown ones stay errors (500)."""
    if isinstance(error, Invalid):
        pairs = [(one.field, str(one.message)) for one in error.errors]
        return problem(422, _("Look at the fields named here."), code="invalid", errors=pairs)
    if isinstance(error, DomainError):
        return problem(error.status, str(error.detail), code=error.code)
    if isinstance(error, exceptions.ValidationError):
        return problem(422, _("Look at the fields named here."), code="invalid", errors=_flat(error.detail))
    if isinstance(error, Http404):
        return problem(404)
    if isinstance(error, PermissionDenied):
        return problem(403)
    if isinstance(error, OperationalError | InterfaceError):
        return problem(503, _("Nothing was sent. Try again in a moment."), code="unavailable")
    if isinstance(error, exceptions.APIException):
        response = problem(error.status_code, str(error.detail), code=str(error.default_code))
        if header := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = header
        return response
    return None


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
