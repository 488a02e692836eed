"""Our own provider on allauth's OpenID Connect. Upstream leaves open, and this closes:

nonce · the id_token's signature · PKCE (off by default there) · private_key_jwt · `?auth_params=`, `?scope=` and
`?process=` in the address · every claim stored · tokens kept · requests to wherever discovery says, redirects followed.
"""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.db.models import DO_NOTHING
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from kernel import clock
from kernel.crypto.keys import CannotOpen
from kernel.people.identity import queries, tokens, wire
from kernel.people.models import IdentityProvider


class NotTaken(ProviderException):  # type: ignore[misc]
    """A sign-in by a provider that is refused. `why` is a key of words.REASONS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def app_of(row: IdentityProvider) -> SocialApp:
    """The row as allauth sees it: never saved, and without the secret."""
    return SocialApp(
        provider=MunicipalProvider.id, provider_id=str(row.pk), name=row.name, client_id=row.client_id
    )


class IdentityLogin(SocialLogin):  # type: ignore[misc]
    """Somebody back from the provider. Found by (issuer, subject) alone; there is nothing of it to be saved."""

    def __init__(
        self,
        *,
        identity: tokens.Identity,
        row: IdentityProvider,
        came_back: tuple[str, ...] = (),
        called: str = "",
    ) -> None:
        account = SocialAccount(provider=str(row.pk), uid="-", extra_data={})
        super().__init__(account=account)
        self.identity, self.row, self.came_back, self.called = identity, row, came_back, called

    def lookup(self) -> None:
        self._did_authenticate_by_email = None
        found = queries.identity_of(self.identity.issuer, self.identity.subject)
        self.user = found.account if found is not None else None

    def save(self, request: HttpRequest, connect: bool = False) -> None:
        raise NotImplementedError("Identities are linked by kernel.people.identity.operations alone.")

    def serialize(self) -> dict[str, Any]:
        raise NotImplementedError("An identity waits nowhere.")


class Client(OAuth2Client):  # type: ignore[misc]
    """allauth's, for providers whose authorization endpoint has a question mark in it already."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        made: str = super().get_redirect_url("", scope, extra_params)
        return f"{authorization_url}{'&' if '?' in authorization_url else '?'}{made.lstrip('?')}"


class MunicipalAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The conversation with one provider. `state` is what the browser's own session remembers of its beginning."""

    client_class = Client

    def __init__(self, request: HttpRequest, row: IdentityProvider) -> None:
        self.row = row
        self.state: dict[str, Any] = {}
        super().__init__(request, str(row.pk))

    def get_provider(self) -> "MunicipalProvider":
        return MunicipalProvider(self.request, app=app_of(self.row), row=self.row)

    @property
    def openid_config(self) -> dict[str, Any]:
        try:
            return wire.configuration(self.row.issuer)
        except tokens.Refused as refusal:
            raise NotTaken(refusal.why) from None

    @property
    def basic_auth(self) -> bool:
        return False  # who we are is shown by wire.redeem, not by allauth's client

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_address(request, self.row)

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        if not pkce_code_verifier:
            raise NotTaken("state")
        try:
            return wire.redeem(
                queries.client(self.row),
                self.openid_config,
                code=request.GET["code"],
                verifier=pkce_code_verifier,
                redirect=callback_address(request, self.row),
            )
        except tokens.Refused as refusal:
            raise NotTaken(refusal.why) from None
        except CannotOpen:
            raise NotTaken("client") from None

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Nothing: the access token is used at most once, in complete_login, and is kept nowhere."""
        return SocialToken(token="")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> IdentityLogin:
        response = kwargs["response"]
        try:
            configured = self.openid_config
            claims = wire.claims_of(str(response["id_token"]), configured)
            found = tokens.identity(
                claims,
                issuer=self.row.issuer,
                client_id=self.row.client_id,
                nonce=str(self.state.get("nonce") or ""),
                now=clock.now(),
            )
            more = self._more(response, configured, claims, found.subject)
        except tokens.Refused as refusal:
            raise NotTaken(refusal.why) from None
        return self._login(found, {**more, **claims})

    def _more(
        self, response: dict[str, Any], configured: dict[str, Any], claims: dict[str, Any], subject: str
    ) -> dict[str, Any]:
        """Userinfo, asked only when a claim that gives posts, or a student's name, did not come in the id_token."""
        lacking = queries.mapped_claims(self.row) - claims.keys()
        nameless = queries.is_for_students(self.row) and not tokens.name_of(claims)
        if (
            not (lacking or nameless)
            or "userinfo_endpoint" not in configured
            or not response.get("access_token")
        ):
            return {}
        return wire.userinfo(configured, str(response["access_token"]), subject)

    def _login(self, found: tokens.Identity, claims: dict[str, Any]) -> IdentityLogin:
        """Of everything that came, the mapped claims alone go on; of the rest only the names, for the test page."""
        mapped = {
            name: tokens.values_of(claims.get(name)) for name in sorted(queries.mapped_claims(self.row))
        }
        identity = tokens.Identity(
            found.issuer, found.subject, found.acr, found.amr, found.auth_time, claims=mapped
        )
        return IdentityLogin(
            identity=identity,
            row=self.row,
            came_back=tuple(sorted(map(str, claims))[:100]),
            called=tokens.name_of(claims) if queries.is_for_students(self.row) else "",
        )


class MunicipalProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The way out to the provider. What is asked for comes from the row, never from the address."""

    oauth2_adapter_class = MunicipalAdapter

    def __init__(self, request: HttpRequest, app: SocialApp, row: IdentityProvider | None = None) -> None:
        super().__init__(request, app=app)
        self.row = row if row is not None else queries.provider(app.provider_id)

    def get_oauth2_adapter(self, request: HttpRequest) -> MunicipalAdapter:
        return MunicipalAdapter(request, self.row)

    def get_pkce_params(self) -> dict[str, str]:
        made = generate_code_challenge()
        return {name: value.decode() if isinstance(value, bytes) else value for name, value in made.items()}

    def get_scope(self) -> list[str]:
        """`profile` only where claims give posts, and for a student's name: providers put them there."""
        wanted = self.row.claim_posts or queries.is_for_students(self.row)
        return ["openid", "profile"] if wanted else ["openid"]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_scope()

    def get_auth_params(self) -> dict[str, str]:
        return {"acr_values": " ".join(self.row.asked_acr)} if self.row.asked_acr else {}

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return self.get_auth_params()

    def redirect_from_request(self, request: HttpRequest) -> HttpResponse:
        raise NotImplementedError("Our views say what a sign-in is for; an address does not.")

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the browser out, with a nonce that only its own session knows. `again`: ask the person anew."""
        nonce = get_random_string(43)
        asked = {**self.get_auth_params(), "nonce": nonce}
        if kwargs.pop("again", False):
            asked |= {"prompt": "login", "max_age": "0"}
        answer: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=asked, scope=self.get_scope(), nonce=nonce, **kwargs
        )
        return answer


def callback_address(request: HttpRequest, row: IdentityProvider) -> str:
    """Where the provider sends people back to: one address a provider, so that none answers for another."""
    return request.build_absolute_uri(reverse("people:provider_back", args=[row.pk]))


def register() -> None:
    """Make ours the only provider allauth knows. Its tables are not there, so nothing may look in them."""
    registry.register(MunicipalProvider)
    SocialAccount._meta.get_field("user").remote_field.on_delete = DO_NOTHING
