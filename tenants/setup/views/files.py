"""`/theme.<hash>.css` and `/logo.<hash>.png`. Answered from the process cache, also with PostgreSQL away."""

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from kernel.tenancy import current
from kernel.ui.theme import DEFAULT_BRAND, theme_css, theme_hash
from tenants.setup.queries import portal

#: A year, and nobody asks again: another look has another address.
FOR_EVER = "public, max-age=31536000, immutable"


def theme(request: HttpRequest, stamp: str) -> HttpResponse:
    """The style sheet of today's colour. An older address gives today's too, briefly: a page may be a day
    old."""
    brand = _brand()
    response = HttpResponse(theme_css(brand), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if stamp == theme_hash(brand) else "no-cache"
    return response


def _brand() -> str:
    if current() is None:
        return DEFAULT_BRAND
    try:
        return portal().look.brand
    except DatabaseError:
        return DEFAULT_BRAND


def logo(request: HttpRequest, stamp: str) -> HttpResponse:
    """The logo. 404 for one that is no longer used."""
    look = portal().look
    if not look.logo_hash or stamp != look.logo_hash:
        raise Http404
    response = HttpResponse(look.logo, content_type="image/png")
    response["Cache-Control"] = FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    return response
