"""I am worried, in a real browser on a phone: within reach wherever one has scrolled, numbers first, and a form that
asks only for what the choice needs; with scripts (ENDURE=1: without them too)."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from kernel.actor import MACHINE
from kernel.tenancy import inside
from kernel.ui import assets
from services.contact import operations as contact
from services.worry import operations
from services.worry.models import Step, Worry
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import knock
from tests.window import CHROMIUM, axe, chromium, outside_the_loop, window

ENDURE = os.environ.get("ENDURE") == "1"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa, now: a browser has a clock of its own."""
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    assets.build(dist=folder)
    return folder


@pytest.mark.parametrize("scripts", [True, False] if ENDURE else [True])
def test_from_the_end_of_a_long_case_to_child_welfare_told(
    alpha: World, signed_in: Callable, dist: Path, scripts: bool
) -> None:
    case = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=case.request_id)
    for n in range(4):
        contact.reply(by=alpha.actor("nurse"), request_id=case.request_id, text=f"Hei! {n} " * 30)
    operations.set_number(by=MACHINE, kind="child_welfare", name="Barneverntjenesten", phone="400 00 190")
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist, viewport=PHONE, java_script_enabled=scripts)
        faults = _faults(page, scripts)
        page.goto(f"/desk/{case.request_id}/")
        page.mouse.wheel(0, 20_000)
        page.wait_for_timeout(200)
        worried = page.get_by_role("link", name="I am worried")
        box = worried.bounding_box()
        assert 0 <= box["y"] < PHONE["height"], "within reach at the end of the page"
        assert faults() == []
        worried.click()
        page.get_by_role("link", name="400 00 190").wait_for()
        assert faults() == []
        with outside_the_loop():
            assert not Worry.objects.exists(), "numbers come before any clock"
        page.get_by_role("button", name="Not this minute").click()
        page.get_by_role("heading", name="Whom do you tell?").wait_for()
        assert faults() == []
        page.locator("a[href$='/told/child_welfare/']").click()
        page.get_by_label("What did you say?").fill("Blåmerker på begge armer")
        why_not, because = page.locator("#id_why_not_first"), page.locator("#id_because")
        assert not why_not.is_visible()
        assert not because.is_visible()
        assert not page.locator("#id_ground").is_visible()
        page.locator("#id_student_first_1").check()
        assert why_not.is_visible()
        page.locator("#id_student_first_0").check()
        assert not why_not.is_visible()
        page.locator("#id_told_0").check()
        assert because.is_visible()
        assert faults() == []
        page.get_by_role("button", name="Write it down").click()
        page.get_by_text("Write one plain sentence to the student.").first.wait_for()
        assert page.get_by_label("What did you say?").input_value() == "Blåmerker på begge armer"
        because.fill("Fordi du skal ha det trygt hjemme")
        page.get_by_role("button", name="Write it down").click()
        page.get_by_text("Written down. Nothing was sent from here.").wait_for()
        with outside_the_loop():
            assert Step.objects.get().recipient == "child_welfare"


def _faults(page, scripts: bool) -> Callable[[], list[str]]:
    """What axe sees, and what stands wider than the phone."""
    if not scripts:
        return list

    def faults() -> list[str]:
        found = axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]
        return found + ["wider than the phone"] * wide

    return faults
