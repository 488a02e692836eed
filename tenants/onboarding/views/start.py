"""Before the code: one question a page.

Answers travel in hidden fields; nothing is stored, no cookie is set.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import NOBODY
from tenants.onboarding import cookie, hints, operations, queries, states
from tenants.onboarding.forms import (
    CodeForm,
    CountryForm,
    EmailForm,
    KindForm,
    NumberForm,
    ResumeForm,
    attempt,
)
from tenants.onboarding.links import portal_address, portal_host

STEPS = ("country", "kind", "number", "email")
FIELDS = ("country", "kind", "organisation_number", "contact_name", "email")
TOTAL = 11


def _form(step: str, answers: dict[str, str], *, bound: bool) -> forms.Form:
    data = answers if bound else None
    initial = {key: value for key, value in answers.items() if value}
    if step == "country":
        return CountryForm(data, initial=initial)
    if step == "kind":
        return KindForm(data, initial=initial)
    if step == "number":
        return NumberForm(data, initial=initial, country=answers["country"])
    return EmailForm(data, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Country → municipality or county → organisation number → e-mail; then a code is sent."""
    if request.method != "POST":
        application = cookie.application_of(request)
        if application is not None and application.state != states.CODE_SENT:
            return redirect(cookie.next_page(application))
        return _ask(request, "country", _form("country", {}, bound=False), {})
    answers = {field: request.POST.get(field, "")[:200] for field in FIELDS}
    step = request.POST.get("step", "country")
    step = step if step in STEPS else "country"
    for earlier in STEPS[: STEPS.index(step)]:
        form = _form(earlier, answers, bound=True)
        if not form.is_valid():
            return _ask(request, earlier, form, answers, status=422)
    if request.POST.get("go") == "back":
        before = STEPS[max(0, STEPS.index(step) - 1)]
        return _ask(request, before, _form(before, answers, bound=False), answers)
    form = _form(step, answers, bound=True)
    if not form.is_valid():
        return _ask(request, step, form, answers, status=422)
    answers.update({key: str(value) for key, value in form.cleaned_data.items()})
    if step != STEPS[-1]:
        following = STEPS[STEPS.index(step) + 1]
        return _ask(request, following, _form(following, answers, bound=False), answers)
    return _send(request, form, answers)


def _send(request: HttpRequest, form: forms.Form, answers: dict[str, str]) -> HttpResponse:
    if hints.is_free_mail(answers["email"]) and not request.POST.get("anyway"):
        return _ask(request, "email", _form("email", answers, bound=False), answers, free_mail=True)
    made: list[Any] = []

    def begin() -> None:
        made.append(operations.start(**answers, language=get_language() or "en", by=NOBODY))

    if not attempt(form, begin):
        return _ask(request, "email", form, answers, status=422)
    return _ask_code(request, CodeForm(), cookie.pending(made[0]), answers["email"])


def _ask(
    request: HttpRequest,
    step: str,
    form: forms.Form,
    answers: dict[str, str],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    hidden = [(key, value) for key, value in answers.items() if value and key not in form.fields]
    context = {
        "form": form, "step": step, "hidden": hidden, "current": STEPS.index(step) + 1,
        "total": TOTAL, **more,
    }  # fmt: skip
    return render(request, "onboarding/start.html", context, status=status)


def _ask_code(
    request: HttpRequest, form: forms.Form, token: str, email: str, *, status: int = 200, again: bool = False
) -> HttpResponse:
    context = {
        "form": form, "pending": token, "email": email, "current": 5, "total": TOTAL, "again": again,
        "minutes": int(states.CODE_LIFE.total_seconds() // 60),
    }  # fmt: skip
    return render(request, "onboarding/code.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits; or one more code. After the right one this browser may go on with the application.

    Reached without answers (another language, a typed address): to where a code is asked for.
    """
    if request.method != "POST":
        return redirect("onboarding:resume")
    token, email = request.POST.get("pending", "")[:500], request.POST.get("email", "")[:254]
    application_id = cookie.pending_id(token)
    if application_id is None:
        return redirect("onboarding:resume")
    again = request.POST.get("go") == "again"
    form = CodeForm(None if again else request.POST)
    if again:
        form = CodeForm({})
        form.errors.clear()
        sent = attempt(
            form,
            lambda: operations.send_code(
                application_id=application_id, language=get_language() or "en", by=NOBODY
            ),
        )
        return _ask_code(
            request, CodeForm() if sent else form, token, email, status=200 if sent else 422, again=sent
        )
    right = form.is_valid() and attempt(
        form,
        lambda: operations.verify(application_id=application_id, code=form.cleaned_data["code"], by=NOBODY),
    )
    application = queries.application(application_id) if right else None
    if application is None:
        return _ask_code(request, form, token, email, status=422)
    response = redirect(cookie.next_page(application))
    cookie.remember(response, application.pk)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Come back from anywhere: a code goes to the e-mail of the application."""
    form = ResumeForm(request.POST or None)
    made: list[Any] = []
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if attempt(
            form,
            lambda: made.append(operations.resume(email=email, language=get_language() or "en", by=NOBODY)),
        ):
            return _ask_code(request, CodeForm(), cookie.pending(made[0]), email)
    status = 422 if form.errors else 200
    return render(request, "onboarding/resume.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest) -> HttpResponse:
    """How it ended. POST forgets this browser's cookie, to begin anew."""
    if request.method == "POST":
        response = redirect("onboarding:start")
        cookie.forget(response)
        return response
    application = cookie.application_of(request)
    if application is None or application.state not in states.DECIDED:
        return redirect("onboarding:start")
    said = {
        states.APPROVED: _("Your door is open."),
        states.REFUSED: _("We could not approve this."),
        states.EXPIRED: _("This sign-up has expired."),
        states.WITHDRAWN: _("This sign-up is withdrawn."),
        states.EVICTED: _("We have ended this sign-up."),
    }
    context = {"application": application, "title": said[application.state]}
    if application.state == states.APPROVED and application.slug:
        context |= {
            "host": portal_host(application.slug),
            "portal": portal_address(application.slug),
            "sign_in": portal_address(application.slug, "/sign-in/"),
        }
    return render(request, "onboarding/outcome.html", context)
