"""/setup/ways-in/: posters, cards, links and files that lead students to a school's door."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from html import escape
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.actor import Actor, actor_of
from kernel.outbox.links import door_address
from kernel.people.access import staff_required
from kernel.permissions import require
from kernel.tenancy import require_current
from kernel.ui.app_icon import icon_png
from kernel.ui.context import own_name
from tenants.setup import devices, posters
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.queries import portal
from tenants.setup.school_addresses import school_path
from tenants.setup.views.common import page

type View = Callable[..., HttpResponse]


def administrators_and_leads(view: View) -> View:
    """Signed in with a second factor, and administrator or lead of the school; others get 403 in words."""

    @staff_required
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(actor_of(request), "setup.read_ways_in", kwargs.get("school_id"))
        return view(request, *args, **kwargs)

    return require_safe(gate)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page is about: a school (None: the municipality's first screen), a role or none, a language, and on
    what is printed a second one ("" for none).
    """

    school: SchoolDoor | None
    role: RoleAtSchool | None
    language: str
    second: str

    @property
    def path(self) -> str:
        return school_path(self.school.slug if self.school else "", self.role.key if self.role else "")

    @property
    def query(self) -> str:
        asked = QueryDict(mutable=True)
        asked["language"] = self.language
        if self.second:
            asked["second"] = self.second
        if self.role:
            asked["role"] = self.role.key
        return asked.urlencode()

    @property
    def whole_query(self) -> str:
        school = f"school={self.school.id if self.school else 'all'}&"
        return f"{school}{self.query}"


def _schools(door: Portal, by: Actor) -> list[SchoolDoor]:
    """The schools whose ways in this person shows."""
    return [one for one in door.schools if by.is_administrator or by.leads_school(one.id)]


def _chosen(door: Portal, asked: QueryDict, school: SchoolDoor | None) -> Chosen:
    """What is no language, no role of this door is passed over: an old link prints what holds today."""
    language = asked.get("language", "")
    if language not in door.language_codes:
        here = get_language() or ""
        language = here if here in door.language_codes else door.default_language
    second = asked.get("second", "")
    if second not in door.language_codes or second == language:
        second = ""
    roles = (*school.roles, *school.unstaffed) if school else ()
    role = next((one for one in roles if one.key == asked.get("role")), None)
    return Chosen(school, role, language, second)


def _asked_school(schools: list[SchoolDoor], asked: QueryDict) -> SchoolDoor | None:
    wanted = asked.get("school", "")
    return next(
        (one for one in schools if str(one.id) == wanted), schools[0] if schools and wanted != "all" else None
    )


@administrators_and_leads
def ways_in(request: HttpRequest) -> HttpResponse:
    """Choose a school, a role and a language; everything on the page is then for them."""
    door, by = portal(), actor_of(request)
    schools = _schools(door, by)
    chosen = _chosen(door, request.GET, _asked_school(schools, request.GET))
    on_device = _device(chosen)
    return page(
        request,
        "ways_in",
        "ways-in",
        chosen=chosen,
        is_lead_alone=not by.is_administrator,
        school_options=_school_options(schools, by),
        school_value=str(chosen.school.id) if chosen.school else "all",
        role_options=_role_options(chosen),
        role_value=chosen.role.key if chosen.role else "",
        language_options=[(code, own_name(code)) for code in door.language_codes],
        second_options=[("", _("None")), *((code, own_name(code)) for code in door.language_codes)],
        **_addresses(chosen),
        address=door_address(chosen.path),
        unprintable=posters.unprintable(chosen.school.name) if chosen.school else "",
        snippets=_snippets(chosen),
        device=on_device,
        bookmarks=devices.managed_bookmarks(on_device),
    )


def _addresses(chosen: Chosen) -> dict[str, str]:
    """Of the files of what is chosen."""
    found = {"web_clip": f"{reverse('setup:web_clip')}?{chosen.whole_query}"}
    if chosen.school:
        poster, card = (reverse(f"setup:{name}", args=(chosen.school.id,)) for name in ("poster", "card"))
        found["poster_a4"], found["poster_a3"] = (
            f"{poster}?size={size}&{chosen.query}" for size in ("a4", "a3")
        )
        found["card"] = f"{card}?{chosen.query}"
    return found


