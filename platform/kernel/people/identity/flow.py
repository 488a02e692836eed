"""Where allauth asks us about a sign-in by a provider: which there are, and what to do with who came back.

A sign-in is for one thing (its process), which our own view wrote into the browser's session at the beginning:
sign_in · invitation · link · step_up · test. What an address says about it counts for nothing.
"""

import logging
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kernel import clock
from kernel.actor import MACHINE, actor_of
from kernel.errors import Conflict, NotFound
from kernel.people import signing_in
from kernel.people.identity import operations, queries, report
from kernel.people.identity.assurance import FRESH_FOR, Level
from kernel.people.identity.provider import IdentityLogin, NotTaken, app_of
from kernel.people.identity.tokens import LEEWAY
from kernel.people.identity.words import REASONS
from kernel.people.models import Account, IdentityProvider

log = logging.getLogger("lavterskel.sign-in")

SIGN_IN, INVITATION, LINK, STEP_UP, TEST = "sign_in", "invitation", "link", "step_up", "test"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """allauth's own, satisfied by a provider only when it says that two factors were shown this time."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if self.login.user is not None and signing_in.second_factor_proved(request, self.login.user):
            return False
        return bool(super()._should_handle(request))


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers are rows of the municipality; nobody signs up; nobody is found by e-mail."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        return [
            app_of(row)
            for row in queries.for_staff()
            if provider in (None, "openid_connect", str(row.pk)) and client_id in (None, row.client_id)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: IdentityLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: IdentityLogin, email: str) -> bool:
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Every way a conversation with a provider can fail ends here, and on one page."""
        context = extra_context or {}
        state = context.get("state") or {}
        if isinstance(exception, NotTaken):
            why = exception.why
        elif error == AuthError.CANCELLED:
            why = "cancelled"
        else:
            why = "said-no" if state else "state"
        raise ImmediateHttpResponse(refused(request, provider.row, why, state))

    def pre_social_login(self, request: HttpRequest, sociallogin: IdentityLogin) -> None:
        """Decide, always: nothing of allauth's own (sign up, connect, match by e-mail) comes after this."""
        process = sociallogin.state.get("process")
        try:
            if process == TEST:
                raise ImmediateHttpResponse(_tested(request, sociallogin))
            if queries.is_for_students(sociallogin.row):
                raise NotTaken("not-for-this")
            if not sociallogin.row.is_on:
                raise NotTaken("off")
            if process == LINK:
                raise ImmediateHttpResponse(_linked(request, sociallogin))
            if process == STEP_UP:
                raise ImmediateHttpResponse(_stepped_up(request, sociallogin))
            if process == INVITATION:
                _accept(request, sociallogin)
            elif process != SIGN_IN:
                raise NotTaken("state")
            if sociallogin.user is None or not sociallogin.user.is_active:
                raise NotTaken("unknown")
        except NotTaken as refusal:
            answer = refused(request, sociallogin.row, refusal.why, sociallogin.state)
            raise ImmediateHttpResponse(answer) from None
        _remember_coming(sociallogin)
        raise ImmediateHttpResponse(_come_in(request, sociallogin))


def refused(request: HttpRequest, row: IdentityProvider, why: str, state: dict[str, Any]) -> HttpResponse:
    """The page that says why, with what the person can do; a row in the audit; no account touched."""
    process = str(state.get("process") or "")
    by = actor_of(request) if request.user.is_authenticated else MACHINE
    operations.refuse(by=by, provider_id=row.pk, why=why, process=process)
    log.info("A sign-in by a provider was not taken: %s", why)
    if process == TEST and request.user.is_authenticated:
        report.keep(request, row, {"why": why})
        return redirect(report.address(row))
    context = {
        "reason": REASONS[why].text,
        "provider": row,
        "back": reverse("people:account") if request.user.is_authenticated else reverse("people:sign_in"),
    }
    return render(request, "people/provider-refused.html", context, status=403)


def level_of(login: IdentityLogin) -> Level:
    """What the provider's words prove here."""
    strong = queries.says_two_factors(login.row, login.identity.acr, login.identity.amr)
    return Level.TWO_FACTORS if strong else Level.ONE_FACTOR


