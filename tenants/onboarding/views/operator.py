"""The operator's pages: who applies, what is missing, decide; which municipalities there are, what does not
get through.

Never anybody's content: counts, states and clocks.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import jobs
from kernel.actor import Actor, actor_of
from kernel.errors import NotFound
from kernel.outbox.queries import failing
from kernel.people.access import staff_required
from kernel.permissions import require
from kernel.tenancy import front, municipalities
from tenants.municipalities.queries import failed_schemas
from tenants.onboarding import gates as checklist
from tenants.onboarding import health, operations, queries, states
from tenants.onboarding.forms import COUNTRY_NAMES, EvictForm, WordsForm, attempt
from tenants.onboarding.links import portal_address, portal_host
from tenants.onboarding.models import Application

#: What a decided application or one without a portal has no gates for.
_TONES = {states.SUBMITTED: "promise", states.QUESTION: "info", states.FOUNDING: "brand"}


def _operator(request: HttpRequest) -> Actor:
    by = actor_of(request)
    require(by, "onboarding.list")
    return by


def _tabs(here: str) -> list[dict[str, Any]]:
    pages = (
        ("open", "/operator/", _("Sign-ups")),
        ("decided", "/operator/decided/", _("Decided")),
        ("municipalities", "/operator/municipalities/", _("Municipalities")),
        ("trouble", "/operator/trouble/", _("What does not get through")),
    )
    return [{"text": text, "href": href, "current": key == here} for key, href, text in pages]


@require_safe
@staff_required
def applications(request: HttpRequest) -> HttpResponse:
    """Open sign-ups; those that wait for us come first."""
    by = _operator(request)
    others = queries.contested(by)
    rows = [{**_row(one), "others": others.get(one.pk, 0)} for one in queries.applications(by)]
    return render(request, "onboarding/operator/applications.html", {"rows": rows, "tabs": _tabs("open")})


@require_safe
@staff_required
def decided(request: HttpRequest) -> HttpResponse:
    """How the others ended. No person is left in them."""
    rows = [_row(one) for one in queries.applications(_operator(request), decided=True)]
    context = {"rows": rows, "tabs": _tabs("decided"), "is_decided": True}
    return render(request, "onboarding/operator/applications.html", context)


def _row(one: Application) -> dict[str, Any]:
    return {
        "application": one,
        "label": states.LABELS[one.state],
        "tone": _TONES.get(one.state, "neutral"),
        "country": COUNTRY_NAMES[one.country],
        "waits": one.state in states.WITH_US,
    }


@require_safe
@staff_required
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One sign-up: hints, who else asks for its number, gates, and the decision."""
    return _one(request, _find(application_id))


def _find(application_id: UUID) -> Application:
    found = queries.application(application_id)
    if found is None:
        raise NotFound(_("We cannot find this sign-up."))
    return found


def _one(
    request: HttpRequest, found: Application, form: forms.Form | None = None, verb: str = ""
) -> HttpResponse:
    by, with_portal = _operator(request), found.state in states.WITH_PORTAL
    gates = checklist.of(found) if with_portal else []
    context = {
        **_row(found),
        "tabs": _tabs("open"),
        "hints": queries.hints_of(found) if found.state in states.OPEN else None,
        "rivals": _rivals(by, found),
        "may_refuse": states.may_move(found.state, states.REFUSED),
        "may_evict": states.may_move(found.state, states.EVICTED),
        "gates": gates,
        "all_passed": bool(gates) and all(gate.passed for gate in gates),
        "organisation": next((gate for gate in gates if gate.kind == "organisation"), None),
        "host": portal_host(found.slug) if found.slug else "",
        "portal": portal_address(found.slug) if with_portal else "",
        "ask_form": form if verb == "ask" else WordsForm(auto_id="id_ask_%s"),
        "refuse_form": form if verb == "refuse" else WordsForm(auto_id="id_refuse_%s"),
        "verb": verb,
    }
    return render(request, "onboarding/operator/application.html", context, status=422 if form else 200)


