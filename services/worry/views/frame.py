"""The gate and the frame of every page about a worry, and what becomes of words that could not be written down."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import NotAllowed
from kernel.people.access import detour, staff_required
from kernel.permissions import allowed

type View = Callable[..., HttpResponse]
#: Fields in which somebody writes.
TYPED = ("words", "who", "why_not_first", "because", "came_of_it")


def with_a_post(view: View) -> View:
    """Signed in with a second factor, and holding a post today; others get 403 in words.

    Words that cannot be written down (the database is away, the session is over) come back on a page of their own.
    """

    @staff_required
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not allowed(actor_of(request), "worry.open"):
            raise NotAllowed(_("This page is for those who hold a post at a school. You hold none today."))
        return view(request, *args, **kwargs)

    @wraps(view)
    def keeper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return gate(request, *args, **kwargs)
        try:
            if has_words(request) and detour(request) is not None:
                return not_saved(request, status=403, signed_out=True)
            return gate(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            return not_saved(request, status=503)

    return keeper


def has_words(request: HttpRequest) -> bool:
    return any(request.POST.get(name, "").strip() for name in TYPED)


def not_saved(request: HttpRequest, *, status: int, signed_out: bool = False) -> HttpResponse:
    """What was typed, still there, with a button that tries again. Asks the database nothing."""
    kept = [(key, value) for key, value in request.POST.items() if key not in (*TYPED, "csrfmiddlewaretoken")]
    typed = [(name, request.POST[name]) for name in TYPED if request.POST.get(name)]
    context = {"typed": typed, "kept": kept, "signed_out": signed_out}
    return render(request, "worry/not-saved.html", context, status=status)


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, f"worry/{template}", {"now": clock.now(), **context}, status=status)


def speaking() -> str:
    """The language of the page."""
    return get_language() or "en"
