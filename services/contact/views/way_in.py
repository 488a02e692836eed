"""/s/<school>/ and /s/<school>/<role>/: the first screen with the school, and who is wanted, known already.

These addresses hang on walls and are typed by hand, so every one of them leads to a door: an earlier name of the
school, capitals, a missing stroke. Nothing about a student is ever part of one.
"""

from dataclasses import replace
from xml.sax.saxutils import escape

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel.outbox.links import door_address
from kernel.robots import findable, is_open, keep_out
from services.contact.journey import Answers
from services.contact.views import simple
from services.contact.views.first import first_screen
from services.contact.views.knock import nobody_here
from services.contact.views.leading import knock_with
from services.contact.views.pages import page, speaking
from tenants.setup.models import School
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.queries import portal
from tenants.setup.school_addresses import school_path


@findable
@require_safe
def way_in(request: HttpRequest, rest: str) -> HttpResponse:
    """The school's first screen. An address nobody knows: the plain first screen, with a kind line."""
    slug, _slash, key = rest.strip("/").lower().partition("/")
    door = portal()
    school = door.school_at(slug)
    if school is None:
        known = {
            "is_old_address": bool(slug),
            "closed_school": _closed_at(door, slug),
            "open_schools": _open(door),
        }
        answer = page(request, "first.html", first_screen(door, speaking()) | known)
        keep_out(answer)
        return answer
    if not school.roles:
        return nobody_here(request, door, Answers(), school)
    if school.simple and not key:
        return simple.show(request, door, school, simple.Told(school=str(school.id), language=speaking()))
    return _school(request, door, school, key)


def _closed_at(door: Portal, slug: str) -> str:
    """The name of the school whose address this was, and whose door is closed; "" of an address nobody knows, and
    while the database is away."""
    school_id = door.addresses.get(slug)
    try:
        return (
            School.objects.filter(pk=school_id).values_list("name", flat=True).first() or ""
            if school_id
            else ""
        )
    except (OperationalError, InterfaceError):
        return ""


def _open(door: Portal) -> list[tuple[str, str]]:
    """(name, address) of each school whose door is open."""
    return [(one.name, school_path(one.slug)) for one in door.schools if one.slug and one.roles]


def _school(request: HttpRequest, door: Portal, school: SchoolDoor, key: str) -> HttpResponse:
    """What is promised here, by the one who is wanted where somebody is."""
    language = speaking()
    role = next((one for one in school.roles if one.key == key), None)
    seen = replace(school, roles=(role,)) if role else school
    context = first_screen(replace(door, schools=(seen,)), language)
    if role:
        context["quickest"] = role.name(language)
    context["canonical"] = door_address(school_path(school.slug))
    context["way_in"] = {
        "school": school.name,
        "role": role.name(language) if role else "",
        "is_gone": bool(key) and role is None,
        "hidden": _answered(door, school, role),
        "others": len(door.schools) > 1,
        "slug": school.slug,
    }
    return page(request, "first.html", context)


def _answered(door: Portal, school: SchoolDoor, role: RoleAtSchool | None) -> list[tuple[str, str]]:
    """The hidden fields of the journey that knows the school, and whom they want."""
    return knock_with(door, Answers(school=str(school.id), role=str(role.id) if role else ""))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """What search engines may find on this host: nothing links to the schools' own pages."""
    schools = [school_path(school.slug) for school in portal().schools if school.slug]
    paths = ["/", *schools] if is_open(request) else []
    urls = "".join(f"<url><loc>{escape(door_address(path))}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n'
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
