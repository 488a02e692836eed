"""Who is there for a student: the roles of a school in plain words, the people, what each can keep to themselves."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.robots import keep_out
from kernel.tenancy import require_current
from kernel.ui.bidi import listed
from services.contact.door import is_open_day
from services.contact.journey import Answers
from services.contact.views.leading import knock_with
from services.contact.views.pages import page, speaking
from tenants.presence.presence import Held, weekdays_of
from tenants.setup.actors import today
from tenants.setup.models import HelperRole
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.queries import portal
from tenants.walls.limits import limits_of

WORKING_WEEK = (1, 2, 3, 4, 5)


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    """The schools; of a house with one, its people at once."""
    door = portal()
    if len(door.schools) == 1:
        return _at(request, door, door.schools[0])
    return _schools(request, door)


@require_safe
def who_at(request: HttpRequest, slug: str) -> HttpResponse:
    """Those of one school. An address nobody knows leads to the list of schools."""
    door = portal()
    school = door.school_at(slug)
    if school is None:
        answer = _schools(request, door)
        keep_out(answer)
        return answer
    return _at(request, door, school)


def _schools(request: HttpRequest, door: Portal) -> HttpResponse:
    language = speaking()
    schools = [
        {"name": one.name, "slug": one.slug, "roles": listed(role.name(language) for role in one.roles)}
        for one in door.schools
    ]
    return page(request, "who.html", {"schools": schools})


def _at(request: HttpRequest, door: Portal, school: SchoolDoor) -> HttpResponse:
    day = today()
    kinds = dict(HelperRole.objects.values_list("pk", "employer__kind"))
    roles = [_role(door, school, role, day, kinds.get(role.id) or "") for role in school.roles]
    context = {
        "school": school,
        "roles": roles,
        "here": [{**one, "role": role["name"]} for role in roles for one in role["people"] if one["is_here"]],
        "is_open_day": is_open_day(door, day),
        "many": len(door.schools) > 1,
    }
    return page(request, "who-at.html", context)


def _role(
    door: Portal, school: SchoolDoor, role: RoleAtSchool, day: date, employer_kind: str
) -> dict[str, Any]:
    language = speaking()
    limits = limits_of(require_current().country, role.profession, school.form, employer_kind)
    return {
        "key": role.key,
        "name": role.name(language),
        "describe": role.describe(language),
        "keep": role.keep(language),
        "keeps": limits.keeps,
        "tells": limits.tells,
        "writes": limits.writes,
        "people": people_at(door, school, role, day),
        "is_here": is_open_day(door, day) and bool(door.roster.present(role.id, school.id, day)),
        "hidden": knock_with(door, Answers(school=str(school.id), role=str(role.id))),
    }


def people_at(door: Portal, school: SchoolDoor, role: RoleAtSchool, day: date) -> list[dict[str, Any]]:
    """Those who hold the role there, and who stands in today; none where the municipality shows no names."""
    held = {post.account_id: post for post in door.roster.holders(role.id, school.id, day)}
    present = door.roster.present(role.id, school.id, day) if is_open_day(door, day) else ()
    speaks = {adult.id: adult.speaks for adult in role.adults}
    return [
        {
            "name": door.names[one],
            "days": _days(held.get(one)),
            "is_here": one in present,
            "stands_in": one not in held,
            "speaks": listed(_language(code) for code in speaks.get(one, ())),
            "hidden": _knock_on(door, school, role, one) if one in speaks else [],
            "photo": door.face_at(school, one),
        }
        for one in dict.fromkeys((*held, *present))
        if one in door.names
    ]


def _knock_on(door: Portal, school: SchoolDoor, role: RoleAtSchool, adult: UUID) -> list[tuple[str, str]]:
    """Where the role has one adult, whom to knock on is no question of its own."""
    whom = f"{role.id}/{adult}" if len(role.adults) > 1 else str(role.id)
    return knock_with(door, Answers(school=str(school.id), role=whom))


def _language(code: str) -> str:
    """In its own name."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _days(post: Held | None) -> str:
    """On which weekdays; "" for whoever stands in."""
    if post is None:
        return ""
    days = weekdays_of(post.weekdays)
    if set(WORKING_WEEK) <= set(days):
        return _("Every school day")
    return capfirst(listed(str(WEEKDAYS[one - 1]) for one in days))
