"""Leaving quickly, and choosing a language."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from kernel.ui.context import ui
from kernel.ui.views import asked_by_our_page
from services.contact import visit
from services.contact.origin import own_pages_only
from services.contact.views.knock import remember_language
from tenants.setup.queries import portal


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: forget the visit and whatever this browser kept of ours, go to a neutral page.

    GET works as well (a plain link, without JavaScript). Another site's link or picture forgets nothing: it
    would sign a helper out, and lose a student the text they write. The history of the browser is not ours to
    clear, and the pages say so.
    """
    response = HttpResponseRedirect(ui(request)["exit_url"])
    if asked_by_our_page(request):
        visit.leave(response)
        response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


@own_pages_only
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language until the browser closes, and go back to the page they were on."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    response = HttpResponseRedirect(back)
    response.status_code = 303
    if wanted in portal().door_languages:
        remember_language(response, wanted)
    return response