def _remember_coming(login: IdentityLogin) -> None:
    found = queries.identity_of(login.identity.issuer, login.identity.subject)
    if found is not None:
        operations.signed_in(
            by=MACHINE,
            identity_id=found.pk,
            strong=level_of(login) >= Level.TWO_FACTORS,
            claims=login.identity.claims or {},
        )


def _come_in(request: HttpRequest, login: IdentityLogin) -> HttpResponse:
    """A fresh session for whoever came, with what the provider said of them in it; our own factor if it is due."""
    if request.user.is_authenticated:
        get_account_adapter().logout(request)
    _record(request, login.user, login)
    answer: HttpResponse = perform_login(
        request, login.user, email_verification="none", redirect_url=login.get_redirect_url(request)
    )
    return answer


def _record(request: HttpRequest, account: Account | None, login: IdentityLogin, **extra: Any) -> None:
    said = login.identity
    record_authentication(
        request,
        account,
        signing_in.PROVIDER,
        provider=str(login.row.pk),
        issuer=said.issuer,
        subject=said.subject,
        acr=said.acr,
        amr=list(said.amr),
        auth_time=said.auth_time,
        level=int(level_of(login)),
        **extra,
    )


def _present(request: HttpRequest, login: IdentityLogin) -> Account:
    """Who was signed in when this began, and still is."""
    person: Any = request.user
    if not person.is_authenticated or str(person.pk) != login.state.get("account"):
        raise NotTaken("signed-out")
    return person  # type: ignore[no-any-return]


def _linked(request: HttpRequest, login: IdentityLogin) -> HttpResponse:
    account = _present(request, login)
    said = login.identity
    try:
        operations.link(
            by=actor_of(request),
            account_id=account.pk,
            provider_id=login.row.pk,
            issuer=said.issuer,
            subject=said.subject,
        )
    except Conflict:
        raise NotTaken("taken") from None
    _remember_coming(login)
    _record(request, account, login)
    return redirect(f"{reverse('people:account')}?linked=1")


def _accept(request: HttpRequest, login: IdentityLogin) -> None:
    said = login.identity
    try:
        made = operations.accept_invitation(
            by=MACHINE,
            token=str(login.state.get("invitation") or ""),
            provider_id=login.row.pk,
            issuer=said.issuer,
            subject=said.subject,
        )
    except NotFound:
        raise NotTaken("invitation") from None
    except Conflict:
        raise NotTaken("taken") from None
    login.user = made.account


def _stepped_up(request: HttpRequest, login: IdentityLogin) -> HttpResponse:
    """The same person once more, just now, with two factors; then on to what was asked for."""
    account = _present(request, login)
    if login.user is None or login.user.pk != account.pk:
        raise NotTaken("someone-else")
    came_with = signing_in.provider_record(request, account)
    said = login.identity
    if came_with and (came_with["issuer"], came_with["subject"]) != (said.issuer, said.subject):
        raise NotTaken("someone-else")
    now = clock.now().timestamp()
    if said.auth_time is None or not now - FRESH_FOR.total_seconds() <= said.auth_time <= now + LEEWAY:
        raise NotTaken("stale")
    if level_of(login) < Level.TWO_FACTORS:
        raise NotTaken("low")
    _record(request, account, login, reauthenticated=True)
    here = request.GET.copy()
    here["next"] = str(login.state.get("next") or "")
    request.GET = here  # type: ignore[assignment]
    return resume_request(request) or redirect("people:account")


def _check_for_students(login: IdentityLogin) -> None:
    """What a student's own sign-in asks for as well. Raises NotTaken."""
    if not queries.takes_level(login.row, login.identity.acr):
        raise NotTaken("level")
    if not login.called:
        raise NotTaken("no-name")


def _tested(request: HttpRequest, login: IdentityLogin) -> HttpResponse:
    """Nothing is kept but what the page tells the administrator, in their own session."""
    _present(request, login)
    said = login.identity
    if queries.is_for_students(login.row):
        _check_for_students(login)
    operations.passed_test(by=actor_of(request), provider_id=login.row.pk)
    report.keep(
        request,
        login.row,
        {
            "names": list(login.came_back),
            "claims": {name: list(values) for name, values in (said.claims or {}).items()},
            "acr": said.acr,
            "amr": list(said.amr),
            "auth_time": said.auth_time,
            "level": int(level_of(login)),
            "called": login.called,
        },
    )
    return redirect(report.address(login.row))
