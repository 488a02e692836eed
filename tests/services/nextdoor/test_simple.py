"""The next door on the conversation in few words: sorry, who has it, one press to ask, one to wait."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from services.contact import operations as contact
from services.contact.models import NextDoor
from services.contact.operations import Accepted
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_handover import row
from tests.services.nextdoor.people import breaks, says_yes

pytestmark = pytest.mark.django_db
ASK = "/conversation/next-door/"


@pytest.fixture
def late(alpha: World, clock: time_machine.Traveller) -> Accepted:
    accepted = knock(alpha)
    breaks(accepted, clock)
    return accepted


@pytest.fixture
def child(alpha: World, at: Any, late: Accepted) -> Client:
    client: Client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": late.receipt, "simple": "1"})
    return client


def read(client: Client) -> str:
    page: str = client.get("/conversation/").content.decode()
    assert is_simple(page)
    return page


def is_simple(page: str) -> bool:
    return "narrow simple" in page


def panel(page: str) -> str:
    return page.split('id="next-door"')[1].split("</section>")[0]


def plain(page: str) -> str:
    """The words, without marks of direction or tags."""
    return re.sub(r"[\u2066-\u2069]|<[^>]*>", "", page)


def form(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', panel(page)))


def test_a_broken_promise_says_sorry_and_offers_one_door_and_to_wait(
    alpha: World, late: Accepted, child: Client
) -> None:
    page = read(child)
    assert "We are sorry. You should have heard from us by" in page
    assert "has this now." in plain(page), "the substitute"
    assert "It is on the whole page" not in page
    assert re.findall(r'name="act" value="(\w+)"', panel(page)) == ["ask", "wait"]
    words = plain(panel(page))
    assert "Ask Carl Alfa" in words
    assert "Counsellor, Solhaug" in words
    assert "They read everything that is written here." in words
    assert "cannot read this any more then, and answers you no more." in words
    assert "They also see how to find you." not in words
    assert "We have no new time for you yet." in page


def test_the_press_asks_the_door_and_the_page_stays_simple(
    alpha: World, late: Accepted, child: Client
) -> None:
    answer = child.post(ASK, {**form(read(child)), "act": "ask"})
    assert (answer.status_code, answer["Location"]) == (303, "/conversation/#next-door")
    sent = NextDoor.objects.get()
    assert (sent.to_role_id, sent.shares) == (alpha.counsellor_role, "everything")
    page = read(child)
    assert "You asked somebody else" in page
    assert "We are sorry." not in page
    assert "You hear from us by" in page
    assert 'value="ask"' not in page


def test_who_waits_is_told_so_and_can_still_ask(alpha: World, late: Accepted, child: Client) -> None:
    child.post(ASK, {**form(read(child)), "act": "wait"})
    page = read(child)
    assert "You wait here" in page
    assert re.findall(r'name="act" value="(\w+)"', panel(page)) == ["ask"]
    assert row(late).role_id == alpha.nurse_role


def test_no_name_is_said_where_none_are_shown_and_whoever_has_it_is_where_they_are(
    alpha: World, late: Accepted, child: Client
) -> None:
    contact.take(by=alpha.actor("nurse"), request_id=late.request_id)
    assert "Nora has this now." in plain(read(child))
    setup.change_look(show_names=False, by=MACHINE)
    page = read(child)
    assert "Nora" not in page
    assert "Carl" not in page
    assert "Ask Counsellor" in plain(panel(page))
    assert "School nurse has this now." in plain(page) or "Helsesykepleier has this now." in plain(page)


def test_where_nobody_has_it_yet_an_adult_is_being_found(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock, sweeps=False)
    client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt, "simple": "1"})
    page = read(client)
    assert "We are finding an adult for you." in page
    assert "has this now" not in page


def test_a_child_who_said_how_to_be_found_is_told_that_they_see_it(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, channel_kind="visit", channel_value="Ola, 3B", name="Ola")
    breaks(accepted, clock)
    client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt, "simple": "1"})
    assert "They also see how to find you." in panel(read(client))


def test_a_press_that_came_too_late_says_so_in_few_words(alpha: World, late: Accepted, child: Client) -> None:
    said = {**form(read(child)), "role": str(alpha.nurse_role), "act": "ask"}
    answer = child.post(ASK, said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert is_simple(page)
    assert "Nobody can answer there now." in panel(page)
    assert 'id="id_role_0"' in page
    says_yes(alpha, late)
    answer = child.post(ASK, {**said, "once": "another"})
    assert answer.status_code == 409
    assert is_simple(answer.content.decode())
    assert "You have asked somebody else already." in panel(answer.content.decode())


def test_only_from_now_on_leads_to_the_box_here_too(alpha: World, late: Accepted, child: Client) -> None:
    says_yes(alpha, late, shares="onward")
    page = read(child)
    assert "Counsellor has not seen anything yet." in plain(panel(page))
    assert 'href="#id_text"' in panel(page)
    assert 'id="id_text"' in page
