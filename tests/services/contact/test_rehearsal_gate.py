"""Before the door is open nobody is asked for a word: not on a page, not by API."""

import dataclasses
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from kernel.actor import MACHINE
from kernel.api.tokens import issue
from kernel.tenancy import directory, inside
from services.contact.models import ContactRequest
from services.contact.rehearsal_gate import _not_open
from tests.cast import World
from tests.services.contact.people import SECRET
from tests.signing_in import sign_in

PAGES = ("/", "/who/", "/knock/", "/receipt/", "/conversation/", "/conversation/withdraw/")
BUTTON = "I am helping to rehearse"


@pytest.fixture
def rehearsing(alpha: World) -> Iterator[World]:
    """Alfa has not opened its door yet; beta rehearses as well."""
    known = directory.directory()
    directory._known = directory.Directory(
        known.version,
        tuple(
            dataclasses.replace(one, state="rehearsal") if one.kind != "operator" else one
            for one in known.municipalities
        ),
        known.own_domains,
    )
    refs = {one.id: one for one in directory.directory().municipalities}
    world = dataclasses.replace(alpha, alpha=refs[alpha.alpha.id], beta=refs[alpha.beta.id])
    with inside(world.alpha):
        yield world


@pytest.fixture
def stranger(rehearsing: World, at: Any) -> Client:
    return at(rehearsing.alpha, headers={"accept-language": "en"})


def filled(world: World) -> dict[str, str]:
    return {
        "step": "check", "school": str(world.school), "role": str(world.nurse_role), "channel": "conversation",
        "message": SECRET, "language": "nb", "key": uuid.uuid4().hex, "seen": "1",
    }  # fmt: skip


def knocks(client: Client, world: World, **headers: str) -> Any:
    body = {
        "school": str(world.school), "role": str(world.nurse_role), "channel": {"kind": "conversation"},
        "message": SECRET,
    }  # fmt: skip
    return client.post(
        "/api/v1/contact-requests", data=body, content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex, **headers},
    )  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_told_that_the_door_is_not_open(stranger: Client, rehearsing: World, path: str) -> None:
    page = stranger.get(path)
    said = page.content.decode()
    assert page.status_code == 200
    assert "This door is not open" in said
    assert f"{rehearsing.alpha.name} is rehearsing it; nobody real answers here." in said
    assert 'href="tel:' in said
    assert 'href="http://localhost:8000/schools/"' in said or "localhost/schools/" in said
    assert BUTTON in said
    assert "<textarea" not in said
    assert "/knock/" not in said.replace('action="/knock/"', "").replace('value="/knock/"', "")


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/"])
def test_what_asks_for_nothing_stays(stranger: Client, path: str) -> None:
    assert BUTTON not in stranger.get(path).content.decode()
    assert stranger.get("/exit/").status_code == 302
    assert stranger.post("/language/", {"language": "nb", "next": "/"}).status_code == 303


def test_a_strangers_words_are_never_kept(stranger: Client, rehearsing: World) -> None:
    page = stranger.post("/knock/", filled(rehearsing))
    assert page.status_code == 409
    assert SECRET not in page.content.decode()
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize("path", PAGES[:4])
def test_whoever_helps_to_rehearse_says_so_once(stranger: Client, rehearsing: World, path: str) -> None:
    answer = stranger.post(path, {"helping": "1"})
    assert (answer.status_code, answer["Location"]) == (303, path)
    cookie = answer.cookies["rehearsal"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", "")
    for here in PAGES[:4]:
        said = stranger.get(here).content.decode()
        assert BUTTON not in said
        assert "This is a rehearsal" in said
    assert stranger.post("/knock/", filled(rehearsing)).status_code == 200
    assert ContactRequest.objects.count() == 1


def test_another_sites_page_cannot_say_it(stranger: Client) -> None:
    answer = stranger.post("/", {"helping": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert not answer.cookies


def test_the_cookie_of_one_municipality_opens_no_other(stranger: Client, rehearsing: World, at: Any) -> None:
    stranger.post("/", {"helping": "1"})
    elsewhere = at(rehearsing.beta, headers={"accept-language": "en"})
    for value in (stranger.cookies["rehearsal"].value, "yes", ""):
        elsewhere.cookies["rehearsal"] = value
        assert BUTTON in elsewhere.get("/knock/").content.decode()


def test_somebody_signed_in_here_needs_no_cookie(stranger: Client, rehearsing: World) -> None:
    sign_in(stranger, rehearsing.account("admin"), second_factor=False)
    assert BUTTON in stranger.get("/knock/").content.decode()
    sign_in(stranger, rehearsing.account("admin"))
    assert BUTTON not in stranger.get("/knock/").content.decode()
    assert knocks(stranger, rehearsing).status_code == 201


def test_by_api_a_stranger_cannot_knock_either(stranger: Client, rehearsing: World) -> None:
    refused = knocks(stranger, rehearsing)
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"] == "This door is in rehearsal and not open yet."
    assert not ContactRequest.objects.exists()
    assert knocks(stranger, rehearsing, Authorization="Bearer lav_x_y").status_code == 403
    assert stranger.get("/api/v1/door").status_code == 200
    stranger.post("/", {"helping": "1"})
    assert knocks(stranger, rehearsing).status_code == 201


def test_by_api_a_token_may_rehearse(stranger: Client, rehearsing: World) -> None:
    token = issue(by=MACHINE, account=rehearsing.account("admin"), scopes=["setup:read"])
    assert knocks(stranger, rehearsing, Authorization=f"Bearer {token}").status_code == 201


def test_an_open_door_asks_nobody_whether_they_rehearse(alpha: World, at: Any) -> None:
    client = at(alpha.alpha, headers={"accept-language": "en"})
    assert all(BUTTON not in client.get(path, follow=True).content.decode() for path in PAGES)
    assert "rehearsal" not in client.cookies


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "da", "fi", "en"])
def test_it_is_said_in_every_language(rehearsing: World, rf: RequestFactory, language: str) -> None:
    request = rf.get("/", SERVER_NAME="alfa.localhost")
    request.municipality = rehearsing.alpha
    with translation.override(language):
        said = _not_open(request).content.decode()
        wanted = [translation.gettext(text) for text in ("This door is not open", BUTTON)]
    assert all(words in said for words in wanted)
    assert language == "en" or "rehears" not in re.sub(r"<[^>]+>", "", said)
