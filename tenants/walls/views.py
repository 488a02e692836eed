"""/openings/: ask for a case to be opened, be the second person, end it. Not a word of a student stands here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import NotAllowed, NotFound
from kernel.people.access import staff_required
from kernel.people.identity import assurance
from kernel.people.identity.assurance import proof_required
from kernel.permissions import allowed
from tenants.setup.portal import text_in
from tenants.walls import operations, queries
from tenants.walls.facts import seats
from tenants.walls.forms import AskForm, attempt
from tenants.walls.models import Opening
from tenants.walls.words import BASES, SCOPES, STATES, TONES, state_of

#: Asking that a case be opened, and being the second person, ask for a second factor shown within five minutes.
DECIDE = "walls.decide_opening"
assurance.register({DECIDE: assurance.Needs()})


@staff_required
@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    """Those the person takes part in, the newest first."""
    actor = _at_work(request)
    rows = [_line(opening, actor) for opening in queries.openings_for(actor)[:100]]
    return _page(request, "openings.html", actor, rows=rows)


@proof_required(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a second person's yes."""
    actor = _at_work(request)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        readers=_readers(),
        initial={"number": request.GET.get("number", "")[:20]},
    )
    if form.is_bound and form.is_valid():
        asked: list[Opening] = []
        if attempt(form, lambda: asked.append(_asked(actor, form.cleaned_data))):
            messages.success(request, _("A second person is asked. Nothing is open yet."))
            return HttpResponseRedirect(reverse("walls:opening", args=[asked[0].pk]))
    return _page(request, "ask.html", actor, status=422 if form.is_bound else 200, form=form)


def _asked(actor: Actor, typed: dict[str, Any]) -> Opening:
    return operations.ask_opening(
        by=actor,
        number=typed["number"].strip(),
        basis=typed["basis"],
        scope=typed["scope"],
        reason=typed["reason"],
        reader_id=UUID(typed["reader"]) if typed["reader"] else None,
        hours=typed["hours"],
        is_told=not typed["is_untold"],
        untold_reason=typed["untold_reason"],
    )


def _readers() -> list[tuple[str, str]]:
    """Helpers by name, with a role of theirs."""
    language, found = get_language() or "en", dict[str, str]()
    for seat in seats():
        role = text_in(seat.role_names, language) or seat.profession
        found.setdefault(str(seat.account_id), f"{seat.name}, {role}")
    return list(found.items())


@staff_required
@require_safe
def opening(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """One of them: who asked for what and why. The reason is read by those who decide, and that is logged."""
    actor = _at_work(request)
    row = queries.one_opening(actor, opening_id)
    if row is None:
        raise NotFound()
    reason, untold = operations.read_reason(by=actor, opening_id=row.pk)
    state = state_of(row, clock.now())
    return _page(
        request,
        "opening.html",
        actor,
        line=_line(row, actor),
        opening=row,
        reason=reason,
        untold=untold,
        may_confirm=state == "waits" and allowed(actor, "walls.confirm_opening", row),
        may_end=state in ("waits", "stands"),
        is_reader=row.reader_id == actor.id,
        asked_myself=row.asked_by_id == actor.id,
    )


@proof_required(DECIDE)
@require_POST
def confirm(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Be the second person."""
    operations.confirm_opening(by=_at_work(request), opening_id=opening_id)
    messages.success(request, _("It is open now, for the one named and for nobody else."))
    return HttpResponseRedirect(reverse("walls:opening", args=[opening_id]))


@staff_required
@require_POST
def end(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Say no, take it back, or end it before its time."""
    operations.end_opening(by=_at_work(request), opening_id=opening_id)
    messages.success(request, _("It is closed. Nobody reads it any more."))
    return HttpResponseRedirect(reverse("walls:openings"))


def _at_work(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not allowed(actor, "walls.ask_opening"):
        raise NotAllowed(_("This page is for helpers, leads and administrators."))
    return actor


def _line(opening: Opening, actor: Actor) -> dict[str, Any]:
    """One opening in words."""
    state, language = state_of(opening, clock.now()), get_language() or "en"
    role = text_in(opening.role.names, language) or opening.role.key
    return {
        "id": opening.pk,
        "href": reverse("walls:opening", args=[opening.pk]),
        "title": BASES[opening.basis],
        "where": f"{role}, {opening.school.name}",
        "number": opening.case_number,
        "state": STATES[state],
        "tone": TONES[state],
        "scope": SCOPES[opening.scope],
        "reader": opening.reader.get_short_name(),
        "asked_by": opening.asked_by.get_short_name(),
        "confirmed_by": opening.confirmed_by.get_short_name() if opening.confirmed_by else "",
        "stands": state == "stands",
    }


def _page(
    request: HttpRequest, template: str, actor: Actor, *, status: int = 200, **context: Any
) -> HttpResponse:
    tabs: list[dict[str, Any]] = []
    if actor.is_helper:
        tabs.append({"text": _("Desk"), "href": "/desk/"})
    if actor.is_lead or actor.is_administrator:
        tabs.append({"text": _("Promises"), "href": "/insights/"})
    tabs.append(
        {"text": _("Openings"), "href": reverse("walls:openings"), "current": template == "openings.html"}
    )
    return render(request, f"walls/{template}", {"now": clock.now(), "tabs": tabs, **context}, status=status)
