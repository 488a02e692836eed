"""An eID of the demo's own: a small OpenID provider on the municipality's host, where everybody may be everybody.

Nothing here is real, and it is there only where the demo is. Its people are invented; its key is made once and lies in
the demo's own cache. What it knows of a sign-in travels in the code, signed, for two minutes and once.
"""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.demo.views import demo_only
from kernel import clock
from kernel.actor import MACHINE
from kernel.outbox.links import address
from kernel.people.identity import client_keys, operations, queries
from kernel.tenancy import signing

#: Called so on the buttons; no real provider's name.
NAME, CLIENT, SECRET = "Demo-ID", "lavterskel-demo", "not-a-secret-in-a-demo"
PEOPLE = (("elsa", "Elsa Lind"), ("noor", "Noor Haddad"), ("tove", "Tove Berg"))
_PURPOSE, _LIVES = "demo-eid", timedelta(minutes=2)
_ASKED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")


def issuer() -> str:
    return address("/demo/eid")


def offer() -> None:
    """Let the students of the municipality we are inside use it. It is there already: nothing happens; at another
    address (the demo runs on another port now): that one is on from now on.
    """
    rows = [row for row in queries.for_students() if row.client_id == CLIENT]
    if [row.issuer for row in rows] == [issuer()]:
        return
    for row in rows:
        operations.switch_provider(by=MACHINE, provider_id=row.pk, on=False)
    made = operations.save_provider(
        by=MACHINE, name=NAME, issuer=issuer(), client_id=CLIENT, method="client_secret_basic", secret=SECRET,
        purpose="students",
    )  # fmt: skip
    operations.passed_test(by=MACHINE, provider_id=made)
    operations.switch_provider(by=MACHINE, provider_id=made, on=True)


def _key() -> client_keys.Key:
    return client_keys.load(cache.get_or_set("demo-eid-key", client_keys.make, None) or "")


@require_GET
@demo_only
def configuration(request: HttpRequest) -> HttpResponse:
    here = issuer()
    return JsonResponse(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
        }
    )


@require_GET
@demo_only
def keys(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"keys": [client_keys.public(_key())]})


@never_cache
@csrf_exempt  # it asks who one wants to be, and nobody is anybody by it
@require_http_methods(["GET", "POST"])
@demo_only
def authorize(request: HttpRequest) -> HttpResponse:
    """Who do you want to be? Then back with a code, or without."""
    said = request.GET if request.method == "GET" else request.POST
    asked = {name: said.get(name, "") for name in _ASKED}
    if not asked["redirect_uri"].startswith(address("/sign-in/with/")) or asked["client_id"] != CLIENT:
        return HttpResponse(status=400)
    if request.method == "GET":
        return render(request, "demo/eid.html", {"people": PEOPLE, "asked": asked.items()})
    who, back = request.POST.get("who", ""), {"state": asked["state"], "iss": issuer()}
    if who in dict(PEOPLE):
        back["code"] = signing.dumps({**asked, "who": who}, purpose=_PURPOSE)
    else:
        back["error"] = "access_denied"
    return HttpResponseRedirect(f"{asked['redirect_uri']}?{urlencode(back)}")


@csrf_exempt
@require_POST
@demo_only
def token(request: HttpRequest) -> HttpResponse:
    known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
    if request.headers.get("Authorization") != f"Basic {known}":
        return JsonResponse({"error": "invalid_client"}, status=401)
    asked = _of_code(request.POST.get("code", ""))
    digest = hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()
    proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if (
        asked is None
        or asked["code_challenge"] != proof
        or asked["redirect_uri"] != request.POST.get("redirect_uri")
    ):
        return JsonResponse({"error": "invalid_grant"}, status=400)
    now, key = int(clock.now().timestamp()), _key()
    claims = {
        "iss": issuer(), "aud": CLIENT, "sub": asked["who"], "iat": now, "exp": now + 60, "auth_time": now,
        "nonce": asked["nonce"], "name": dict(PEOPLE)[asked["who"]],
    }  # fmt: skip
    signed = jwt.encode(claims, key, client_keys.algorithm(key), headers={"kid": client_keys.kid(key)})
    return JsonResponse({"access_token": "none", "token_type": "Bearer", "id_token": signed})


def _of_code(code: str) -> dict[str, Any] | None:
    """What a code stands for, once."""
    try:
        asked: dict[str, Any] = signing.loads(code, purpose=_PURPOSE, max_age=_LIVES)
    except signing.BadSignature:
        return None
    used = f"demo-eid-code:{hashlib.sha256(code.encode()).hexdigest()}"
    return asked if cache.add(used, True, _LIVES.total_seconds()) else None
