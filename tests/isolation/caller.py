"""Who calls, with what in hand: one request in a transaction that is taken back afterwards."""

import re
from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver

from tests.isolation.stage import COOKIES, Side, Stage

MUNICIPALITY, FRONT = "config.urls_municipality", "config.urls_public"
NOWHERE = "00000000-0000-4000-8000-000000000000"
_HANDLER = ClientHandler(enforce_csrf_checks=False)  # its middleware is loaded once, as in a server


@dataclass(frozen=True)
class Hand:
    """What somebody brings along: cookies by kind, a token, a form, an id for each part of an address."""

    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def routes(urlconf: str) -> list[tuple[str, str]]:
    """(address pattern, name) of everything that can be reached, include() and the API's catch-all too."""

    def walk(patterns, prefix: str, spaces: tuple[str, ...]):
        for one in patterns:
            route = prefix + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route, (*spaces, *filter(None, [one.namespace])))
            elif isinstance(one, URLPattern):
                yield route, ":".join((*spaces, one.name or ""))

    return list(walk(get_resolver(urlconf).url_patterns, "", ()))


def address(route: str, ids: dict[str, str]) -> str:
    """The path of a pattern, its parts filled from `ids` by name."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda part: ids[part[1]], route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ids[part[1]], path)
    return "/" + path.replace("^", "").replace("$", "").replace("\\", "")


def hand_of(who: str, side: Side, stage: Stage) -> Hand:
    """What `who` (a role of tests/access) brings to `side`'s host."""
    other = stage.other(side)
    if who.startswith("foreign_token_"):
        return Hand(token=other.tokens[who.removeprefix("foreign_")])
    if who.startswith("foreign_"):
        return Hand(cookies={"session": other.sessions[who.removeprefix("foreign_")]})
    if who.startswith("token_"):
        return Hand(token=side.tokens[who])
    if who == "student":
        return Hand(cookies={"visit": side.visit})
    if who == "applicant":
        return Hand(cookies={"application": stage.alpha.application})
    if who.startswith("operator"):
        return Hand(cookies={"session": stage.operator.sessions[who]})
    return Hand() if who == "nobody" else Hand(cookies={"session": side.sessions[who]})


def call(host: str, method: str, path: str, hand: Hand) -> HttpResponse:
    """The answer (a crash is a 500, not an exception). Whatever the call wrote is taken back."""
    client = Client(SERVER_NAME=host, raise_request_exception=False)
    client.handler = _HANDLER
    for kind, value in hand.cookies.items():
        client.cookies[COOKIES[kind]] = value
    headers = dict(hand.headers)
    if hand.token:
        headers["authorization"] = f"Bearer {hand.token}"
    body = {"content_type": "application/json"} if path.startswith("/api/") and method != "GET" else {}
    if method in ("GET", "POST") and not body:
        body = {"data": hand.form}
    elif body:
        body["data"] = {} if not hand.form else hand.form
    with transaction.atomic():
        answer = getattr(client, method.lower())(path, headers=headers, **body)
        transaction.set_rollback(True)
    return answer


def ids_for(name: str, side: Side) -> dict[str, str]:
    """The ids that stand in the address of this name; each is there in both municipalities."""
    ids = {
        "digest": "0" * 12,
        "stamp": "0" * 16,
        "colour": "0b5d6b",
        "rest": "nowhere",
        "kind": "dpia",
        "token": "nothing",
        "name": "meeting",
        "number": "1",
        "provider_id": NOWHERE,
        "identity_id": NOWHERE,
        "municipality_id": "1",
        **side.ids,
    }
    ids["entry_id"] = ids.get("day_id", "")
    if name == "setup_files:theme":
        ids["stamp"] = "default"
    if name == "onboarding_portal:be":
        ids["account_id"] = ids["invented_id"]
    if name == "setup:holiday":
        ids["day_id"] = ids["holiday_id"]
    return {"pk": "1", **ids}


def leaked(answer: HttpResponse, other: Side, sent: Hand | None = None) -> list[bytes]:
    """Words of the other municipality in what was answered (body, headers, cookies), but for what was sent."""
    said = " ".join(sent.form.values()).encode() if sent else b""
    body = b"".join(answer) if answer.streaming else answer.content
    heads = "\n".join(
        [*(f"{key}: {value}" for key, value in answer.items()), answer.cookies.output()]
    ).encode()
    return [word for word in other.words if word not in said and (word in body or word in heads)]
