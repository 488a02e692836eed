"""The gate of every staff page: signed in, and with a second factor shown in this session."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from kernel.people.adapter import STRONG

type View = Callable[..., HttpResponse]


def staff_required(view: View) -> View:
    """Let only people in who are signed in with a second factor; lead the others to where they can be.

    Not signed in → /sign-in/?next=; by mail alone → show the second factor, or set one up when there is none.
    What the person may do then is the operation's business, not the gate's.
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        where = detour(request)
        return view(request, *args, **kwargs) if where is None else _go(request, where)

    return gate


def is_staff(request: HttpRequest) -> bool:
    """Whether the gate is open for this request."""
    return bool(request.user.is_authenticated and not getattr(request.user, "lacks_second_factor", False))


def detour(request: HttpRequest) -> str | None:
    """Where this person must go first, None when the gate is open."""
    if is_staff(request):
        return None
    query = {"next": request.get_full_path()} if request.method == "GET" else {}
    if not request.user.is_authenticated:
        name = "people:sign_in"
        if getattr(request, "session_is_over", False):
            query["ended"] = "1"
    elif is_mfa_enabled(request.user, STRONG):
        name = "mfa_reauthenticate"
    else:
        name = "people:second_factors"
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def _go(request: HttpRequest, where: str) -> HttpResponse:
    """A redirect; a part of a page (htmx) sends the whole page there."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)


class StaffMixin:
    """`staff_required` for class-based views."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        where = detour(request)
        if where is not None:
            return _go(request, where)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer
