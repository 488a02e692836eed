"""The few addresses of the design system: the theme, the choice of language, quick exit, and the gallery
(demo only).
"""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel.ui import look
from kernel.ui.context import ui
from kernel.ui.gallery import samples
from kernel.ui.mark import icon_svg
from kernel.ui.theme import theme_css, theme_hash

YEAR = "public, max-age=31536000, immutable"


@require_GET
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The municipality's style sheet; immutable under its own hash, not kept under an old one."""
    brand = look.look_of(getattr(request, "municipality", None)).brand
    response = HttpResponse(theme_css(brand), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = YEAR if digest == theme_hash(brand) else "no-cache"
    return response


@require_GET
def icon(request: HttpRequest) -> HttpResponse:
    """The door in the municipality's colour, for the browser's tab and the phone's home screen."""
    brand = look.look_of(getattr(request, "municipality", None)).brand
    response = HttpResponse(icon_svg(brand), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language and go back. Without CSRF token: student pages set no cookie before
    something is sent,

    and all another site could do with it is to change the language.
    """
    code = request.POST.get("language", "")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    if code in look.offered_languages(getattr(request, "municipality", None)):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=180 * 24 * 3600,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: forget the visit and everything this site has stored. GET leads on to the neutral page
    (no JavaScript). What another site asks for forgets nothing.
    """
    destination = ui(request)["exit_url"]
    response = HttpResponse(status=204) if request.method == "POST" else HttpResponseRedirect(destination)
    if asked_by_our_page(request):
        for name in (
            settings.VISIT_COOKIE_NAME,
            settings.EID_COOKIE_NAME,
            settings.EID_WAY_COOKIE_NAME,
            settings.SESSION_COOKIE_NAME,
            settings.CSRF_COOKIE_NAME,
        ):
            response.delete_cookie(name, samesite="Lax")
        response["Clear-Site-Data"] = '"cookies", "storage"'
    response["Cache-Control"] = "no-store"
    return response


def asked_by_our_page(request: HttpRequest) -> bool:
    """Whether this comes from our own page, from the person (address, bookmark), or a browser too old to say."""
    return request.headers.get("Sec-Fetch-Site", "") in ("", "none", "same-origin")


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every element and every scene on one page. Only in a demo and in tests; elsewhere it does not exist."""
    if not (getattr(settings, "DEMO", False) or getattr(settings, "TESTING", False)):
        raise Http404
    page = "gallery/student.html" if request.GET.get("for") == "student" else "gallery/staff.html"
    return render(request, page, samples(request))
