"""No student's page leaves a trace: every address a student can open, found in the router itself, looked at from both
ends: what it answers, and what it never says."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kernel.audit.models import ReadEntry
from services.contact import operations, panels
from services.contact.operations import Accepted
from tests.cast import World
from tests.services.contact.people import SECRET, knock, visitor

pytestmark = pytest.mark.django_db

#: Every room whose pages a student opens. What else such a room has is for staff, or for programs.
ROOMS = ("services.contact.views", "services.retention.views.student", "services.eid.views")
#: Addresses with a parameter, as a student has them; and those that are files or lead away.
GIVEN = {
    "way_in": ["/s/solhaug-skole-alfa/"],
    "who_at": ["/who/solhaug-skole-alfa/"],
    "file": ["/conversation/files/1/"],
    "panel": [f"/conversation/{panel.name}/" for panel in panels.panels() if panel.act is not None],
}
NO_PAGE = {"sitemap", "exit", "language", "state", "file", "panel"}


def _routes(resolver: URLResolver, names: dict[str, str]) -> dict[str, str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            _routes(one, names)
        elif isinstance(one, URLPattern) and one.name and _module(one).startswith(ROOMS):
            names.setdefault(one.name, str(one.pattern))
    return names


def _module(one: URLPattern) -> str:
    view: Any = one.callback
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return str(view.__module__)


def addresses() -> list[tuple[str, str]]:
    routes = _routes(get_resolver("config.urls_municipality"), {})
    assert {
        "first",
        "knock",
        "receipt",
        "conversation",
        "withdraw",
        "refuse",
        "yours",
        "state",
    } <= routes.keys()
    found = []
    for name, pattern in sorted(routes.items()):
        plain = "<" not in pattern and "(?P" not in pattern
        assert plain or name in GIVEN, f"say how a student opens {pattern}"
        found += [(name, f"/{pattern}")] if plain else [(name, address) for address in GIVEN[name]]
    return found


@pytest.fixture
def accepted(alpha: World) -> Accepted:
    made = knock(alpha, name="Ola Hemmelig")
    operations.reply(by=alpha.actor("nurse"), request_id=made.request_id, text="Svar fra en voksen")
    return made


@pytest.fixture
def client(alpha: World, at: Any, accepted: Accepted) -> Client:
    browser: Client = at(alpha.alpha, headers={"accept-language": "en", "sec-fetch-site": "same-origin"})
    browser.post("/receipt/", {"receipt": accepted.receipt})
    return browser


def leaks(accepted: Accepted) -> list[str]:
    """What must stand in no address, title or header."""
    code = accepted.receipt
    return [
        code,
        code.replace("-", ""),
        str(accepted.request_id),
        SECRET,
        "Ola Hemmelig",
        accepted.case_number,
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_of_a_student_is_never_stored_never_told_on_and_says_nothing_in_its_name(
    client: Client, accepted: Accepted, method: str
) -> None:
    for name, address in addresses():
        response = getattr(client, method)(address)
        assert response.status_code < 500, address
        if response.status_code == 405:
            continue
        if name not in ("sitemap", "language"):
            assert "no-store" in response["Cache-Control"], address
            assert response["Referrer-Policy"] in ("no-referrer", "same-origin"), address
        for header, value in response.items():
            assert not any(leak in f"{header}: {value}" for leak in leaks(accepted)), (address, header)
        for cookie in response.cookies.values():
            assert not cookie["max-age"] or cookie["max-age"] == 0, (address, "a cookie outlives the browser")
            assert cookie.key != "visit" or cookie["samesite"] == "Strict"
        if "text/html" in response.get("Content-Type", "") and response.content:
            _a_page_says_nothing(address, response.content.decode(), accepted)


def _a_page_says_nothing(address: str, page: str, accepted: Accepted) -> None:
    assert re.findall(r"<title>(.*?)</title>", page) == ["Alfa kommune"], address
    for tag, where in re.findall(r"<(a|form|link|script|img|iframe|meta)\b([^>]*)>", page):
        assert not any(leak in where for leak in leaks(accepted)), (address, tag)
        led = re.search(r'(?:href|src|action)="(https?:)?//([^"]*)"', where)
        assert led is None or tag in ("a", "link"), (address, "another server is asked", where)
    assert 'href="/exit/"' in page, (address, "no quick way out")
    assert page.index('class="exit"') > page.index("</footer>") - 1, (address, "within reach of a thumb")


def test_without_a_visit_no_address_shows_a_word_and_none_sets_a_cookie(
    alpha: World, at: Any, accepted: Accepted
) -> None:
    stranger = at(alpha.alpha)
    for name, address in addresses():
        response = stranger.get(address)
        assert not response.cookies or name == "exit", address
        assert SECRET not in response.content.decode(), address
    assert not ReadEntry.objects.filter(actor_kind="student").exists()


def test_after_the_quick_exit_nothing_opens_and_the_browser_is_told_to_forget(
    client: Client, accepted: Accepted
) -> None:
    assert SECRET in client.get("/conversation/").content.decode()
    gone = client.get("/exit/")
    assert gone.status_code == 302
    assert "alfa.localhost" not in gone["Location"]
    told = gone["Clear-Site-Data"]
    assert all(part in told for part in ('"cache"', '"cookies"', '"storage"'))
    assert gone.cookies["visit"]["max-age"] == 0
    back = client.get("/conversation/")
    assert (back.status_code, back["Location"]) == (303, "/receipt/?expired")
    assert client.get("/conversation/state/").status_code == 404


def test_a_visit_ends_by_itself_after_twenty_minutes(client: Client, clock: time_machine.Traveller) -> None:
    client.get("/conversation/")
    clock.shift(20 * 60 + 1)
    assert client.get("/conversation/").status_code == 303


def test_what_a_student_writes_is_in_no_address_it_leads_to(client: Client, accepted: Accepted) -> None:
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Mer om det")
    page = client.get("/conversation/").content.decode()
    for where in re.findall(r'(?:href|action|src)="([^"]*)"', page):
        assert not any(leak in where for leak in [*leaks(accepted), "Mer"]), where
