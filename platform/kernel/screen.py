"""A shared screen: a browser others pass by, or sit at next. A mark of the browser, whoever signs in there.

Lists then say the number, the door and the clock alone, a session ends after minutes of silence, and the page is
covered. A cookie of this host for a year, that no script reads; it says "1", and nothing about anybody.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

LIFE = timedelta(days=365)


def is_shared(request: HttpRequest | None) -> bool:
    return request is not None and request.COOKIES.get(settings.SHARED_SCREEN_COOKIE_NAME) == "1"


def idle_seconds(request: HttpRequest) -> int:
    """After how much silence a session ends in this browser."""
    usual: int = settings.STAFF_IDLE_SECONDS
    return min(usual, settings.SHARED_SCREEN_IDLE_SECONDS) if is_shared(request) else usual


def mark(response: HttpResponse, *, shared: bool) -> None:
    name = settings.SHARED_SCREEN_COOKIE_NAME
    if not shared:
        response.delete_cookie(name, samesite="Strict")
        return
    response.set_cookie(
        name, "1", max_age=int(LIFE.total_seconds()), secure=settings.HTTPS, httponly=True, samesite="Strict"
    )