def _school_options(schools: list[SchoolDoor], by: Actor) -> list[tuple[str, str]]:
    options = [(str(one.id), one.name) for one in schools]
    if options and (by.is_administrator or None in by.leads):
        options.append(("all", _("All schools: the first screen")))
    return options


def _role_options(chosen: Chosen) -> list[tuple[str, str]]:
    here = get_language() or "en"
    roles = (*chosen.school.roles, *chosen.school.unstaffed) if chosen.school else ()
    return [
        ("", _("Everybody: the student chooses")),
        *((one.key, one.name(here)) for one in roles),
    ]


def _snippets(chosen: Chosen) -> list[dict[str, str]]:
    """HTML to paste into another page: a link, and one that looks like a button. No script, no picture, no style
    sheet: nothing of ours is loaded there, and nobody is counted. Plain text: our page shows it and never runs it.
    """
    with translation.override(chosen.language):
        text = _("Do you need someone to talk to? Knock here.")
    start = (
        f'<a href="{escape(door_address(chosen.path))}" rel="noopener noreferrer" lang="{chosen.language}"'
    )
    button = (
        f"display:inline-block;padding:.9em 1.6em;border-radius:.8em;border:3px solid {portal().look.brand};"
        "color:#20242b;background:#fff1cc;font-weight:700;text-decoration:none"
    )
    return [
        {"label": _("A plain link"), "html": f"{start}>{escape(text)}</a>"},
        {"label": _("A button"), "html": f'{start} style="{button}">{escape(text)}</a>'},
    ]


def _device(chosen: Chosen) -> devices.Door:
    place = require_current()
    with translation.override(chosen.language):
        return devices.Door(
            url=door_address(chosen.path),
            label=_("Someone to talk to"),
            organisation=place.name,
            description=_("Puts the door of %(name)s on the home screen. It can be removed.")
            % {"name": chosen.school.name if chosen.school else place.name},
        )


@administrators_and_leads
def poster(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """`/setup/schools/<id>/poster.pdf?size=a4|a3&language=…&second=…&role=…`. An address people keep."""
    door, words = _printed(request, school_id)
    size = "a3" if request.GET.get("size") == "a3" else "a4"
    return _pdf(
        posters.poster(words, door.look, size=size), f"poster-{size}", door, school_id, words.language
    )


@administrators_and_leads
def card(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Ten cards on a sheet: `/setup/schools/<id>/card.pdf?language=…&second=…&role=…`."""
    door, words = _printed(request, school_id)
    return _pdf(posters.cards(words, door.look), "cards", door, school_id, words.language)


def _printed(request: HttpRequest, school_id: UUID) -> tuple[Portal, posters.Words]:
    """404 for a closed school: its poster would lead to nobody."""
    door = portal()
    school = door.school(school_id)
    if school is None:
        raise Http404
    chosen = _chosen(door, request.GET, school)
    return door, posters.words_of(
        door, school, require_current(), language=chosen.language, role=chosen.role, second=chosen.second
    )


def _pdf(content: bytes, kind: str, door: Portal, school_id: UUID, language: str) -> HttpResponse:
    school = door.school(school_id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{kind}-{(school.slug if school else '') or 'school'}-{language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@administrators_and_leads
def web_clip(request: HttpRequest) -> HttpResponse:
    """The file for Apple's devices: `?school=…&language=…&role=…` as on the page."""
    door = portal()
    chosen = _chosen(door, request.GET, _asked_school(_schools(door, actor_of(request)), request.GET))
    icon = icon_png(door.look.brand, door.look.logo, 180)
    response = HttpResponse(
        devices.web_clip(_device(chosen), icon), content_type="application/x-apple-aspen-config"
    )
    slug = chosen.school.slug if chosen.school else require_current().slug
    response["Content-Disposition"] = f'attachment; filename="{slug}.mobileconfig"'
    return response


@administrators_and_leads
def icon(request: HttpRequest) -> HttpResponse:
    """The picture for a device's home screen, to be loaded up where devices are managed."""
    look = portal().look
    response = HttpResponse(icon_png(look.brand, look.logo, 512), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="{require_current().slug}.png"'
    return response
