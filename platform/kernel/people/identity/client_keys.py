"""Our own key at a provider that wants private_key_jwt: made or brought along, its public half shown."""

import base64
import hashlib
import json
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

type Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class BadKey(ValueError):
    """Not a private key that we can use."""


def make() -> str:
    """A new RSA key in PEM: what every provider takes."""
    return _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


def load(pem: str) -> Key:
    """A private key from PEM without a password. Raises BadKey."""
    try:
        key = serialization.load_pem_private_key(pem.strip().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey from None
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise BadKey


def algorithm(key: Key) -> str:
    return "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"


def public(key: Key) -> dict[str, Any]:
    """The public half as a JWK, to be shown to the provider."""
    maker: Any = (
        jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    )
    jwk: Any = maker.to_jwk(key.public_key(), as_dict=True)
    parts: dict[str, Any] = {name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk}
    return {**parts, "use": "sig", "alg": algorithm(key), "kid": _thumbprint(parts)}


def kid(key: Key) -> str:
    return str(public(key)["kid"])


def _thumbprint(parts: dict[str, Any]) -> str:
    """RFC 7638."""
    said = json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(said).digest()).rstrip(b"=").decode()


def _pem(key: Key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
