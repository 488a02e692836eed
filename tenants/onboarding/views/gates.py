"""The checklist before the door opens, its papers, and the applicant's last words: submit, answer, take
back, withdraw.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenants.onboarding import cookie, operations, papers, states
from tenants.onboarding import gates as checklist
from tenants.onboarding.cookie import applicants
from tenants.onboarding.forms import AnswerForm, ArchiveForm, DeputyForm, DpiaForm, SignatoryForm, attempt
from tenants.onboarding.links import portal_address, portal_host
from tenants.onboarding.models import Application
from tenants.onboarding.permissions import applicant

_PAPER_OF = {"agreement": papers.AGREEMENT, "dpia": papers.DPIA, "archive": papers.ARCHIVE}


@require_safe
@applicants(*states.WITH_PORTAL)
def gates(request: HttpRequest, application: Application) -> HttpResponse:
    """The rehearsal portal, and what is left before it may open."""
    return _checklist(request, application, AnswerForm())


def _checklist(
    request: HttpRequest, application: Application, form: forms.Form, status: int = 200
) -> HttpResponse:
    found = checklist.of(application)
    passed = sum(gate.passed for gate in found)
    context = {
        "application": application,
        "gates": found,
        "passed": passed,
        "all": len(found),
        "ready": all(gate.passed for gate in found if gate.applicants),
        "form": form,
        "host": portal_host(application.slug),
        "portal": portal_address(application.slug),
        "sign_in": portal_address(application.slug, "/sign-in/?next=/rehearsal/"),
        "setup": portal_address(application.slug, "/setup/"),
        "may_work": application.state in (states.REHEARSING, states.QUESTION),
    }
    return render(request, "onboarding/gates.html", context, status=status)


type Keep = Callable[[forms.Form], Callable[[], Any]]


def _kinds(application: Application) -> dict[str, tuple[type[forms.Form], Keep]]:
    by, pk = applicant(application.pk), application.pk
    return {
        "agreement": (
            SignatoryForm,
            lambda form: (
                lambda: operations.invite_signatory(
                    application_id=pk, **form.cleaned_data, language=get_language() or "en", by=by
                )
            ),
        ),
        "dpia": (
            DpiaForm,
            lambda form: (
                lambda: operations.pass_dpia(
                    application_id=pk,
                    advice=form.cleaned_data["choice"],
                    decided_on=form.cleaned_data["decided_on"],
                    by=by,
                )
            ),
        ),
        "archive": (
            ArchiveForm,
            lambda form: lambda: operations.decide_archive(application_id=pk, **form.cleaned_data, by=by),
        ),
        "deputy": (
            DeputyForm,
            lambda form: lambda: operations.invite_deputy(application_id=pk, **form.cleaned_data, by=by),
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@applicants(states.REHEARSING, states.QUESTION)
def gate(request: HttpRequest, application: Application, kind: str) -> HttpResponse:
    """One gate: what it means, its paper, and the one thing to do."""
    kinds = _kinds(application)
    if kind not in kinds:
        raise Http404
    here = next(one for one in checklist.of(application) if one.kind == kind)
    made, keep = kinds[kind]
    initial: dict[str, Any] = {"choice": here.choice, "decided_on": here.decided_on}
    if here.signature is not None:  # a new link is mostly to the same person
        initial |= {key: getattr(here.signature, key) for key in ("name", "role", "authority", "email")}
    form = made(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(form, keep(form)):
        return redirect("onboarding:gates")
    context = {"application": application, "gate": here, "form": form, "paper": _PAPER_OF.get(kind)}
    return render(request, "onboarding/gate.html", context, status=422 if form.errors else 200)


@require_safe
@applicants(*states.WITH_PORTAL)
def paper(request: HttpRequest, application: Application, kind: str) -> HttpResponse:
    """A pre-filled paper: to read, to print, or (with ?download) to keep as a file."""
    if kind not in papers.PAPERS:
        raise Http404
    made = papers.paper(kind, application, get_language() or "en")
    download = "download" in request.GET
    response = render(
        request,
        "onboarding/papers/page.html",
        {"paper": made, "language": made.language, "download": download},
    )
    if download:
        response["Content-Disposition"] = f'attachment; filename="{kind}-{application.slug}.html"'
    return response


@require_POST
@applicants(states.REHEARSING)
def submit(request: HttpRequest, application: Application) -> HttpResponse:
    operations.submit(application_id=application.pk, by=applicant(application.pk))
    return redirect("onboarding:gates")


@require_POST
@applicants(states.SUBMITTED)
def take_back(request: HttpRequest, application: Application) -> HttpResponse:
    operations.take_back(application_id=application.pk, by=applicant(application.pk))
    return redirect("onboarding:gates")


@require_http_methods(["GET", "HEAD", "POST"])
@applicants(states.QUESTION)
def answer(request: HttpRequest, application: Application) -> HttpResponse:
    """The answer to what we asked."""
    if request.method != "POST":
        return redirect("onboarding:gates")
    form = AnswerForm(request.POST)
    by = applicant(application.pk)
    if form.is_valid() and attempt(
        form,
        lambda: operations.answer(application_id=application.pk, text=form.cleaned_data["answer"], by=by),
    ):
        return redirect("onboarding:gates")
    return _checklist(request, application, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@applicants(states.VERIFIED, *states.WITH_PORTAL)
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Asks before it happens; then everything typed is gone."""
    if request.method == "POST":
        operations.withdraw(application_id=application.pk, by=applicant(application.pk))
        return redirect("onboarding:outcome")
    back = cookie.next_page(application)
    return render(request, "onboarding/withdraw.html", {"application": application, "back": back})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget this browser, not the application: a code leads back to it."""
    response = redirect("onboarding:landing")
    cookie.forget(response)
    return response
