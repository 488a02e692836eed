"""What everybody may read: the landing page, find my school, privacy, accessibility."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.outbox.links import address
from kernel.robots import findable, keep_out
from kernel.tenancy import operator
from kernel.ui.crisis import numbers_for
from tenants.onboarding import cookie, queries
from tenants.onboarding.forms import COUNTRY_NAMES
from tenants.onboarding.links import portal_address

_COUNTRY_OF_LANGUAGE = {"nb": "NO", "nn": "NO", "sv": "SE", "da": "DK", "fi": "FI"}


@findable
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Who we are, in plain words for a municipality of 3,000."""
    languages = [get_language_info(code)["name_local"].capitalize() for code in settings.STAFF_LANGUAGES]
    readers = [
        {
            "who": _("The helper the student chose"),
            "what": _("Yes, in that role at that school"),
            "yes": True,
        },
        {"who": _("Teachers and the principal"), "what": _("No"), "yes": False},
        {"who": _("Guardians"), "what": _("No"), "yes": False},
        {"who": _("Your administrator"), "what": _("No, only clocks and counts"), "yes": False},
        {"who": _("We who run the platform"), "what": _("No"), "yes": False},
    ]
    context = {
        "canonical": address("/", operator()),
        "offered": languages,
        "readers": readers,
        "coming_back": cookie.NAME in request.COOKIES,
    }
    return render(request, "onboarding/landing.html", context)


@findable
@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Find my school. Always shows whom to call at once, for the country that seems to be meant."""
    text = " ".join(request.GET.get("q", "")[:100].split())
    found = (
        [
            {"place": place, "address": portal_address(place.slug, place.path)}
            for place in queries.find_schools(text)
        ]
        if text
        else []
    )
    country = found[0]["place"].country if found else request.GET.get("country", "")  # type: ignore[attr-defined]
    if country not in COUNTRY_NAMES:
        country = _COUNTRY_OF_LANGUAGE.get(get_language() or "", "NO")
    context = {
        "canonical": address("/schools/", operator()),
        "text": text,
        "found": found,
        "several_countries": len({one["place"].country for one in found}) > 1,  # type: ignore[attr-defined]
        "country": country,
        "countries": list(COUNTRY_NAMES.items()),
        "numbers": numbers_for(country),
    }
    response = render(request, "onboarding/schools.html", context)
    if request.GET:
        keep_out(response)  # what somebody looked for is not a page of its own
    return response


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "onboarding/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "onboarding/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})
