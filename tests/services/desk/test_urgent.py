"""What is urgent is seen before anybody takes it: by the topic that the student chose, and never by its words."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from services.contact import operations
from services.contact.models import Wish
from services.contact.operations import Accepted
from tenants.setup.topics import GRAVE, TOPICS
from tests.cast import World
from tests.services.contact.people import knock, read_and_close
from tests.services.contact.test_handover import accept, offer
from tests.services.nextdoor.people import breaks, says_yes

pytestmark = pytest.mark.django_db
SIGN, NEUTRAL = "Somebody may be in danger", "See this first"


@pytest.fixture
def nora(signed_in: Callable[..., Client]) -> Client:
    return signed_in("nurse", "en")


def row(client: Client, accepted: Accepted, address: str = "/desk/") -> str:
    found = re.search(
        rf'<li class="row[^>]*id="row-{accepted.request_id}".*?</li>',
        client.get(address).content.decode(),
        re.S,
    )
    return found[0] if found else ""


def case(client: Client, accepted: Accepted) -> str:
    return client.get(f"/desk/{accepted.request_id}/").content.decode()


@pytest.mark.parametrize("topic", [*TOPICS, ""])
def test_a_chip_says_so_of_the_grave_topics_alone(alpha: World, nora: Client, topic: str) -> None:
    """The words are somebody's that hurts; nobody guesses at words."""
    accepted = knock(alpha, topic=topic, message="Noen slår meg hjemme")
    for shown in (row(nora, accepted), case(nora, accepted)):
        assert (SIGN in shown) is (topic in GRAVE)
    item = nora.get("/api/v1/desk/requests").json()["results"][0]
    assert item["may_be_in_danger"] is (topic in GRAVE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic::text FROM contact_wish")
        assert not any(topic and topic in str(sealed) for sealed in cursor.fetchall()), (
            "which it is stays sealed"
        )


def test_it_stands_at_its_door_as_long_as_it_is_open_whoever_has_it(
    alpha: World, nora: Client, signed_in: Callable[..., Client]
) -> None:
    accepted, signe = knock(alpha, topic="hurt"), signed_in("second_nurse", "en")
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert SIGN in row(nora, accepted, "/desk/mine/")
    assert SIGN in case(nora, accepted)
    assert SIGN in case(signe, accepted)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="not_reached")
    assert SIGN not in row(nora, accepted, "/desk/closed/")
    assert SIGN not in case(nora, accepted)


def test_on_a_shared_screen_it_only_says_that_it_comes_first(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, topic="hurt")
    nora.cookies[settings.SHARED_SCREEN_COOKIE_NAME] = "1"
    for shown in (row(nora, accepted), case(nora, accepted)):
        assert NEUTRAL in shown
        assert SIGN not in shown
    usual = knock(alpha, topic="sleep")
    assert NEUTRAL not in row(nora, usual)


@pytest.mark.parametrize(
    ("shares", "is_shown"), [("everything", True), ("onward", False), ("nothing", False)]
)
def test_who_took_it_over_sees_it_where_what_it_is_about_came_along(
    alpha: World, signed_in: Callable[..., Client], shares: str, is_shown: bool
) -> None:
    accepted, carl = knock(alpha, topic="hurt"), signed_in("counsellor", "en")
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    offered = offer(alpha, accepted, shares=shares)
    assert SIGN not in row(carl, accepted, "/desk/handed/"), "not at their door yet"
    assert SIGN not in case(carl, accepted)
    accept(alpha, offered)
    assert (SIGN in row(carl, accepted, "/desk/mine/")) is is_shown
    assert (SIGN in case(carl, accepted)) is is_shown


@pytest.mark.parametrize(("shares", "is_shown"), [("everything", True), ("onward", False)])
def test_the_next_door_sees_it_where_the_student_sent_all_of_it_on(
    alpha: World, clock: time_machine.Traveller, signed_in: Callable[..., Client], shares: str, is_shown: bool
) -> None:
    accepted = knock(alpha, topic="hurt")
    breaks(accepted, clock)
    says_yes(alpha, accepted, shares=shares)
    assert (SIGN in case(signed_in("counsellor", "en"), accepted)) is is_shown


def test_the_links_of_rows_that_read_alike_are_told_apart_by_their_number(alpha: World, nora: Client) -> None:
    made = [knock(alpha, channel_kind="phone", channel_value="99887766") for _ in range(3)]
    html = nora.get("/desk/").content.decode()
    links = re.findall(r'<p class="row-title"><a href="[^"]*">(.*?)</a>', html)
    names = [re.sub(r"<[^>]+>", "", link) for link in links]
    assert sorted(names) == sorted(f"Wants a call, {one.case_number}" for one in made)


def test_the_sign_is_kept_beside_the_sealed_topic(alpha: World) -> None:
    knock(alpha, topic="worried")
    assert Wish.objects.get().is_grave
