"""The shelves (queries.SHELVES). The list refreshes itself; without JavaScript the page is loaded again."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.screen import is_shared
from kernel.tenancy import require_current
from services.contact.handover_queries import offered_by
from services.contact.machine import LIVE
from services.contact.nobodys_no import went_unanswered
from services.contact.queries import Shelf, recorded_from_afar, visible_to
from services.desk import board, queries
from services.desk.handover_words import became, receiver
from services.desk.today import today_rows
from services.desk.views.frame import at_the_desk, page, speaking
from services.desk.words import SYSTEMS, headline
from services.meetings.queries import todays
from services.worry.queries import clocks_of
from tenants.setup.portal import text_in
from tenants.setup.queries import recent_portal
from tenants.walls.facts import asked_once

A_PAGE = 50


@at_the_desk
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What nobody has taken."""
    return _shelf(request, "waiting")


@at_the_desk
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I have taken."""
    return _shelf(request, "mine")


@at_the_desk
@require_safe
def handed(request: HttpRequest) -> HttpResponse:
    """What is offered to me, and what became of what I offered."""
    return _shelf(request, "handed")


@at_the_desk
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """What is done, or was withdrawn; newest first."""
    return _shelf(request, "closed")


@at_the_desk
@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    """What a colleague, or two persons, let me read."""
    return _shelf(request, "shared")


@at_the_desk
@require_safe
def unrecorded(request: HttpRequest) -> HttpResponse:
    """What is mine to record where the law wants it."""
    return _shelf(request, "unrecorded")


@at_the_desk
@require_safe
def danger(request: HttpRequest) -> HttpResponse:
    """Promises at my doors that run, and of which a reminder has been sent: whoever has them."""
    return _shelf(request, "danger")


@at_the_desk
@require_safe
def flood(request: HttpRequest) -> HttpResponse:
    """What came faster than a school knocks, until somebody has read what it is."""
    return _shelf(request, "flood")


def _shelf(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    with asked_once():
        return _shelf_page(request, shelf)


def _shelf_page(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    actor = actor_of(request)
    wanted = {key: _uuid(request.GET.get(key)) for key in ("school", "role")}
    shared = is_shared(request)
    context = listing(actor, shelf, page_number=request.GET.get("page"), shared=shared, **wanted)
    if shelf == "handed":
        context["offers"] = _offers(actor)
    if request.headers.get("HX-Request"):
        changed = request.GET.get("known", "") != context["known"]
        return page(request, "list.html", shelf, context | {"announce": changed})
    share = (
        None
        if shelf in ("handed", "closed", "shared", "unrecorded", "danger", "flood")
        else queries.kept_share(actor, clock.now())
    )
    now = clock.now()
    met = today_rows(todays(actor, now), now, shared=shared) if shelf in ("waiting", "mine") else []
    filters = {} if shelf == "handed" else _filters(actor, **wanted)
    if shelf == "unrecorded":
        context["afar"] = _from_afar(actor)
    shown = {"share": share, "todays_meetings": met, **filters}
    return page(request, "shelf.html", shelf, context | shown)


def _from_afar(actor: Actor) -> list[dict[str, Any]]:
    """What the actor owes a record of that is at another door by now: number and system, and where to say so."""
    return [
        {
            "number": due.request.case_number,
            "href": reverse("desk:record", args=[due.request_id]),
            "system": SYSTEMS.get(due.system, due.system),
            "since": due.since,
        }
        for due in recorded_from_afar(actor)
    ]


def _offers(actor: Actor) -> list[dict[str, Any]]:
    """What the actor offered: number, to whom, what became of it; a link where it is still theirs to see."""
    offered, language = offered_by(actor), speaking()
    ids = [one.handover.request_id for one in offered]
    unanswered = went_unanswered(one.handover for one in offered)
    seen = set(visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [
        {
            "number": one.number,
            "href": reverse("desk:request", args=[pk]) if (pk := one.handover.request_id) in seen else "",
            "to": receiver(one.handover, language),
            "state": became(one.handover, unanswered),
            "at": one.handover.ended_at or one.handover.accepted_at or one.handover.offered_at,
            "due": one.due_at if one.handover.state in LIVE else None,
            "walk_along": one.handover.walk_along,
        }
        for one in offered
    ]


def listing(
    actor: Actor,
    shelf: Shelf,
    *,
    page_number: str | None = None,
    school: UUID | None = None,
    role: UUID | None = None,
    current: UUID | None = None,
    shared: bool = False,
) -> dict[str, Any]:
    """What desk/list.html shows: five queries, however many requests there are."""
    found = Paginator(queries.shelf(actor, shelf, school_id=school, role_id=role), A_PAGE)
    part = found.get_page(page_number)
    rows = queries.rows(list(part.object_list))
    if shelf == "handed":
        rows = queries.offered_rows(actor, rows)
    chosen = {key: str(value) for key, value in (("school", school), ("role", role)) if value}
    query, counts = urlencode(chosen), queries.counts(actor)
    return {
        "shelf": shelf,
        "counts": counts,
        "headline": headline(shelf, found.count, 0 if chosen else counts.news),
        "groups": board.groups(
            rows,
            clock.now(),
            require_current().timezone,
            speaking(),
            current,
            _differs(actor, shelf),
            shared=shared,
            doors=actor.posts,
            worries=clocks_of(actor, [row.request.pk for row in rows]) if shelf == "mine" else None,
        ),
        "page": part,
        "query": query,
        "is_filtered": bool(chosen),
        "address": f"{reverse(f'desk:{shelf}')}?{urlencode({**chosen, 'page': part.number})}",
        "known": board.fingerprint(rows, found.count),
    }


def _differs(actor: Actor, shelf: Shelf) -> board.Differs:
    """School and role are said to whoever answers at several, and of what comes from another's door; a language
    where it is not the usual one.
    """
    if shelf in ("handed", "shared"):
        return board.Differs(language=recent_portal().default_language)
    return board.Differs(
        schools=len({school for _role, school in actor.posts}) > 1,
        roles=len({role for role, _school in actor.posts}) > 1,
        language=recent_portal().default_language,
    )


def _filters(actor: Actor, *, school: UUID | None, role: UUID | None) -> dict[str, Any]:
    """Choices where there is something to choose."""
    doors, language = queries.doors(actor), speaking()
    schools = [("", _("All schools")), *((str(one.pk), one.name) for one in doors.schools)]
    roles = [("", _("All roles"))] + [
        (str(one.pk), text_in(one.names, language) or one.key) for one in doors.roles
    ]
    return {
        "schools": schools if len(schools) > 2 else None,
        "roles": roles if len(roles) > 2 else None,
        "school": str(school or ""),
        "role": str(role or ""),
    }


def _uuid(text: str | None) -> UUID | None:
    """The id in an address; what is none chooses nothing."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
