"""A student shows who they are at a provider of the municipality: out and back. No account, no session, no row.

Not on allauth: it keeps its state in the staff's session, and a student has none. What is said and believed is the
same (`wire`, `tokens`). Where a sign-in began is remembered by whoever calls (services/eid): state, nonce and verifier
are bound to the browser there. What comes out is a name and a keyed hash; token, subject and every other claim are
forgotten here.
"""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from kernel import clock
from kernel.crypto.keys import CannotOpen
from kernel.people.identity import queries, tokens, wire
from kernel.people.identity.assurance import FRESH_FOR
from kernel.people.models import IdentityProvider

#: A provider that did not answer is not asked again for so long (seconds): no student waits for it twice.
AWAY = 60
#: How many threads of a process wait for providers at once; the others are there for those who knock.
AT_ONCE = 3
_waiting = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What only the browser that began may know again: the state it must bring back, the nonce, PKCE's verifier."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Who it is: a keyed hash of issuer and subject, of this municipality alone, and the name that is vouched for."""

    who: bytes
    name: str


def beginning(way: str) -> Beginning:
    """A new one; its state begins with `way`, by which the browser finds it again."""
    return Beginning(
        f"{way}.{secrets.token_urlsafe(32)}", secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    )


def address_there(row: IdentityProvider, began: Beginning, *, redirect: str, language: str) -> str:
    """Where to send the browser. The person is asked anew, also in a browser where somebody else was asked before.

    Raises Refused: off, not for students, away.
    """
    _usable(row)
    with _one_of_few(row):
        there = str(wire.configuration(row.issuer)["authorization_endpoint"])
    digest = hashlib.sha256(began.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": redirect,
        "scope": "openid profile",
        "state": began.state,
        "nonce": began.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "prompt": "login",
        "max_age": "0",
        "ui_locales": language,
    }
    if row.asked_acr:
        asked["acr_values"] = " ".join(row.asked_acr)
    return f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}"


def shown(
    row: IdentityProvider, began: Beginning, *, code: str, said_issuer: str | None, redirect: str
) -> Shown:
    """Who came back with this code. `said_issuer`: `iss` in the answer (RFC 9207). Raises Refused."""
    _usable(row)
    with _one_of_few(row):
        configured = wire.configuration(row.issuer)
        _is_from(row, said_issuer, bool(configured.get("authorization_response_iss_parameter_supported")))
        try:
            client = queries.client(row)
        except CannotOpen:
            raise tokens.Refused("client") from None
        answer = wire.redeem(client, configured, code=code, verifier=began.verifier, redirect=redirect)
        claims = wire.claims_of(str(answer["id_token"]), configured)
        found = tokens.identity(
            claims, issuer=row.issuer, client_id=row.client_id, nonce=began.nonce, now=clock.now()
        )
        _is_sure(row, found)
        name = tokens.name_of(claims)
        if not name and "userinfo_endpoint" in configured and answer.get("access_token"):
            name = tokens.name_of(wire.userinfo(configured, str(answer["access_token"]), found.subject))
    if not name:
        raise tokens.Refused("no-name")
    return Shown(queries.student_who(found.issuer, found.subject), name)


def _usable(row: IdentityProvider) -> None:
    if not row.is_on:
        raise tokens.Refused("off")
    if not queries.is_for_students(row):
        raise tokens.Refused("not-for-this")
    if cache.get(_away(row)):
        raise tokens.Refused("unreachable")


def _away(row: IdentityProvider) -> str:
    return f"student-provider-away:{row.pk}"


@contextmanager
def _one_of_few(row: IdentityProvider) -> Iterator[None]:
    """Ask the provider from one of a few threads; when it does not answer, nobody asks for a while."""
    if not _waiting.acquire(blocking=False):
        raise tokens.Refused("unreachable")
    try:
        yield
    except tokens.Refused as refusal:
        if refusal.why == "unreachable":
            cache.set(_away(row), True, AWAY)
        raise
    finally:
        _waiting.release()


def _is_from(row: IdentityProvider, said: str | None, must_say: bool) -> None:
    if said != row.issuer and (said is not None or must_say):
        raise tokens.Refused("issuer")


def _is_sure(row: IdentityProvider, found: tokens.Identity) -> None:
    if not queries.takes_level(row, found.acr):
        raise tokens.Refused("level")
    age = None if found.auth_time is None else clock.now().timestamp() - found.auth_time
    if age is not None and not -tokens.LEEWAY <= age <= FRESH_FOR.total_seconds():
        raise tokens.Refused("stale")


#: Answers who is back from a provider for students; None: this browser began nothing of the kind.
type Answer = Callable[[HttpRequest, IdentityProvider], HttpResponse | None]
_answer: Answer | None = None


def register(answer_them: Answer) -> None:
    """services/eid hands over who answers a student that is back."""
    global _answer
    _answer = answer_them


def answer(request: HttpRequest, row: IdentityProvider) -> HttpResponse | None:
    return _answer(request, row) if _answer is not None else None
