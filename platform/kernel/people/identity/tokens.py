"""What an id_token must be before we believe a word of it. Pure: no request, no database, no clock of its own.

Source: OpenID Connect Core 1.0, 3.1.3.7; RFC 8725 (JWT best current practices).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

#: Signatures we believe, and the kind of key each needs. No `none`, and nothing symmetric: a public key is no secret.
ALGORITHMS: Mapping[str, str] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
LEEWAY = 60  # seconds that two clocks may differ
FRESH = 600  # seconds: an id_token is made for this sign-in, not kept
SHORTEST_RSA = 2048  # bits
NAME_LIMIT = 200  # characters that are kept of a name


class Refused(Exception):
    """The token is not what it must be. `why` is a key of words.REASONS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownKey(Exception):
    """Signed with a key that is not among these: the provider may have new ones since we looked."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is, and how they showed it. Nothing else of the token is kept.

    auth_time   when the person last showed themselves to the provider (seconds since 1970), None: not said
    claims      the claims a municipality maps to posts, each with its values
    """

    issuer: str
    subject: str
    acr: str = ""
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    claims: Mapping[str, tuple[str, ...]] | None = None


def opened(id_token: str, keys: list[Any]) -> dict[str, Any]:
    """The claims of a token that one of the provider's keys signed. Raises Refused, UnknownKey."""
    try:
        header = jwt.get_unverified_header(id_token)
    except jwt.PyJWTError:
        raise Refused("token") from None
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise Refused("signature")
    key = _key(keys, header.get("kid"), algorithm)
    options: Any = dict.fromkeys(
        (f"verify_{one}" for one in ("aud", "iss", "exp", "iat", "nbf", "sub", "jti")), False
    )
    try:
        claims: dict[str, Any] = jwt.decode(id_token, key=key, algorithms=[algorithm], options=options)
    except jwt.PyJWTError:
        raise Refused("signature") from None
    return claims


def _key(keys: list[Any], kid: object, algorithm: str) -> jwt.PyJWK:
    """The one key that may have signed this. A token without `kid` only fits where there is one such key."""
    fitting = [
        one
        for one in keys
        if isinstance(one, dict)
        and one.get("kty") == ALGORITHMS[algorithm]
        and one.get("use", "sig") == "sig"
        and one.get("alg", algorithm) == algorithm
        and (kid is None or one.get("kid") == kid)
    ]
    if len(fitting) != 1:
        raise UnknownKey
    try:
        key = jwt.PyJWK(fitting[0], algorithm)
    except jwt.PyJWTError:
        raise Refused("signature") from None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < SHORTEST_RSA:
        raise Refused("signature")
    return key


def identity(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime
) -> Identity:
    """Who it is, when the token is the issuer's, for us, of this very sign-in and of now. Raises Refused."""
    if claims.get("iss") != issuer:
        raise Refused("issuer")
    _for_us(claims, client_id)
    said = claims.get("nonce")
    if not nonce or not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise Refused("nonce")
    _of_now(claims, now.timestamp())
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise Refused("token")
    acr, amr, auth_time = claims.get("acr"), claims.get("amr"), claims.get("auth_time")
    return Identity(
        issuer=issuer,
        subject=subject,
        acr=acr if isinstance(acr, str) else "",
        amr=tuple(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else (),
        auth_time=auth_time if type(auth_time) is int else None,
    )


def _for_us(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise Refused("audience")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise Refused("audience")


def _of_now(claims: Mapping[str, Any], now: float) -> None:
    expires, issued, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf", now)
    if not all(_is_number(one) for one in (expires, issued, begins)):
        raise Refused("time")
    if expires <= now - LEEWAY or begins > now + LEEWAY:  # type: ignore[operator]
        raise Refused("time")
    if not now - FRESH <= issued <= now + LEEWAY:  # type: ignore[operator]
        raise Refused("time")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def name_of(claims: Mapping[str, Any]) -> str:
    """What the provider says that the person is called, on one line; "" when it does not say.

    Source: OpenID Connect Core 1.0, 5.1.
    """
    whole, parts = claims.get("name"), (claims.get("given_name"), claims.get("family_name"))
    said = (
        [whole]
        if isinstance(whole, str) and whole.strip()
        else [one for one in parts if isinstance(one, str)]
    )
    text = "".join(sign if sign.isprintable() else " " for sign in " ".join(said))
    return " ".join(text.split())[:NAME_LIMIT].strip()


def values_of(found: object) -> tuple[str, ...]:
    """The values of a claim, whether it came as one or as a list: short texts only, at most 200."""
    several = found if isinstance(found, list) else [found]
    texts = [one for one in several if isinstance(one, str) and 0 < len(one) <= 200]
    return tuple(texts[:200])
