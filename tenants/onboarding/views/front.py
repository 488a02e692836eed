"""What everybody may read: the landing page, find my school, privacy, accessibility."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.ui.crisis import numbers_for
from tenants.onboarding import cookie, queries
from tenants.onboarding.forms import COUNTRY_NAMES
from tenants.onboarding.links import portal_address

_COUNTRY_OF_LANGUAGE = {"nb": "NO", "nn": "NO", "sv": "SE", "da": "DK", "fi": "FI"}


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Who we are, in plain words for a municipality of 3,000."""
    languages = [get_language_info(code)["name_local"].capitalize() for code, _name in settings.LANGUAGES]
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
    context = {"offered": languages, "readers": readers, "coming_back": cookie.NAME in request.COOKIES}
    return render(request, "onboarding/landing.html", context)


@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Find my school. Always shows whom to call at once, for the country that seems to be meant."""
    text = " ".join(request.GET.get("q", "")[:100].split())
    found = (
        [{"place": place, "address": portal_address(place.slug)} for place in queries.find_schools(text)]
        if text
        else []
    )
    country = found[0]["place"].country if found else request.GET.get("country", "")  # type: ignore[attr-defined]
    if country not in COUNTRY_NAMES:
        country = _COUNTRY_OF_LANGUAGE.get(get_language() or "", "NO")
    context = {
        "text": text,
        "found": found,
        "country": country,
        "countries": list(COUNTRY_NAMES.items()),
        "numbers": numbers_for(country),
    }
    return render(request, "onboarding/schools.html", context)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "onboarding/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "onboarding/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})
