"""An own host that has ended (kernel.tenancy.middleware): whoever opens it meets a page that says where the door is
now, and goes there by one press. What was typed there stands on that page, and goes along; never by itself.

The form leads to another host, whose guard (origin.py) would take it for another site's. It carries a seal of
this municipality for that one address and for half a day. The seal lends nobody any right: no cookie comes along, a
knock needs none, and a conversation asks for its code.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods

from kernel.outbox.links import address, door_address
from kernel.tenancy import signing
from services.contact.origin import MOVED, own_pages_only
from services.contact.views.pages import page

#: The fields in which a student writes at length, by the form.
WORDS = ("message", "text", "words")
#: What opens at the door as it did here; a conversation asks for its code, and all else begins at the first screen.
SAME_THERE = (
    "/s/",
    "/S/",
    "/who/",
    "/simple/",
    "/knock/",
    "/receipt/",
    "/anonymous/",
    "/privacy/",
    "/accessibility/",
)
WITH_A_CODE = ("/conversation/", "/friend/")


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: HttpRequest) -> HttpResponse:
    """410 with the words, or with the way. Met by its own address there is nothing here."""
    path: str = getattr(request, "sent_to", "")
    if not path:
        raise Http404
    if request.method != "POST":
        return _way(request, path)
    door = address("/")
    to = f"{door.rstrip('/')}{path}"
    ours: dict[str, Any] = settings.SECURE_CSP
    policy = {**ours, "form-action": [*ours["form-action"], door]}
    return csp_override(policy)(_words)(request, path, to, door)


def _way(request: HttpRequest, path: str) -> HttpResponse:
    """What stood behind a question mark stays behind."""
    there = path if path.startswith(SAME_THERE) else "/receipt/" if path.startswith(WITH_A_CODE) else "/"
    context = {"to": door_address(escape_uri_path(there)), "door": door_address("/"), "is_read": True}
    return page(request, "moved.html", context, status=410)


def _words(request: HttpRequest, path: str, to: str, door: str) -> HttpResponse:
    written = next((one for one in WORDS if request.POST.get(one, "").strip()), "")
    carried = [
        (field, value)
        for field, values in request.POST.lists()
        if field not in (written, "csrfmiddlewaretoken", MOVED)
        for value in values
    ]
    context = {
        "to": to,
        "door": door,
        "written": written,
        "typed": request.POST.get(written, ""),
        "carried": carried,
        "seal": signing.dumps(path, purpose=MOVED),
        "lost_files": bool(request.FILES),
    }
    return page(request, "moved.html", context, status=410)