def _rivals(by: Actor, found: Application) -> list[dict[str, Any]]:
    """The others who ask for the same number, to compare with."""
    if found.state not in states.OPEN:
        return []
    return [
        {"one": rival, "label": states.LABELS[rival.state], "tone": _TONES.get(rival.state, "neutral")}
        for rival in queries.rivals_of(by, found)
    ]


@require_POST
@staff_required
def organisation(request: HttpRequest, application_id: UUID) -> HttpResponse:
    matches = request.POST.get("number_matches") == "1"
    operations.match_organisation(application_id=application_id, matches=matches, by=_operator(request))
    return redirect("onboarding:operator_application", application_id=application_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def approve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Asks once, says what happens, then opens the door."""
    by, found = _operator(request), _find(application_id)
    if request.method == "POST":
        operations.approve(application_id=application_id, by=by)
        return redirect("onboarding:operator_application", application_id=application_id)
    context = {
        "application": found, "tabs": _tabs("open"), "host": portal_host(found.slug), "rivals": _rivals(by, found),
    }  # fmt: skip
    return render(request, "onboarding/operator/approve.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def ask(request: HttpRequest, application_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("onboarding:operator_application", application_id=application_id)
    by, form = _operator(request), WordsForm(request.POST, auto_id="id_ask_%s")
    if form.is_valid() and attempt(
        form, lambda: operations.ask(application_id=application_id, question=form.cleaned_data["text"], by=by)
    ):
        return redirect("onboarding:operator_application", application_id=application_id)
    return _one(request, _find(application_id), form, "ask")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def refuse(request: HttpRequest, application_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("onboarding:operator_application", application_id=application_id)
    by, form = _operator(request), WordsForm(request.POST, auto_id="id_refuse_%s")
    if form.is_valid() and attempt(
        form,
        lambda: operations.refuse(application_id=application_id, reason=form.cleaned_data["text"], by=by),
    ):
        return redirect("onboarding:operator_application", application_id=application_id)
    return _one(request, _find(application_id), form, "refuse")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def evict(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Says what ends, asks why (and for an open door its address), then takes the place back."""
    by, found = _operator(request), _find(application_id)
    if not states.may_move(found.state, states.EVICTED):
        return redirect("onboarding:operator_application", application_id=application_id)
    is_open = found.state == states.APPROVED
    form = EvictForm(
        request.POST if request.method == "POST" else None, address=found.slug if is_open else ""
    )
    if form.is_valid() and attempt(
        form,
        lambda: operations.evict(application_id=application_id, reason=form.cleaned_data["text"], by=by),
    ):
        return redirect("onboarding:operator_application", application_id=application_id)
    context = {
        "application": found, "form": form, "is_open": is_open, "tabs": _tabs("decided" if is_open else "open"),
        "host": portal_host(found.slug) if found.slug else "", "back": f"/operator/applications/{found.pk}/",
    }  # fmt: skip
    return render(request, "onboarding/operator/evict.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required
def all_municipalities(request: HttpRequest) -> HttpResponse:
    """Every municipality with its state and health: counts only."""
    _operator(request)
    counts = queries.published_counts()
    broken = {row.municipality_id: row.error for row in failed_schemas()}
    rows = [
        {
            "ref": ref,
            "host": portal_host(ref.slug),
            "portal": portal_address(ref.slug),
            "country": COUNTRY_NAMES.get(ref.country, ref.country),
            "schools": counts.get(ref.id, 0),
            "health": health.of(ref),
            "schema_error": broken.get(ref.id, ""),
        }
        for ref in municipalities()
    ]
    context = {"rows": rows, "tabs": _tabs("municipalities")}
    return render(request, "onboarding/operator/municipalities.html", context)


@require_safe
@staff_required
def trouble(request: HttpRequest) -> HttpResponse:
    """Messages of ours that fail, and jobs that were given up."""
    _operator(request)
    context = {"messages_failing": failing(), "jobs_failed": jobs.failed(), "tabs": _tabs("trouble")}
    return render(request, "onboarding/operator/trouble.html", context)


@require_POST
@staff_required
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Try a job once more that was given up."""
    _operator(request)
    if any(job.id == job_id for job in jobs.failed()):
        with front():
            jobs.retry_failed(job_id)
    return redirect("onboarding:operator_trouble")
