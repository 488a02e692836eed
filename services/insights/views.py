"""The lead's page: one sentence, what is broken, what is in danger, the last 30 days."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people.access import staff_required
from kernel.permissions import allowed
from kernel.tenancy import require_current
from services.insights import queries, words
from services.insights.explained import said_lately, who_said
from services.insights.withholding import FEWEST
from services.promises import operations as promises
from services.promises.models import Promise
from tenants.presence.stepping_in import administrators_to_ask
from tenants.walls.queries import waiting_for_a_second_person

#: After a step in the fold of what was said it is still open.
OPEN_FOLD = "?said=open#said"


@staff_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Of the schools the person leads; an administrator's are all. Others get 403 in words."""
    return _shown(request, _in_charge(request))


@staff_required
@require_POST
def explain(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """The lead says what was done about a broken promise, or corrects it: a choice, and nothing typed."""
    actor, said = _in_charge(request), request.POST.get("said", "")
    instead_of = request.POST.get("instead_of", "")
    try:
        promise = promises.explain(by=actor, promise_id=promise_id, said=said, instead_of=instead_of)
    except Invalid:
        errors = [(str(promise_id), _("Choose what was done."))]
        return _shown(request, actor, status=422, unsaid=promise_id, errors=errors)
    except Conflict as refused:
        return _shown(request, actor, status=409, refused=str(refused.detail))
    undo = reverse("insights:undo_explain", args=[promise_id])
    waits = promise.answered_at is None and promise.ended_at is None
    told = (
        _("Corrected. What was said before is in the log.")
        if instead_of
        else _("Noted. It is not written down here yet: please see to it that whoever did it writes it down.")
        if waits and said == Promise.Explained.ANSWERED
        else _("Noted. Thank you for seeing to it.")
    )
    messages.success(request, told, extra_tags=undo)
    return HttpResponseRedirect(reverse("insights:home") + (OPEN_FOLD if instead_of else ""))


@staff_required
@require_POST
def undo_explain(request: HttpRequest, promise_id: UUID) -> HttpResponse:
    """Said by a slip: it is asked again, or what was said before a correction stands again."""
    actor = _in_charge(request)
    try:
        promise = promises.undo_explain(by=actor, promise_id=promise_id)
    except Conflict as late:
        return _shown(request, actor, status=409, refused=str(late.detail))
    told = (
        _("Taken back. What was said before stands again.")
        if promise.explained
        else _("Taken back. It is asked again.")
    )
    messages.success(request, told)
    return HttpResponseRedirect(reverse("insights:home") + (OPEN_FOLD if promise.explained else ""))


def _in_charge(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not allowed(actor, "insights.open"):
        raise NotAllowed(_("This page is for those who lead a school, and for administrators."))
    return actor


def _shown(request: HttpRequest, actor: Actor, *, status: int = 200, **more: Any) -> HttpResponse:
    told = [{"text": str(one), "undo": one.extra_tags} for one in messages.get_messages(request)]
    is_open = "said" in request.GET or bool(request.POST.get("instead_of"))
    context = _page(actor, get_language() or "en") | {"told": told, "said_open": is_open, **more}
    return render(request, "insights/home.html", context, status=status)


def _page(actor: Actor, language: str) -> dict[str, Any]:
    now, timezone = clock.now(), require_current().timezone
    alone = queries.left_alone(actor, now)
    broken, danger = queries.broken(actor, now, alone), queries.in_danger(actor, now, alone)
    waiting = broken.count + alone.broken(now)
    to_explain = queries.to_explain(actor, (*broken.rows, *alone.listed.rows))
    score, empty = queries.score(actor, now), queries.with_nobody(actor)
    figures = queries.figures(actor, *queries.whole_days(now, timezone))
    who = who_said(actor, (*broken.rows, *alone.listed.rows))
    lists = {
        "broken": words.lines(broken, now, timezone, language, who),
        "danger": words.lines(danger, now, timezone, language),
        "explain": words.to_explain(to_explain, now, timezone, language),
    }
    words.anchored(*lists.values())
    return {
        **lists,
        "said": words.said_lately(said_lately(actor, now), now, timezone, language),
        "now": now,
        "tabs": tabs(actor, "home"),
        "empty": words.with_nobody(empty, language),
        "alone": words.lines(alone.listed, now, timezone, language, who),
        "alone_aside": alone.is_aside,
        "alone_empty": alone.is_empty,
        "help": words.help_at(
            queries.help_at(broken, danger, empty, alone), language, gives=actor.is_administrator
        ),
        "gives": actor.is_administrator,
        "ask": [] if actor.is_administrator else words.to_ask(administrators_to_ask()),
        "headline": words.headline(waiting, score),
        "below": words.below(waiting, score),
        "unrecorded": words.to_record(queries.unrecorded(actor), language),
        "broken_more": broken.more,
        "danger_more": danger.more,
        "paused": words.paused(queries.paused(actor, now), now, timezone, language),
        "hours": queries.DANGER_HOURS,
        "days": queries.DAYS,
        "headers": words.headers(),
        "rows": words.cells(figures, language),
        "few": words.too_few(figures, language),
        "fewest": FEWEST,
        "is_hidden": words.is_anything_hidden(figures),
    }


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """The person's other pages; `here` is home or coming."""
    found: list[dict[str, Any]] = [
        {"text": _("Promises"), "href": reverse("insights:home"), "current": here == "home"},
        {"text": _("The next 30 days"), "href": reverse("insights:coming"), "current": here == "coming"},
    ]
    found.append({"text": _("Log review"), "href": reverse("logreview:home")})
    if actor.is_helper:
        found.insert(0, {"text": _("Desk"), "href": reverse("desk:waiting")})
    waiting = waiting_for_a_second_person(actor)
    openings: dict[str, Any] = {"text": _("Two-person openings"), "href": reverse("walls:openings")}
    found.append(openings | ({"count": waiting} if waiting else {}))
    found.append({"text": _("Ways in"), "href": reverse("setup:ways_in")})
    if actor.is_administrator:
        found.append({"text": _("Set-up"), "href": reverse("setup:home")})
    return found
