"""What every page owes its reader: headers that leave no trace, and refusals in words."""

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import once, robots
from kernel.api import problems
from kernel.errors import DomainError, Invalid
from kernel.uploads import MOST_OF_A_BODY

type GetResponse = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("lavterskel.web")

#: What a browser may do on our pages: nothing it can be asked for.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), browsing-topics=(), interest-cohort=()"


def log_failure(sender: object, request: HttpRequest | None = None, **more: object) -> None:
    """One line for what becomes a 500: method, the pattern of the address, the class. Nothing of anybody's."""
    match = getattr(request, "resolver_match", None)
    method = request.method if request is not None and request.method in _METHODS else "?"
    kind = sys.exc_info()[0]
    log.error("500 %s %s: %s", method, f"/{match.route}" if match else "?", kind.__name__ if kind else "?")


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
got_request_exception.connect(log_failure, dispatch_uid="web.log_failure")


class PrivacyHeadersMiddleware:
    """`no-store` and `no-referrer` on everything that is not a file of ours (docs/how/security.md 6)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        robots.tell(request, response)
        return response


class AskedOnceMiddleware:
    """While a page is only looked at (GET, HEAD), its set-up is asked for once. Inside the municipality."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with once.setup():
            return self.get_response(request)


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's, on pages with `Referrer-Policy: no-referrer`: their forms are sent with `Origin: null`.

    Then `Sec-Fetch-Site` says whose page it was; a browser too old to send it still has to show the token,
    which another site cannot read, beside a cookie that is SameSite=Strict.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null":
            return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        verified: bool = super()._origin_verified(request)  # type: ignore[misc]
        return verified


class DomainErrorMiddleware:
    """A refusal of the domain becomes a page (or, for the API, a problem document) with its own status.

    `Invalid` is not caught here: the view that showed the form shows it again, with everything typed.
    A database that is away becomes 503 with words; views that hold a person's text answer it themselves.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError) and not isinstance(error, Invalid):
            return refusal(request, error.status, str(error.detail))
        if isinstance(error, OperationalError | InterfaceError):
            log.error("The database is away: %s on %s", type(error).__name__, _route(request))
            return refusal(request, 503, "")
        return None


class BodyLimitMiddleware:
    """A body larger than anybody can mean (settings.DATA_UPLOAD_MAX_MEMORY_SIZE) is 413 in words, unread.

    Files have limits of their own (kernel.uploads). What is less long than this reaches its form, which says
    which field has how much room and shows everything typed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        with_files = request.content_type == "multipart/form-data"
        most = MOST_OF_A_BODY if with_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not length.isdigit() or int(length) <= most:
            return self.get_response(request)
        _read_away(request)
        if request.path.startswith("/api/"):
            return problems.plain_problem(413, problems.too_much())
        return refusal(request, 413, problems.too_much())


#: Bytes that are read only so that the sender gets to hear the answer (a closed line swallows it).
_READ_AWAY = 64_000_000


def _read_away(request: HttpRequest) -> None:
    left = _READ_AWAY
    while left > 0 and (part := request.read(65_536)):
        left -= len(part)


def _route(request: HttpRequest) -> str:
    """The pattern of the address, never the address: it can hold an id."""
    return request.resolver_match.route if request.resolver_match else "an unknown address"


def refusal(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """The page for this status, with what the person can do about it."""
    context: dict[str, Any] = {"detail": detail, "status": status}
    # Whose page it was has been asked for by now, if it was one for staff: nothing more is asked of the database.
    if getattr(request, "person_in_full", None) is not None:
        context |= {"layout": "ui/staff.html", "front": reverse("people:first_page")}
    return render(request, f"{status}.html" if status in _PAGES else "400.html", context, status=status)


_PAGES = (400, 403, 404, 409, 500, 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or came from another site."""
    return refusal(request, 403, _("This page was open for a long time. Go back, reload it and try again."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal(request, 404, "")


def server_error(request: HttpRequest) -> HttpResponse:
    return refusal(request, 500, "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return refusal(request, 413, problems.too_much())
    return refusal(request, 400, "")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refusal(request, 403, "")
