"""A small OpenID provider of our own that lies on demand. Real HTTP on this machine, started once."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from kernel.people.identity import client_keys

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it is, and how it misbehaves. `lie(claims)` changes the token; `sign` makes it another way."""

    port: int = 0
    person: dict[str, Any] = field(default_factory=dict)
    lie: Callable[[dict[str, Any]], None] = lambda claims: None
    sign: Callable[[dict[str, Any], "Provider"], str] | None = None
    documents: dict[str, Any] = field(default_factory=dict)  # path → (status, body, headers)
    configuration: dict[str, Any] = field(default_factory=dict)  # what discovery says instead
    userinfo: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # (path, form) of POSTs
    secret: str = "hostile-secret"

    @property
    def issuer(self) -> str:
        return f"http://provider.localhost:{self.port}"

    def behave(self, **person: Any) -> None:
        """Forget every lie; answer for this person."""
        self.__init__(port=self.port, secret=self.secret)  # type: ignore[misc]
        self.person = {"sub": "person-1", **person}

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser brings back from the authorization endpoint: code and state."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if asked["code_challenge_method"] != "S256" or proof.decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            **({"auth_time": now} if "max_age" in asked else {}), **self.person,
        }  # fmt: skip
        self.lie(claims)
        signed = self.sign(claims, self) if self.sign else signed_with(KEY, claims)
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": signed}

    def document(self, path: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        if path in self.documents:
            return self.documents[path]
        if path == "/.well-known/openid-configuration":
            made = {
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
            }  # fmt: skip
            return 200, made | self.configuration, {}
        if path == "/keys":
            return 200, {"keys": [client_keys.public(KEY)]}, {}
        if path == "/userinfo":
            return 200, self.userinfo or {"sub": self.person["sub"]}, {}
        return 404, {}, {}


def signed_with(key: Any, claims: dict[str, Any], **header: Any) -> str:
    return jwt.encode(claims, key, "RS256", headers={"kid": client_keys.kid(KEY), **header})


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], provider: Provider) -> str:
    """alg none."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}."


def signed_with_public_key(claims: dict[str, Any], provider: Provider) -> str:
    """HS256 with what everybody knows, the public key, as its secret (by hand: PyJWT refuses to)."""
    import hmac

    from cryptography.hazmat.primitives import serialization

    pem = KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    said = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': client_keys.kid(KEY)})}.{_part(claims)}"
    mac = hmac.new(pem, said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@contextmanager
def running() -> Iterator[Provider]:
    """Serve until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
            said = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self._answer(*provider.document(urlsplit(self.path).path))

        def do_POST(self) -> None:
            read = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(read).items()}
            provider.asked.append((self.path, form))
            known = "Basic " + base64.b64encode(f"lavterskel:{provider.secret}".encode()).decode()
            if "client_assertion" not in form and self.headers.get("Authorization") != known:
                self._answer(401, {"error": "invalid_client"})
                return
            self._answer(*provider.token(form))

        def log_message(self, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
