"""`/manifest.webmanifest`, `/sw.js`, `/offline/` and the icons: from the process cache, the same for every reader.

No cookie is asked or set: a browser keeps what these answer (docs/how/offline.md).
"""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel.tenancy import require_current
from kernel.ui import app_icon, installing, look
from tenants.setup.queries import recent_portal
from tenants.setup.views.files import FOR_EVER


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest. It may change with the look, so it is asked for anew."""
    said = json.dumps(installing.manifest(require_current()), ensure_ascii=False)
    return _always_asked(said, "application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    return _always_asked(installing.worker_script(require_current()), "text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return _always_asked(installing.offline_page(require_current()), "text/html; charset=utf-8")


def _always_asked(content: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Cache-Control"] = "no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def icon(request: HttpRequest, stamp: str) -> HttpResponse:
    """The icon of today's look, `stamp` being that look's, a size and "cut". 404 for one that is no longer used."""
    looks = look.look_of(require_current())
    of_look, size, *cut = stamp.split("-")
    if of_look != app_icon.icon_stamp(looks):
        raise Http404
    logo = recent_portal().look.logo if looks.logo_url else b""
    drawn = app_icon.icon_png(looks.brand, logo, int(size), cut=bool(cut))
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    return response
