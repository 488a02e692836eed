"""The states for leads and administrators; the month for its reviewer."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people.access import staff_required
from kernel.permissions import allowed, require
from kernel.tenancy import require_current
from kernel.ui.when import say_date, say_when
from services.logreview import operations, queries, words
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in


@staff_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every employer, who reviews its log, and whether last month is done. Others get 403 in words."""
    return _home(request, actor_of(request))


def _home(request: HttpRequest, actor: Actor, *, wrong: tuple[UUID, str] | None = None) -> HttpResponse:
    month, language = queries.last_month(), get_language() or "en"
    found = queries.states(actor, month)
    if not found and not allowed(actor, "logreview.see_states"):
        raise NotAllowed(_("This page is for leads, administrators, and those who review the log."))
    may_name = allowed(actor, "logreview.name_reviewer")
    zone, now = require_current().timezone, clock.now()
    lines = [
        {
            "id": state.employer.pk,
            "id_text": str(state.employer.pk),
            "name": state.employer.name,
            "reviewer": state.reviewer.get_short_name() if state.reviewer else "",
            "reviewer_id": str(state.reviewer.pk) if state.reviewer else "",
            "done": say_date(state.signed.at, now, zone, language) if state.signed else "",
            "outcome": words.OUTCOMES[state.signed.outcome] if state.signed else "",
            "mine": state.is_mine,
            "people": [
                ("", "–"),
                *((str(one.pk), one.name) for one in queries.possible_reviewers(state.employer.pk)),
            ]
            if may_name
            else None,
            "error": wrong[1] if wrong and wrong[0] == state.employer.pk else "",
        }
        for state in found
    ]
    context = {
        "lines": lines,
        "month": _month(month),
        "unknown": queries.without_employer() if may_name else 0,
        "tabs": _tabs(actor),
        "errors": [(f"reviewer-{wrong[0]}", wrong[1])] if wrong else [],
    }
    return render(request, "logreview/home.html", context, status=422 if wrong else 200)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, employer_id: UUID) -> HttpResponse:
    """Last month's sample and outliers for the reviewer, and the sign-off. 404 for everybody else."""
    actor, month = actor_of(request), queries.last_month()
    if request.method != "POST":
        return _review(request, actor, employer_id)
    try:
        operations.sign_off(
            by=actor, employer_id=employer_id, month=month, outcome=request.POST.get("outcome", "")
        )
    except Invalid as wrong:
        return _review(request, actor, employer_id, error=str(wrong.errors[0].message))
    return HttpResponseRedirect(reverse("logreview:review", args=[employer_id]))


def _review(request: HttpRequest, actor: Actor, employer_id: UUID, error: str = "") -> HttpResponse:
    found = queries.month_of(actor, employer_id, queries.last_month())
    if found is None:
        raise NotFound()
    context = {
        "employer": found.employer,
        "month": _month(found.month),
        "lead": words.lead(found.people, found.reads),
        "sample": _sample_rows(found),
        "sample_headers": [
            _("When"), pgettext("log review", "Role"), pgettext("log review", "Person"), _("Reason"), _("Log number"),
        ],
        "outliers": _outlier_rows(found),
        "outlier_headers": [
            _("What"), pgettext("log review", "Role"), pgettext("log review", "Person"),
            pgettext("log review", "Reads"), _("Cases"), _("First and last"), _("Reason"),
        ],
        "signed": found.signed,
        "signed_outcome": words.OUTCOMES[found.signed.outcome] if found.signed else "",
        "outcomes": [(code, str(text)) for code, text in words.OUTCOMES.items()],
        "error": error,
        "errors": [("id_outcome", error)] if error else [],
        "tabs": _tabs(actor),
    }  # fmt: skip
    return render(request, "logreview/review.html", context, status=422 if error else 200)


@staff_required
@require_POST
def reviewer(request: HttpRequest, employer_id: UUID) -> HttpResponse:
    """Name the reviewer."""
    actor = actor_of(request)
    require(actor, "logreview.name_reviewer")
    try:
        account = UUID(request.POST.get("reviewer", ""))
    except ValueError:
        account = None
    try:
        operations.name_reviewer(by=actor, employer_id=employer_id, account_id=account)
    except Invalid as wrong:
        return _home(request, actor, wrong=(employer_id, str(wrong.errors[0].message)))
    return HttpResponseRedirect(reverse("logreview:home"))


def _sample_rows(found: queries.Month) -> list[list[dict[str, Any]]]:
    roles, said = _roles(), _when()
    links = queries.log_numbers([read.id for read in found.sample])
    return [
        [
            {"text": said(read.at)},
            {"text": roles.get(read.role, "–")},
            {"text": found.number[read.person]},
            {"text": words.why(read.why)},
            {"text": links.get(read.id, "–")},
        ]
        for read in found.sample
    ]


def _outlier_rows(found: queries.Month) -> list[list[dict[str, Any]]]:
    roles, said = _roles(), _when()
    return [
        [
            {"text": str(words.OUTLIERS[one.kind])},
            {"text": ", ".join(sorted(roles.get(role, "–") for role in one.roles))},
            {"text": one.person or words.so_many_people(one.people)},
            {"text": one.reads},
            {"text": one.cases},
            {"text": f"{said(one.first)} – {said(one.last)}" if one.reads > 1 else said(one.first)},
            {"text": ", ".join(map(words.why, one.whys))},
        ]
        for one in found.outliers
    ]


def _roles() -> dict[UUID | None, str]:
    language = get_language() or "en"
    return {role.pk: text_in(role.names, language) or role.key for role in HelperRole.objects.all()}


def _when() -> Callable[[datetime], str]:
    zone, now, language = require_current().timezone, clock.now(), get_language() or "en"
    return lambda instant: say_when(instant, now, zone, language)


def _month(month: date) -> str:
    """ "september 2026" in the reader's language."""
    return str(format_date(month, "LLLL y", locale=(get_language() or "en").replace("-", "_")))


def _tabs(actor: Actor) -> list[dict[str, Any]]:
    """The person's other pages; none for who has this one alone."""
    tabs = [{"text": _("Log review"), "href": reverse("logreview:home"), "current": True}]
    if actor.is_lead or actor.is_administrator:
        tabs.insert(0, {"text": _("Promises"), "href": reverse("insights:home")})
    if actor.is_helper:
        tabs.insert(0, {"text": _("Desk"), "href": reverse("desk:waiting")})
    if actor.is_administrator:
        tabs.append({"text": _("Set-up"), "href": reverse("setup:home")})
    return tabs if len(tabs) > 1 else []
