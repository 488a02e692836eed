"""What every template may use. Never asks the database; tolerates a request without municipality, or half a
request.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from kernel import screen
from kernel.ui.app_icon import icon_url
from kernel.ui.crisis import numbers_for
from kernel.ui.look import OWN_NAMES, look_of, offered_languages, staff_languages
from kernel.ui.places import is_at_work
from kernel.ui.theme import theme_hash

#: NO, SE and DK share it; pages on the front door say few times.
FRONT_DOOR_ZONE = "Europe/Oslo"
EXITS = {
    "NO": "https://www.yr.no/",
    "SE": "https://www.smhi.se/",
    "DK": "https://www.dmi.dk/",
    "FI": "https://www.ilmatieteenlaitos.fi/",
    "IS": "https://www.vedur.is/",
}
"""Where quick exit leads when the municipality has chosen nothing: the country's weather."""


def ui(request: HttpRequest | None) -> dict[str, Any]:
    """The context processor. `request.municipality` is a MunicipalityRef or absent (the front door)."""
    place = getattr(request, "municipality", None)
    said = without_reader(place)
    if request is not None and is_at_work(request.path_info):
        said["languages"] = named(staff_languages(place))
    if request is None or not screen.is_shared(request):
        return said
    return said | {"shared_screen": screen.idle_seconds(request)}


def without_reader(municipality: Any) -> dict[str, Any]:
    """The same for everybody: for what is kept on devices, and nobody reads yet."""
    look = look_of(municipality)
    country = getattr(municipality, "country", "") or ""
    return {
        "municipality": municipality,
        "languages": named(offered_languages(municipality), look.unread),
        "language": get_language() or settings.LANGUAGE_CODE,
        "is_demo": bool(getattr(settings, "DEMO", False)),
        "is_rehearsal": getattr(municipality, "state", "") == "rehearsal",
        "theme_url": f"/theme.{theme_hash(look.brand)}.css",
        "logo_url": look.logo_url,
        "app_icon_url": icon_url(look, 192),
        "has_worker": settings.SERVICE_WORKER,
        "crisis": numbers_for(country) if country else (),
        "shared_screen": 0,
        "exit_url": look.exit_url or EXITS.get(country.upper(), "https://www.wikipedia.org/"),
    }


def named(codes: list[str], unread: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The languages to choose among, each in its own name; `unread`: nobody who speaks it has read the door in it."""
    current = get_language() or settings.LANGUAGE_CODE
    return [
        {"code": code, "name": own_name(code), "current": code == current, "unread": code in unread}
        for code in codes
    ]


def own_name(code: str) -> str:
    """A language in its own words: "Bokmål", "Suomi"."""
    return OWN_NAMES.get(code) or str(get_language_info(code)["name_local"]).capitalize()


def zone_of(municipality: Any) -> str:
    """The municipality's time zone; the front door's where there is none; UTC where it is unknown."""
    name = getattr(municipality, "timezone", "") or FRONT_DOOR_ZONE
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return "UTC"
    return str(name)
