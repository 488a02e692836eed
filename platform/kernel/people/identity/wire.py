"""What we ask a provider: its configuration, its keys, a token for a code, and more of its claims."""

import base64
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import jwt
from django.core.cache import cache

from kernel import outside
from kernel.people.identity.tokens import Refused, UnknownKey, opened

REMEMBERED = 300  # seconds that configuration and keys are kept
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to the provider. `secret`: the client secret, or the private key in PEM."""

    issuer: str
    client_id: str
    method: str
    secret: str


def _asked(url: str, what: str) -> dict[str, Any]:
    """A JSON object of the provider. Raises Refused, naming what was asked for when it is not there."""
    try:
        answer = outside.ask("GET", url)
        if answer.status != 200:
            raise Refused(what)
        return answer.json()
    except outside.Refused as refusal:
        raise Refused(what if refusal.why == "unreadable" else refusal.why) from None


def configuration(issuer: str, *, anew: bool = False) -> dict[str, Any]:
    """The provider's own description, checked: its name is the issuer's, every address may be asked.

    Source: OpenID Connect Discovery 1.0, 4.3. Raises Refused (configuration, issuer, address, …).
    """
    name = f"openid-configuration:{issuer}"
    found = None if anew else cache.get(name)
    if not isinstance(found, dict):
        url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _asked(url, "configuration")
        if found.get("issuer") != issuer:
            raise Refused("issuer")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(isinstance(found.get(one), str) for one in needed):
            raise Refused("configuration")
        kept = (*needed, "issuer", "userinfo_endpoint", "authorization_response_iss_parameter_supported")
        found = {one: found[one] for one in kept if one in found}
        cache.set(name, found, REMEMBERED)
    for one in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        if one in found:
            _may_ask(str(found[one]))
    return found


def _may_ask(url: str) -> None:
    try:
        outside.checked(url)
    except outside.Refused as refusal:
        raise Refused(refusal.why) from None


def claims_of(id_token: str, configured: dict[str, Any]) -> dict[str, Any]:
    """The claims of a token that the provider signed. Keys that we do not know are looked for once more."""
    url = str(configured["jwks_uri"])
    name = f"openid-keys:{url}"
    keys = cache.get(name)
    if isinstance(keys, list):
        try:
            return opened(id_token, keys)
        except UnknownKey:
            pass
    found = _asked(url, "keys").get("keys")
    if not isinstance(found, list):
        raise Refused("keys")
    cache.set(name, found, REMEMBERED)
    try:
        return opened(id_token, found)
    except UnknownKey:
        raise Refused("signature") from None


def redeem(
    client: Client, configured: dict[str, Any], *, code: str, verifier: str, redirect: str
) -> dict[str, Any]:
    """Tokens for a code. Raises Refused: `client` when we are not who we say, `code` when it is used or old."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    headers, proof = _proof(client)
    try:
        answer = outside.ask(
            "POST",
            str(configured["token_endpoint"]),
            headers={**_FORM, **headers},
            body=urlencode({**form, **proof}).encode(),
        )
        found = answer.json()
    except outside.Refused as refusal:
        raise Refused("configuration" if refusal.why == "unreadable" else refusal.why) from None
    if answer.status != 200:
        ours = ("invalid_client", "unauthorized_client")
        raise Refused("client" if answer.status == 401 or found.get("error") in ours else "code")
    if not isinstance(found.get("id_token"), str):
        raise Refused("token")
    return found


def _proof(client: Client) -> tuple[dict[str, str], dict[str, str]]:
    """Headers and form fields that show who we are. Source: OpenID Connect Core 1.0, 9."""
    if client.method == "client_secret_basic":
        both = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        return {"Authorization": f"Basic {base64.b64encode(both.encode()).decode()}"}, {}
    if client.method == "client_secret_post":
        return {}, {"client_id": client.client_id, "client_secret": client.secret}
    return {}, {
        "client_id": client.client_id,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": _assertion(client),
    }


def _assertion(client: Client) -> str:
    """private_key_jwt: for the issuer alone, once, for a minute. Source: RFC 7523, 3."""
    from kernel.people.identity import client_keys

    now = int(time.time())
    said = {"iss": client.client_id, "sub": client.client_id, "aud": client.issuer}
    said |= {"jti": str(uuid4()), "iat": now, "exp": now + 60}  # type: ignore[dict-item]
    key = client_keys.load(client.secret)
    return jwt.encode(said, key, client_keys.algorithm(key), headers={"kid": client_keys.kid(key)})


def userinfo(configured: dict[str, Any], access_token: str, subject: str) -> dict[str, Any]:
    """More claims of the same person. Raises Refused (someone-else) when they are another's."""
    try:
        answer = outside.ask(
            "GET", str(configured["userinfo_endpoint"]), headers={"Authorization": f"Bearer {access_token}"}
        )
        found = answer.json() if answer.status == 200 else {}
    except outside.Refused as refusal:
        raise Refused(refusal.why) from None
    if found and found.get("sub") != subject:
        raise Refused("token")
    return found
