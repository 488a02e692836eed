"""Before a door is open: a student who finds it is told so, and is never asked for a word.

In state `rehearsal` the student's pages are for those who rehearse: somebody signed in here, or a browser
that has said "I am helping to rehearse" (a cookie until it closes, signed for this municipality).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from rest_framework.request import Request

from kernel.api.authentication import Token
from kernel.errors import Conflict
from kernel.outbox.links import address
from kernel.people.access import is_staff
from kernel.tenancy import operator, require_current, signing
from services.contact.api import ContactRequests
from services.contact.origin import own_pages_only
from services.contact.views.pages import page

type View = Callable[..., HttpResponseBase]

COOKIE = f"{'__Host-' if settings.HTTPS else ''}rehearsal"
_PURPOSE = "helps-to-rehearse"


def open_or_rehearsing(view: View) -> View:
    """A student's page. While the door is not open: the page only for those who rehearse; to all others one
    page that says so (POST: 409, and nothing of what was posted is kept)."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_shut_to(request):
            return view(request, *args, **kwargs)
        if request.method == "POST" and "helping" in request.POST:
            return _let_in(request)
        return _not_open(request)

    return own_pages_only(gate)


def is_shut_to(request: HttpRequest) -> bool:
    """Whether this door is in rehearsal, and whoever asks has not said that they rehearse."""
    if require_current().state != "rehearsal":
        return False
    return not (_helps(request) or is_staff(request))


def _helps(request: HttpRequest) -> bool:
    try:
        return bool(signing.loads(request.COOKIES.get(COOKIE, ""), purpose=_PURPOSE) == "yes")
    except signing.BadSignature:
        return False


def _not_open(request: HttpRequest) -> HttpResponse:
    find = address("/schools/", operator())
    return page(request, "rehearsal.html", {"find": find}, status=409 if request.method == "POST" else 200)


def _let_in(request: HttpRequest) -> HttpResponse:
    """Back to where they were, with the cookie."""
    response = HttpResponseRedirect(request.path)
    response.status_code = 303
    response.set_cookie(
        COOKIE,
        signing.dumps("yes", purpose=_PURPOSE),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


class KnocksOnAnOpenDoor(ContactRequests):
    """Knocking by API. In a rehearsal only with the cookie, a staff session or a token: 409 to all others."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # First: afterwards Django's request has DRF's user, who is nobody on an open view.
        if is_shut_to(request._request) and Token().authenticate(request) is None:
            raise Conflict(_("This door is in rehearsal and not open yet."), code="rehearsal")
        super().initial(request, *args, **kwargs)
