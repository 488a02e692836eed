"""Before the code: one question a page.

Answers travel in hidden fields; nothing is stored, no cookie is set.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import NOBODY
from kernel.errors import Invalid
from kernel.people import limits
from kernel.tenancy import inside, operator
from tenants.onboarding import cookie, hints, operations, states
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
    # Whole, as far as anybody types: what is cut off without a word becomes another address.
    answers = {field: request.POST.get(field, "")[:2000] for field in FIELDS}
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
    made: list[int] = []

    def begin() -> None:
        may_ask(request)
        made.append(operations.start(**answers, language=get_language() or "en", by=NOBODY))

    if not attempt(form, begin):
        return _ask(request, "email", form, answers, status=422)
    return _ask_code(request, CodeForm(), made[0], answers["email"])


def may_ask(request: HttpRequest) -> None:
    """Raises Invalid for a client that has asked for very many codes, whatever the addresses."""
    with inside(operator()):
        here = get_adapter().get_client_ip(request)  # a pseudonym
        fine = limits.allowed("onboarding-here", here, most=states.ASKS_AN_HOUR, seconds=3600)
    if not fine:
        raise Invalid(email=_("Very many codes were asked for from here. Wait an hour, and try again."))


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
    request: HttpRequest,
    form: forms.Form,
    code_id: int,
    email: str,
    *,
    again: bool = False,
    over: bool = False,
) -> HttpResponse:
    context = {
        "form": form, "pending": cookie.pending(code_id), "email": email, "current": 5, "total": TOTAL,
        "again": again, "over": over, "minutes": int(states.CODE_LIFE.total_seconds() // 60),
    }  # fmt: skip
    return render(request, "onboarding/code.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits; or the code once more. After the right one this browser may go on with the application.

    Reached without answers (another language, a typed address): to where a code is asked for. A page that was
    left open too long leads there too, with the address that was typed.
    """
    if request.method != "POST":
        return redirect("onboarding:resume")
    email, code_id = (
        request.POST.get("email", "")[:254],
        cookie.pending_id(request.POST.get("pending", "")[:500]),
    )
    if code_id is None and not email:
        return redirect("onboarding:resume")
    if code_id is None:
        return _resume(request, ResumeForm(initial={"email": email}), stale=True)
    if request.POST.get("go") == "again":
        return _again(request, code_id, email)
    form, over, found = CodeForm(request.POST), [], []

    def try_it() -> None:
        try:
            found.append(operations.verify(code_id=code_id, code=form.cleaned_data["code"], by=NOBODY))
        except operations.CodeIsOver:
            over.append(True)
            raise

    if not (form.is_valid() and attempt(form, try_it)):
        return _ask_code(request, form, code_id, email, over=bool(over))
    response = redirect(cookie.next_page(found[0]))
    cookie.remember(response, found[0].pk)
    return response


def _again(request: HttpRequest, code_id: int, email: str) -> HttpResponse:
    form, sent = CodeForm({}), []
    form.errors.clear()

    def send() -> None:
        may_ask(request)
        sent.append(operations.send_code(code_id=code_id, language=get_language() or "en", by=NOBODY))

    if not attempt(form, send):
        return _ask_code(request, form, code_id, email)
    return _ask_code(request, CodeForm(), sent[0], email, again=True)


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Come back from anywhere: a code goes to the e-mail of the application."""
    form = ResumeForm(request.POST if request.method == "POST" else None)
    made: list[int] = []

    def send() -> None:
        may_ask(request)
        email, language = form.cleaned_data["email"], get_language() or "en"
        made.append(operations.resume(email=email, language=language, by=NOBODY))

    if form.is_valid() and attempt(form, send):
        return _ask_code(request, CodeForm(), made[0], form.cleaned_data["email"])
    return _resume(request, form)


def _resume(request: HttpRequest, form: forms.Form, *, stale: bool = False) -> HttpResponse:
    context = {"form": form, "stale": stale}
    return render(request, "onboarding/resume.html", context, status=422 if form.errors else 200)


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
