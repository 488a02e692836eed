"""A page was open at an own address when it ended: what is sent from it stands on a page that leads to the door."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.tenancy import inside, lookup
from kernel.tenancy.directory import whose_it_was
from services.contact.models import ContactRequest, ConversationMessage
from tenants.municipalities import operations as municipalities
from tenants.own_address import operations
from tests.cast import World
from tests.services.contact.people import knock
from tests.tenants.own_address.conftest import Leading
from tests.tenants.own_address.name_server import NameServer
from tests.tenants.own_address.test_addresses import HOST, directory_forgotten, proved

pytestmark = pytest.mark.django_db
__all__ = ["directory_forgotten"]
WORDS = "Jeg er redd <b>"
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "null"}


@pytest.fixture
def ended(alpha: World, names: NameServer, leading: Leading) -> Client:
    """A browser with a page of the own address, which has ended."""
    address_id = proved(alpha, names, leading)
    operations.remove(by=alpha.actor("admin"), address_id=address_id)
    assert lookup(HOST) is None
    return Client(SERVER_NAME=HOST, headers={"accept-language": "nb", "sec-fetch-site": "same-origin"})


def said(alpha: World) -> dict[str, str]:
    return {
        "step": "check", "school": str(alpha.school), "role": str(alpha.nurse_role), "channel": "conversation",
        "message": WORDS, "key": str(uuid4()),
    }  # fmt: skip


def press(page: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and what it carries."""
    form = re.search(r'<form method="post" action="([^"]*)"[^>]*data-moved>.*?</form>', page, re.S)
    assert form, page
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    area = re.search(r'<textarea[^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', form[0], re.S)
    if area:
        carried[area[1]] = area[2]
    return form[1], {name: unescape(text) for name, text in carried.items()}


def test_a_knock_stands_with_its_words_and_arrives_by_one_press(ended: Client, alpha: World) -> None:
    answer = ended.post("/knock/", said(alpha))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Jeg er redd &lt;b&gt;" in page
    assert not ContactRequest.objects.exists(), "never by itself"
    assert not ended.cookies
    to, carried = press(page)
    assert to == "http://alfa.localhost/knock/" or to.startswith("http://alfa.localhost:")
    assert f"form-action 'self' {to.removesuffix('knock/')}" in answer["Content-Security-Policy"]
    ours = Client(SERVER_NAME="alfa.localhost", headers={"accept-language": "nb"})
    sent = ours.post(urlsplit(to).path, carried, headers=ELSEWHERE)
    assert 'id="receipt-code"' in sent.content.decode()
    assert ContactRequest.objects.count() == 1


def test_a_message_asks_for_its_code_at_the_door_and_keeps_its_words(ended: Client, alpha: World) -> None:
    accepted = knock(alpha, message="Hei")
    page = ended.post("/conversation/", {"text": WORDS, "act": "message", "proof": "x", "once": "y"}).content
    to, carried = press(page.decode())
    assert carried["act"] == "message"
    ours = Client(SERVER_NAME="alfa.localhost", headers={"accept-language": "en"})
    answer = ours.post(urlsplit(to).path, carried, headers=ELSEWHERE)
    assert answer.status_code == 409
    assert "Jeg er redd &lt;b&gt;" in answer.content.decode()
    sent = ours.post("/conversation/", {"text": WORDS, "act": "message", "receipt": accepted.receipt})
    assert sent.status_code == 303
    assert ConversationMessage.objects.filter(request=accepted.request_id).count() == 2


def test_the_seal_opens_one_address_for_half_a_day_and_nothing_without_it(
    ended: Client, alpha: World, clock: time_machine.Traveller
) -> None:
    to, carried = press(ended.post("/knock/", said(alpha)).content.decode())
    ours = Client(SERVER_NAME="alfa.localhost")
    path = urlsplit(to).path
    assert ours.post(path, carried | {"moved": ""}, headers=ELSEWHERE).status_code == 403
    assert ours.post("/simple/", carried, headers=ELSEWHERE).status_code == 403
    assert Client(SERVER_NAME="beta.localhost").post(path, carried, headers=ELSEWHERE).status_code == 403
    clock.shift(timedelta(hours=12, minutes=1))
    assert ours.post(path, carried, headers=ELSEWHERE).status_code == 403
    assert not ContactRequest.objects.exists()


def test_nothing_else_is_answered_there(ended: Client) -> None:
    for path in ("/receipt/", "/api/v1/contact-requests", "/desk/", "/moved/", "/eid/set-out/"):
        assert ended.post(path, {"text": WORDS}).status_code == 404
    for path in (
        "/desk/",
        "/api/v1/door",
        "/sw.js",
        "/manifest.webmanifest",
        "/setup/",
        "/nothing/",
        "/robots.txt",
    ):
        assert ended.get(path).status_code == 404
    assert ended.get(f"/healthz/host?domain={HOST}").status_code == 404
    assert ended.post("/knock/", {"message": WORDS}, headers=ELSEWHERE).status_code == 403


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/", "/"),
        ("/?x=1", "/"),
        ("/s/solhaug/", "/s/solhaug/"),
        ("/S/SOLHAUG/?from=poster", "/S/SOLHAUG/"),
        ("/receipt/", "/receipt/"),
        ("/conversation/", "/receipt/"),
        ("/conversation/panel/worry/", "/receipt/"),
        ("/friend/", "/receipt/"),
        ("/knock/", "/knock/"),
        ("/moved/", "/"),
    ],
)
def test_whoever_opens_it_is_shown_the_way_and_not_sent_there(ended: Client, asked: str, there: str) -> None:
    answer = ended.get(asked)
    page = answer.content.decode()
    assert answer.status_code == 410
    (to,) = re.findall(r'<a class="ds-button" href="([^"]*)"', page)
    assert (urlsplit(to).hostname, urlsplit(to).path, urlsplit(to).query) == ("alfa.localhost", there, "")
    assert 'http-equiv="refresh"' not in page
    assert "<form" not in re.sub(r'<form[^>]*action="/language/".*?</form>', "", page, flags=re.S)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not ended.cookies
    assert ended.head(asked).status_code == 410
    ours = Client(SERVER_NAME="alfa.localhost", headers={"accept-language": "nb"})
    assert ours.get(urlsplit(to).path, follow=True).status_code == 200


def test_the_page_there_has_its_look_its_languages_and_a_way_out(ended: Client) -> None:
    page = ended.get("/s/solhaug/").content.decode()
    (theme,) = re.findall(r'href="(/theme\.[^"]*)"', page)
    assert ended.get(theme).status_code == 200
    assert ended.get("/exit/").status_code == 302
    chosen = ended.post("/language/", {"language": "en", "next": "/s/solhaug/"})
    assert chosen.status_code == 303
    assert "The door has another address now" in ended.get(chosen["Location"]).content.decode()


def test_who_has_the_host_next_has_it_alone(ended: Client, alpha: World) -> None:
    was = whose_it_was(HOST)
    assert was is not None
    assert was.id == alpha.alpha.id
    municipalities.add_domain(municipality_id=alpha.beta.id, domain=HOST, by=MACHINE)
    assert whose_it_was(HOST) is None
    now = lookup(HOST)
    assert now is not None
    assert now.id == alpha.beta.id
    with inside(alpha.beta):
        assert ended.post("/knock/", {"message": WORDS}).status_code == 200
