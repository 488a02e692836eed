"""Which language a page is in: the reader's own choice, else the browser's among those offered here, else
the default.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from kernel.ui import look
from kernel.ui.places import is_at_work

NEAR = {"no": "nb"}
"""What browsers say for what we call otherwise."""


class LanguageMiddleware:
    """Activates the language; must come after the municipality is known, and needs no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(choose(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        if not response.has_header("Content-Language"):
            response["Content-Language"] = request.LANGUAGE_CODE
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def choose(request: HttpRequest) -> str:
    """The code of a language that is offered here; at a desk, of one that the desk is written in."""
    place = getattr(request, "municipality", None)
    offered = look.staff_languages(place) if is_at_work(request.path_info) else look.offered_languages(place)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in offered:
        return chosen
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        base = wanted.split("-")[0]
        for code in (wanted, base, NEAR.get(base, "")):
            if code in offered:
                return code
    return offered[0]
