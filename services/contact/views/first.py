"""The first screen, who answers, and what we say about ourselves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.outbox.links import address
from kernel.robots import findable
from services.contact.door import first_promise, roles_of_the_house
from services.contact.views.pages import page, speaking
from tenants.setup.portal import Portal
from tenants.setup.queries import portal


@findable
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """One question, one button, the promise. Works from the process cache when the database is away."""
    return page(request, "first.html", first_screen(portal(), speaking()))


def first_screen(door: Portal, language: str) -> dict[str, Any]:
    """What first.html shows of this door, or of the one school that is left in it (way_in.py)."""
    about = {"about": door.sentence("about", language), "people": people(door, language)}
    return hero(door, language) | about | {"canonical": address("/")}


def hero(door: Portal, language: str) -> dict[str, Any]:
    """What contact/hero.html shows: the first screen, here and in the set-up's miniature of it."""
    promise = first_promise(door, clock.this_minute())
    return {
        "is_open": any(school.roles for school in door.schools),
        "is_resting": any(school.has_people for school in door.schools),
        "greeting": door.sentence("greeting", language),
        "lead": door.sentence("lead", language),
        "due": promise.due if promise else None,
        "quickest": promise.role.name(language) if promise and promise.role else "",
    }


def people(door: Portal, language: str) -> list[dict[str, str]]:
    """Who answers: the people of the only school, otherwise the roles of the house."""
    if len(door.schools) == 1:
        rows = []
        for role in door.schools[0].roles:
            note = role.describe(language)
            rows += [
                {"name": name, "role": role.name(language), "note": note}
                for name in role.people or (role.name(language),)
            ]
        return [row if row["name"] != row["role"] else {**row, "role": ""} for row in rows]
    return [
        {"name": role.name(language), "role": "", "note": role.describe(language)}
        for role in roles_of_the_house(door)
    ]


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """Who answers at which school, and what each can keep to themselves."""
    door, language = portal(), speaking()
    schools = [
        {
            "name": school.name,
            "roles": [
                {
                    "name": role.name(language),
                    "people": ", ".join(role.people),
                    "describe": role.describe(language),
                    "keep": role.keep(language),
                }
                for role in school.roles
            ],
        }
        for school in door.schools
    ]
    return page(request, "who.html", {"schools": schools})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return page(request, "privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return page(request, "accessibility.html")
