"""Sign in: address → code → second factor. Works without JavaScript; with it a passkey is one touch."""

import json
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import LOGIN_BY_CODE_MAX_ATTEMPTS
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel.people import attempts, queries
from kernel.people.adapter import queue_code
from kernel.people.forms import CodeForm, EmailForm, PasskeyForm, SecondFactorForm
from kernel.people.identity import queries as identities
from kernel.people.signing_in import TYPED


def _passed_on(request: HttpRequest, name: str) -> str:
    """An address of ours with the reader's `next` carried along (only within this host)."""
    return str(passthrough_next_redirect_url(request, reverse(name), "next"))


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send a code. The answer is the same whether we know the address or not."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request, "next") or "people:first_page")
    typed = request.session.get(TYPED, "") if request.method == "GET" else ""
    form = EmailForm(request.POST if request.method == "POST" else None, initial={"email": typed})
    if form.is_bound and form.is_valid() and _send_code(request, form):
        return redirect(_passed_on(request, "people:code"))
    context = {
        "form": form,
        "ended": "ended" in request.GET,
        "next": get_next_redirect_url(request, "next") or "",
        "passkey_failed": "passkey" in request.GET,
        "providers": identities.for_staff(),
    }
    return render(request, "people/sign-in.html", context, status=422 if form.errors else 200)


def _send_code(request: HttpRequest, form: EmailForm) -> bool:
    """Start the process for this address; False (and words in the form) when it was asked for too often."""
    email = form.cleaned_data["email"]
    if request.POST.get("again") != "1" and _code_lives(request, email):
        return True  # the same answer; nothing is counted and nothing sent
    account = queries.by_email(email)
    if not attempts.may_ask_for_code(request, email, account):
        form.add_error("email", get_adapter().error_messages["too_many_login_attempts"])
        return False
    known = account is not None and account.is_active
    if not known:
        _as_if(email)
    LoginCodeVerificationProcess.initiate(request=request, user=account if known else None, email=email)
    request.session[TYPED] = email
    return True


def _code_lives(request: HttpRequest, email: str) -> bool:
    """Whether this browser waits for a code to this address that works still (or acts as if: we know it not)."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    return process is not None and process.state.get("email") == email


def _as_if(email: str) -> None:
    """The same work as for an address we know, undone: an answer that takes as long says nothing."""
    with transaction.atomic():
        queue_code(email, "XXXX-XXXX")
        transaction.set_rollback(True)


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code from the mail: three attempts, ten minutes, once."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request, "next") or "people:first_page")
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    if process is None:
        return _code_is_gone(request)
    form = CodeForm(request.POST if request.method == "POST" else None, code=process.code)
    if form.is_bound and form.is_valid():
        answer: HttpResponse = process.finish(get_next_redirect_url(request, "next"))
        return answer
    if form.is_bound and form.data.get("code", "").strip() and not process.record_invalid_attempt():
        return _code_is_gone(request, tries=True)
    left = LOGIN_BY_CODE_MAX_ATTEMPTS - process.state["failed_attempts"]
    context = {"form": form, "email": request.session.get(TYPED, ""), "left": left}
    return render(request, "people/code.html", context, status=422 if form.errors else 200)


def _code_is_gone(request: HttpRequest, *, tries: bool = False) -> HttpResponse:
    """Used, too old, or tried three times: say so, and offer a new one to the same address."""
    typed = request.session.get(TYPED, "")
    if not typed:
        return redirect(_passed_on(request, "people:sign_in"))
    context = {
        "form": EmailForm(initial={"email": typed}),
        "tries": tries,
        "action": _passed_on(request, "people:sign_in"),
    }
    return render(request, "people/code-gone.html", context, status=410)


class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """Passkey, app or recovery code, after the code from the mail."""

    template_name = "people/second-factor.html"

    def get_form_class(self) -> type[SecondFactorForm]:
        return SecondFactorForm

    def get_webauthn_form_class(self) -> type[PasskeyForm]:
        return PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | passkey_context(context) | factors_of(self.stage.login.user)

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer


def passkey_context(context: dict[str, Any]) -> dict[str, Any]:
    """What the browser's passkey dialog needs, as JSON in an attribute (no inline script)."""
    data = context.get("js_data") or {}
    options = data.get("request_options") or data.get("creation_options")
    return {"passkey_options": json.dumps(options)} if options else {}


def factors_of(account: Any) -> dict[str, bool]:
    """Which kinds of second factor the person has."""
    kinds = {factor.type for factor in queries.second_factors(account)}
    return {"has_passkey": "webauthn" in kinds, "has_app": "totp" in kinds}


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """A passkey alone signs in: it proves the device and the person. GET (JSON) gives the challenge."""

    http_method_names = ["get", "post"]

    def form_invalid(self, form: Any) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('people:sign_in')}?passkey=failed")


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave. GET asks (a link in a mail must not sign anybody out)."""
    if request.method == "POST":
        get_adapter().logout(request)
        return redirect("people:sign_in")
    return render(request, "people/sign-out.html")
