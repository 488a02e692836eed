"""Sign in by a provider: out, back, and what an account keeps of it. Works without JavaScript."""

from typing import Any
from uuid import UUID

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kernel.actor import actor_of
from kernel.people.access import staff_required
from kernel.people.identity import client_keys, flow, invitations, operations, queries, students
from kernel.people.identity.assurance import proof_required
from kernel.people.identity.provider import MunicipalAdapter, NotTaken
from kernel.people.models import IdentityProvider


def leave(request: HttpRequest, row: IdentityProvider, process: str, **kept: Any) -> HttpResponse:
    """A page that leads to the provider at once. (A redirect would not do: `form-action 'self'` stops it.)

    `kept`: what the browser's session remembers of this beginning, beside the process.
    """
    if queries.is_for_students(row) and process != flow.TEST:
        return flow.refused(request, row, "not-for-this", {"process": process})
    again, wanted = kept.pop("again", False), kept.pop("next_url", None)
    try:
        provider = MunicipalAdapter(request, row).get_provider()
        answer = provider.redirect(request, process, wanted, again=again, **kept)
    except NotTaken as refusal:
        return flow.refused(request, row, refusal.why, {"process": process})
    return render(request, "people/leaving.html", {"provider": row, "url": answer["Location"]})


@never_cache
@login_not_required
@require_POST
def start(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Sign in by this provider; with an invitation in hand, for the first time."""
    row = queries.provider(provider_id)
    if not row.is_on:
        return flow.refused(request, row, "off", {})
    wanted = get_next_redirect_url(request, "next")
    token = request.POST.get("invitation", "")
    if not token:
        return leave(request, row, flow.SIGN_IN, next_url=wanted)
    if invitations.invited(token) is None:
        return flow.refused(request, row, "invitation", {"process": flow.INVITATION})
    return leave(request, row, flow.INVITATION, invitation=token)


class _Back(OAuth2CallbackView):  # type: ignore[misc]
    """allauth's, that also tells the adapter how this sign-in began, and who must have answered."""

    adapter: MunicipalAdapter

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, answer = super()._get_state(request, provider)
        if state is not None:
            self.adapter.state = state
            if not self._is_from(request):
                return None, flow.refused(request, self.adapter.row, "issuer", state)
        return state, answer

    def _is_from(self, request: HttpRequest) -> bool:
        """Whether the answer names its issuer rightly; it must where the provider says it does (RFC 9207)."""
        said = request.GET.get("iss")
        if said is not None:
            return said == self.adapter.row.issuer
        return not self.adapter.openid_config.get("authorization_response_iss_parameter_supported")


@never_cache
@login_not_required
@require_GET
def back(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Back from the provider. Off or on is asked again when it is known what this is for (a test may be off)."""
    row = queries.provider(provider_id)
    if queries.is_for_students(row) and (theirs := students.answer(request, row)) is not None:
        return theirs
    try:
        answer: HttpResponse = _Back.adapter_view(MunicipalAdapter(request, row))(request)
    except NotTaken as refusal:
        return flow.refused(request, row, refusal.why, {})
    return answer


@login_not_required
@require_GET
def keys(request: HttpRequest, provider_id: UUID) -> JsonResponse:
    """Our public key at this provider (a JWK set), for those that fetch it from us. Nothing about anybody."""
    row = queries.provider(provider_id)
    if row.method != IdentityProvider.Method.KEY:
        raise Http404
    return JsonResponse({"keys": [client_keys.public(client_keys.load(queries.client(row).secret))]})


@never_cache
@login_not_required
@require_GET
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Where the invitation's link leads: begin by a provider, or by a code to the address it was sent to."""
    account = invitations.invited(token)
    if account is None:
        return render(request, "people/invitation-gone.html", status=410)
    context = {"account": account, "token": token, "providers": queries.for_staff()}
    return render(request, "people/invited.html", context)


@require_POST
@proof_required("people.link_identity")
def link(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Add a provider as a way in to one's own account."""
    row = queries.provider(provider_id)
    if not row.is_on:
        return flow.refused(request, row, "off", {})
    return leave(request, row, flow.LINK, account=str(request.user.pk))


@require_POST
@proof_required("people.link_identity")
def unlink(request: HttpRequest, identity_id: UUID) -> HttpResponse:
    """Take a way in away again. The code by e-mail always stays."""
    operations.unlink(by=actor_of(request), identity_id=identity_id)
    return redirect("people:account")


@require_POST
@login_required
def step_up(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Show oneself to the provider once more, now, before something that matters."""
    row = queries.provider(provider_id)
    wanted = get_next_redirect_url(request, "next") or reverse("people:account")
    return leave(request, row, flow.STEP_UP, account=str(request.user.pk), next_url=wanted, again=True)


@require_POST
@staff_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    person: Any = request.user
    operations.end_session(by=actor_of(request), account_id=person.pk, session_id=pk)
    return redirect("people:account")
