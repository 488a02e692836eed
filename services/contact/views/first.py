"""The first screen, and what we say about ourselves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.outbox.links import door_address
from kernel.robots import findable
from services.contact import confirming
from services.contact.door import first_promise, roles_of_the_house
from services.contact.hours import closed_now
from services.contact.to_whom import everybody
from services.contact.views import simple
from services.contact.views.pages import page, speaking
from services.contact.views.who import people_at
from tenants.setup.actors import today
from tenants.setup.portal import Portal, SchoolDoor
from tenants.setup.queries import portal


@findable
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """One question, one button, the promise. Works from the process cache when the database is away."""
    door = portal()
    only = door.schools[0] if len(door.schools) == 1 else None
    if only is not None and only.simple and only.roles:
        return simple.show(request, door, only, simple.Told(school=str(only.id), language=speaking()))
    return page(request, "first.html", first_screen(door, speaking()))


def first_screen(door: Portal, language: str) -> dict[str, Any]:
    """What first.html shows of this door, or of the one school that is left in it (way_in.py)."""
    about = {"about": door.sentence("about", language), "people": people(door, language)}
    young = {"for_the_youngest": any(school.simple for school in door.schools)}
    return hero(door, language) | about | young | {"canonical": door_address("/")}


def hero(door: Portal, language: str) -> dict[str, Any]:
    """What contact/hero.html shows: the first screen, here and in the set-up's miniature of it."""
    now = clock.this_minute()
    promise = first_promise(door, now)
    return {
        "is_open": any(school.roles for school in door.schools),
        "is_resting": any(school.has_people for school in door.schools),
        "greeting": door.sentence("greeting", language),
        "lead": door.sentence("lead", language),
        "ways": confirming.ways(door),
        "due": promise.due if promise else None,
        "quickest": promise.role.name(language) if promise and promise.role else "",
        "out_of_hours": closed_now(door, now) if promise else None,
    }


def people(door: Portal, language: str) -> list[dict[str, Any]]:
    """Who answers: the people of the only school, and who of them is there today; otherwise the roles of the house."""
    if len(door.schools) == 1:
        return _people_of(door, door.schools[0], language)
    return [
        {"name": role.name(language), "role": "", "note": role.describe(language), "open": False}
        for role in roles_of_the_house(door)
    ]


def _people_of(door: Portal, school: SchoolDoor, language: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for role in school.roles:
        note, name = role.describe(language), role.name(language)
        here = people_at(door, school, role, today())
        rows += [
            {
                "name": one["name"],
                "role": name,
                "note": _("Here today") if one["is_here"] else note,
                "open": one["is_here"],
                "photo": one["photo"],
            }
            for one in here
        ] or [{"name": name, "role": "", "note": note, "open": False}]
    return rows


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return page(request, "privacy.html", {"ways": confirming.offered(request)})


@require_safe
def anonymous(request: HttpRequest) -> HttpResponse:
    """To whom one is anonymous, by role and law, and where that ends."""
    return page(request, "anonymous.html", {"everybody": everybody(speaking())})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "accessibility.html")
