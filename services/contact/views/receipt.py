"""The receipt, and the page where a code opens its conversation. A code is never in an address."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import NotFound
from services.contact import confirming, lasting, operations, other_codes, visit
from services.contact.hours import closed_now
from services.contact.operations import Accepted
from services.contact.origin import own_pages_only
from services.contact.since import since
from services.contact.views.pages import page
from tenants.setup.queries import portal


def receipt_page(
    request: HttpRequest, accepted: Accepted, *, only_way_back: bool, way_back: str = ""
) -> HttpResponse:
    """Shown as the answer to the POST, so that a reload sends the same knock and shows the same code. `way_back`: who
    vouches for the student when they come back without it."""
    context = {
        "way_back": way_back,
        "out_of_hours": closed_now(portal(), clock.now()) if accepted.is_open else None,
    }
    return page(request, "receipt.html", said(accepted, only_way_back=only_way_back) | context)


def said(accepted: Accepted, *, only_way_back: bool) -> dict[str, Any]:
    """The code, until when it works, and what became of the knock since, by whichever door it came."""
    return {
        "accepted": accepted,
        "qr": qr(accepted.receipt),
        "lasting": lasting.lasting(accepted),
        "only_way_back": only_way_back,
        "since": since(accepted, clock.now()),
    }


def qr(text: str) -> SafeString:
    """The code as a QR picture: inline SVG, no style attribute, dark on white also at night."""
    svg = segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return mark_safe(svg)  # noqa: S308 (made here from 27 known signs)


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Type the code;

    the conversation opens in this browser. A code that opens nothing: 404, always the same.
    """
    if request.method != "POST":
        return ask_code(request)
    typed = request.POST.get("receipt", "")
    elsewhere = other_codes.entrance(typed)
    try:
        by = operations.open_by_receipt(typed)
    except NotFound:
        if elsewhere is not None:
            return _let_in(elsewhere)
        wrong = _("This code did not open anything. Look at each sign and try once more.")
        return ask_code(request, typed=typed[:80], errors=[("id_receipt", wrong)], status=404)
    response = HttpResponseRedirect(reverse("contact:conversation"))
    response.status_code = 303
    if by.case_id is not None:
        visit.start(response, by.case_id, simple=_is_simple(request))
    return response


def ask_code(
    request: HttpRequest,
    *,
    typed: str = "",
    errors: list[tuple[str, str]] | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page on which a conversation is opened: by its code, or by whoever vouches for the student here.

    `notice`: why the other way led nowhere.
    """
    context = {
        "expired": "expired" in request.GET,
        "left": "left" in request.GET,
        "typed": typed,
        "errors": errors or [],
        "notice": notice,
        "ways": confirming.offered(request),
        "setting_out": confirming.address(),
    }
    return page(
        request, "contact/simple/open.html" if _is_simple(request) else "open.html", context, status=status
    )


def _is_simple(request: HttpRequest) -> bool:
    """Whether they come by the simple door, which its own pages say."""
    return visit.SIMPLE in (request.GET if request.method != "POST" else request.POST)


def _let_in(entrance: other_codes.Entrance) -> HttpResponse:
    """A code that a room above gave out."""
    response = HttpResponseRedirect(entrance.address)
    response.status_code = 303
    entrance.start(response)
    return response
