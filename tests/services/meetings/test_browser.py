"""A meeting in a real browser, without scripts (ENDURE=1: with them too): proposed at the desk, chosen on a phone."""

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kernel import clock
from kernel.tenancy import inside
from kernel.ui import assets
from services.meetings import operations
from services.meetings.models import MeetingTime
from tenants.setup.models import Post
from tests.cast import World
from tests.services.meetings.people import meeting_of, room, states, taken
from tests.signing_in import sign_in
from tests.window import CHROMIUM, chromium, outside_the_loop, window

ENDURE = os.environ.get("ENDURE") == "1"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
PHONE = {"width": 320, "height": 640}
PLACE = "Rom B12, ved biblioteket"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    assets.build(dist=folder)
    return folder


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa, now: a browser has a clock of its own."""
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture
def nora(alpha: World, at: Callable[..., Client]) -> Client:
    client = at(alpha.alpha, headers={"accept-language": "en"})
    account = alpha.account("nurse")
    sign_in(client, account)
    return client


@pytest.mark.parametrize("scripts", [True, False] if ENDURE else [False])
def test_proposed_at_the_desk_chosen_on_a_phone_and_cancelled(
    alpha: World, at: Any, nora: Client, dist: Path, scripts: bool
) -> None:
    accepted = taken(alpha, language="en")
    zone = ZoneInfo(alpha.alpha.timezone)
    day = (clock.now().astimezone(zone) + timedelta(days=2)).date().isoformat()
    with chromium() as browser:
        desk = window(browser, nora, dist, java_script_enabled=scripts)
        desk.goto(f"http://alfa.localhost/desk/{accepted.request_id}/")
        desk.locator("#meeting summary").first.click()
        desk.locator("#meeting input[value=weeks]").check()
        desk.locator("#id_place").fill(PLACE)
        for n, at_clock in enumerate(("10:00", "12:30")):
            desk.locator(f"input[name=day_{n}]").fill(day)
            desk.locator(f"input[name=at_{n}]").fill(at_clock)
        desk.locator("#id_outside").check()
        desk.get_by_role("button", name="Propose to the student").click()
        desk.get_by_text("The student can choose a time now.").wait_for()
        with outside_the_loop():
            assert states(accepted) == ["offered", "offered"]

        phone = window(
            browser, at(alpha.alpha, headers={"accept-language": "en"}), dist, viewport=PHONE,
            java_script_enabled=scripts,
        )  # fmt: skip
        phone.goto("http://alfa.localhost/receipt/")
        phone.locator("#id_receipt").fill(accepted.receipt)
        phone.get_by_role("button", name="Open").click()
        phone.get_by_text("Which time suits you?").wait_for()
        assert not phone.evaluate(WIDE) if scripts else True
        phone.locator("#meeting input[name=time]").nth(1).check()
        phone.get_by_role("button", name="Choose this time").click()
        phone.get_by_text(PLACE).wait_for()
        with outside_the_loop():
            chosen = MeetingTime.objects.get(state="agreed").starts_at
        assert chosen.astimezone(zone).strftime("%H:%M") == "12:30"

        desk.goto(f"http://alfa.localhost/desk/{accepted.request_id}/")
        assert desk.locator("#meeting").get_by_text(PLACE).count()
        phone.get_by_text("I cannot come then").click()
        phone.get_by_role("button", name="I don't want to meet").click()
        phone.locator("#meeting").wait_for(state="detached")
        with outside_the_loop():
            assert meeting_of(accepted).state == "ended"


def test_what_a_student_asks_for_while_the_network_is_away_waits_and_goes_out_once(
    alpha: World, at: Any, nora: Client, dist: Path
) -> None:
    accepted = taken(alpha, language="en")
    operations.propose(
        by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="weeks",
        times=[room(clock.now() + timedelta(days=2))], outside_hours=True,
    )  # fmt: skip
    with chromium() as browser:
        phone = window(browser, at(alpha.alpha, headers={"accept-language": "en"}), dist, viewport=PHONE)
        phone.goto("http://alfa.localhost/receipt/")
        phone.locator("#id_receipt").fill(accepted.receipt)
        phone.get_by_role("button", name="Open").click()
        phone.get_by_text("None of these fit").click()
        phone.locator("#id_meeting_text").fill("After three, please")
        phone.route("**/conversation/meeting/", lambda route: route.abort())
        phone.get_by_role("button", name="Ask for other times").click()
        note = phone.locator("#meeting [data-unsent]")
        note.wait_for()
        assert phone.locator("[data-unsent]:visible").count() == 1, "it is said in its own form"
        assert phone.locator("#id_meeting_text").input_value() == "After three, please"
        phone.unroute("**/conversation/meeting/")
        note.get_by_role("button", name="Try now").click()
        phone.locator(".message", has_text="After three, please").wait_for()
        with outside_the_loop():
            assert states(accepted) == ["declined"]
