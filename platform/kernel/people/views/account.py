"""One's own account: where to begin, name and language, second factors, sessions."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import ReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.actor import Actor, actor_of
from kernel.errors import Invalid
from kernel.people import operations, queries, signing_in
from kernel.people.access import staff_required
from kernel.people.adapter import SecondFactorAdapter
from kernel.people.forms import ConfirmForm, NewAppForm, NewPasskeyForm, PasskeyForm, ProfileForm
from kernel.people.identity import assurance
from kernel.people.identity import queries as identities
from kernel.people.views.signing_in import factors_of, passkey_context
from kernel.tenancy import require_current

AFTER_SETUP = "after_setup"


def first_page_of(actor: Actor) -> str:
    """Where this person's work begins. "" when they have no post yet."""
    if actor.is_operator and require_current().kind == "operator":
        return "/operator/"
    if actor.is_helper:
        return "/desk/"
    if actor.is_lead:
        return "/insights/"
    if actor.is_administrator:
        return "/setup/"
    return ""


@never_cache
@staff_required
def first_page(request: HttpRequest) -> HttpResponse:
    """Lead to where the person works; somebody without a post is told whom to ask."""
    wanted = request.session.pop(AFTER_SETUP, "")
    where = wanted or first_page_of(actor_of(request))
    return redirect(where) if where else render(request, "people/no-post.html")


@never_cache
@staff_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, second factors, sessions."""
    person: Any = request.user
    names = [(code, get_language_info(code)["name_local"].capitalize()) for code in settings.STAFF_LANGUAGES]
    initial = {"name": person.name, "language": person.language}
    form = ProfileForm(request.POST or None, initial=initial, languages=[("", "–"), *names])
    if form.is_bound and form.is_valid():
        try:
            operations.rename(by=actor_of(request), account_id=person.pk, **form.cleaned_data)
            return redirect(f"{reverse('people:account')}?saved=1")
        except Invalid as error:
            for one in error.errors:
                form.add_error(one.field if one.field in form.fields else None, str(one.message))
    context = {
        "form": form,
        "saved": "saved" in request.GET,
        "only": "only" in request.GET,
        "factors": queries.second_factors(person),
        "sessions": _sessions(person),
        "identities": identities.identities(person),
        "providers": _to_add(person),
        "linked": "linked" in request.GET,
        "current": request.session.session_key,
        **factors_of(person),
    }
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


def _sessions(person: Any) -> list[dict[str, Any]]:
    """Where the person is signed in, and by which provider (their names are the municipality's own words)."""
    names = {str(row.pk): row.name for row in identities.providers()}
    return [
        {"session": one, "provider": names.get(one.data.get("provider", ""), "")}
        for one in queries.sessions(person)
    ]


def _to_add(person: Any) -> list[Any]:
    """Providers that are on and that the person does not sign in with yet."""
    has = {one.provider_id for one in identities.identities(person)}
    return [row for row in identities.for_staff() if row.pk not in has]


@require_POST
@staff_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session, this one too."""
    person: Any = request.user
    operations.sign_out_everywhere(by=actor_of(request), account_id=person.pk)
    return redirect("people:sign_in")


@never_cache
@login_required
def second_factors(request: HttpRequest) -> HttpResponse:
    """Choose a second factor. The first stop of everybody who has none; nothing else is open before."""
    person: Any = request.user
    if queries.has_second_factor(person):
        return redirect("people:account")
    wanted = get_next_redirect_url(request, "next")
    if wanted:
        request.session[AFTER_SETUP] = wanted
    strong = (
        [] if assurance.may_set_up_first_factor(request, person) else identities.strong_identities(person)
    )
    context = {"providers": [one.provider for one in strong]}
    return render(request, "people/choose-second-factor.html", context)


def ways_to_step_up(request: HttpRequest) -> list[Any]:
    """Providers where this person can show themselves anew with two factors: the one they came by, or theirs."""
    person: Any = request.user
    came_with = signing_in.provider_record(request, person)
    rows = [one.provider for one in identities.identities(person) if one.provider.is_on]
    fitting = [row for row in rows if row.two_factor_acr or row.two_factor_amr]
    return [row for row in fitting if came_with is None or str(row.pk) == came_with["provider"]]


class _Proved:
    """Views after which this session has shown a second factor, and whose refused form answers 422."""

    request: HttpRequest
    kind: str = ""  # the factor that was just added; "" when allauth's own form has recorded the proof

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        person: Any = self.request.user
        if self.kind:
            signing_in.prove_second_factor(self.request, person, kind=self.kind)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        answer.status_code = 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | passkey_context(context) | factors_of(self.request.user)


class AddApp(_Proved, ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app: scan, type six digits."""

    template_name = "people/add-app.html"
    kind = "totp"

    def get_form_class(self) -> type[NewAppForm]:
        return NewAppForm


class AddPasskey(_Proved, AddWebAuthnView):  # type: ignore[misc]
    """A passkey of this host."""

    template_name = "people/add-passkey.html"
    kind = "webauthn"

    def get_form_class(self) -> type[NewPasskeyForm]:
        return NewPasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": webauthn.begin_registration(self.request.user, True)}
        return context | passkey_context(context)


class _Removing:
    """Removing a second factor: never the last one."""

    request: HttpRequest
    template_name = "people/remove-factor.html"

    def factor(self) -> Any:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        if not SecondFactorAdapter().can_delete_authenticator(self.factor()):
            return redirect(f"{reverse('people:account')}?only=1")
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"factor": self.factor()}


class RemoveApp(_Removing, DeactivateTOTPView):  # type: ignore[misc]
    def factor(self) -> Any:
        return self.authenticator

    def form_invalid(self, form: Any) -> HttpResponse:
        return redirect(f"{reverse('people:account')}?only=1")


class RemovePasskey(_Removing, RemoveWebAuthnView):  # type: ignore[misc]
    def factor(self) -> Any:
        return self.get_object()


class Confirm(_Proved, ReauthenticateView):  # type: ignore[misc]
    """The second factor once more: app or recovery code."""

    template_name = "people/confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has no second factor of ours, but comes by a provider, shows themselves there."""
        person: Any = request.user
        ways = ways_to_step_up(request) if person.is_authenticated else []
        if not ways or queries.has_second_factor(person):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
        context = {"ways": ways, "next": get_next_redirect_url(request, "next") or ""}
        return render(request, self.template_name, context, status=200 if request.method == "GET" else 405)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        wanted = get_next_redirect_url(self.request, "next") or ""
        ways = ways_to_step_up(self.request)
        return super().get_context_data(**kwargs) | {"ways": ways, "next": wanted}

    def get_form_class(self) -> type[ConfirmForm]:
        return ConfirmForm


class ConfirmPasskey(_Proved, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """The second factor once more: passkey."""

    template_name = "people/confirm-passkey.html"

    def get_form_class(self) -> type[PasskeyForm]:
        return PasskeyForm

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        answer.status_code = 422
        return answer


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, shown once."""

    template_name = "people/recovery-codes.html"


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes; the old ones stop working."""

    template_name = "people/new-recovery-codes.html"
