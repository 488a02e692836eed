"""A municipality's look and languages, as the rooms below set-up see them.

The kernel knows no look of its own: tenants/setup registers where looks come from (its process cache, so
that pages keep their face while the database is away). Without it, or for the front door, the platform's
own look stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from kernel.ui.theme import DEFAULT_BRAND


@dataclass(frozen=True)
class Look:
    """How a municipality looks: its colour, its mark, where quick exit leads, and the languages it offers students
    (default first). `unread`: those of them that nobody has reviewed, which only a demo offers.
    """

    brand: str = DEFAULT_BRAND
    logo_url: str = ""
    exit_url: str = ""
    languages: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()


type LookLoader = Callable[[Any], Look | None]

_loaders: list[LookLoader] = []
OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "se": "Davvisámegiella", "so": "Soomaali", "ti": "ትግርኛ"}
"""Short own names where Django has a long one ("Norsk (bokmål)") or none."""
NATIONAL = {"NO": ("nb", "nn"), "SE": ("sv",), "DK": ("da",), "FI": ("fi", "sv")}


def register_look(loader: LookLoader) -> None:
    """Say where looks come from: a function from a MunicipalityRef to its Look, or None. Must not raise."""
    _loaders[:] = [loader]


def look_of(municipality: Any) -> Look:
    """The look of a MunicipalityRef, or the platform's own."""
    if municipality is None:
        return Look()
    for loader in _loaders:
        found = loader(municipality)
        if found is not None:
            return found
    own = getattr(municipality, "look", None)
    return own if isinstance(own, Look) else Look()


def offered_languages(municipality: Any) -> list[str]:
    """Codes of the languages a student may choose among here, the default first."""
    known = [code for code, _ in settings.LANGUAGES]
    chosen = [code for code in look_of(municipality).languages if code in known]
    return chosen or _of_the_country(municipality)


def staff_languages(municipality: Any) -> list[str]:
    """Codes of the languages of pages that only somebody who works here meets: those the staff pages are written in."""
    chosen = [code for code in look_of(municipality).languages if code in settings.STAFF_LANGUAGES]
    return chosen or _of_the_country(municipality)


def _of_the_country(municipality: Any) -> list[str]:
    national = NATIONAL.get(getattr(municipality, "country", "") or "", ())
    return [*national, *(code for code in settings.STAFF_LANGUAGES if code not in national)]
