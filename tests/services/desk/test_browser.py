"""The desk in a real browser: keyboard alone, refreshing itself, without JavaScript, axe, 320 px."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from kernel import clock as kernel_clock
from kernel.tenancy import inside
from kernel.ui import assets
from services.contact import operations
from services.contact.models import ConversationMessage
from services.promises.models import Promise
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import NUMBER, knock
from tests.window import CHROMIUM, axe, chromium, outside_the_loop, window

ENDURE = os.environ.get("ENDURE") == "1"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa, now: a browser has a clock of its own."""
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our style sheets and scripts, built."""
    folder = tmp_path_factory.mktemp("dist")
    assets.build(dist=folder)
    return folder


def furnish(alpha: World) -> operations.Accepted:
    """A broken one, one that wants a call (given back), one of mine."""
    with kernel_clock.pretend(kernel_clock.now() - timedelta(days=6)):
        knock(alpha)
    mine = knock(alpha, channel_kind="visit", language="en")
    operations.reply(by=alpha.actor("nurse"), request_id=mine.request_id, text="Hei! Hvor møtes vi?")
    return knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Mona Hansen")


def addresses(call: operations.Accepted) -> list[str]:
    mine = Promise.objects.exclude(subject_id=call.request_id).order_by("-opened_at")[0].subject_id
    return ["/desk/", "/desk/mine/", "/desk/closed/", f"/desk/{call.request_id}/", f"/desk/{mine}/",
            f"/desk/{mine}/close/"]  # fmt: skip


def test_no_page_has_a_fault_that_axe_can_see_nor_overflows_nor_a_word_in_the_console(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    client, pages = signed_in("nurse"), addresses(furnish(alpha))
    with chromium() as browser:
        for width, scheme in ((320, "light"), (1280, "dark")):
            page = window(
                browser, client, dist, viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            for address in pages:
                page.goto(address)
                assert axe(page) == [], (address, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            assert said == []


def test_the_keyboard_alone_takes_calls_and_answers(alpha: World, signed_in: Callable, dist: Path) -> None:
    call = furnish(alpha)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.goto("/desk/")
        take = page.locator(f"#row-{call.request_id} button")
        for _tab in range(30):
            page.keyboard.press("Tab")
            if take.evaluate("button => button === document.activeElement"):
                break
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name="Mona Hansen").wait_for()
        page.get_by_label("Write to the student").focus()
        page.keyboard.type("Hei Mona, vi snakkes.")
        for _tab in range(2):  # over the clock time's own parts to the next right act
            page.keyboard.press("Tab")
        page.get_by_role("button", name="I have called").focus()
        page.keyboard.press("Enter")
        page.get_by_text("The promise was kept").wait_for()
        assert page.get_by_label("Write to the student").input_value() == "Hei Mona, vi snakkes."
        page.get_by_role("button", name="Send", exact=True).focus()
        page.keyboard.press("Enter")
        page.locator(".message[data-own]").wait_for()
    assert ConversationMessage.objects.filter(request_id=call.request_id, sender="helper").count() == 1


@pytest.mark.parametrize("act", ["Send message", "I have called"] if ENDURE else ["Send message"])
def test_what_can_be_taken_back_for_ten_seconds_is_not_offered_after_them(
    alpha: World, signed_in: Callable, dist: Path, act: str
) -> None:
    call = furnish(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=call.request_id)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.clock.install()
        page.goto(f"/desk/{call.request_id}/")
        if act == "Send message":
            page.get_by_label("Write to the student").fill("Hei Mona")
        page.get_by_role("button", name=act, exact=True).click()
        toast = page.locator(
            ".toast", has_text="Your message is sent." if act == "Send message" else "Written down"
        )
        undo = toast.get_by_role("button", name="Undo")
        page.clock.run_for(9_000)
        assert "You can take it back for ten seconds" in toast.inner_text()
        undo.focus()
        page.clock.run_for(1_000)
        undo.wait_for(state="detached")
        assert toast.is_visible()
        assert "take it back" not in toast.inner_text()
        assert toast.evaluate("it => it === document.activeElement")


def test_a_long_list_gets_shorter_while_one_types_and_keeps_what_is_chosen(
    alpha: World, signed_in: Callable, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.desk.views.handing_over.MANY", 0)
    mine = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=mine.request_id)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.goto(f"/desk/{mine.request_id}/hand-over/")
        search, people = page.get_by_role("searchbox"), page.locator("#id_to")
        left = "list => [...list.options].slice(1).map(one => one.label).join()"
        everybody = people.evaluate(left)
        assert {"Carl", "Signe"} <= set(re.findall(r"\w+", everybody))
        assert page.get_by_role("button", name="Find").count() == 0
        chosen = people.evaluate("list => [...list.options].find(one => one.label.includes('Signe')).value")
        people.select_option(chosen)
        search.press_sequentially("cÁrl")
        assert "Carl" in people.evaluate(left)
        assert people.input_value() == chosen
        nobody = page.get_by_text("Nobody fits this")
        assert nobody.is_hidden()
        search.fill("zzz")
        assert "Carl" not in people.evaluate(left)
        assert nobody.is_visible()
        search.press("Enter")  # never the first button of the form
        assert page.evaluate("document.activeElement.id") == "id_to"
        search.fill("")
        assert people.evaluate(left) == everybody
        assert people.input_value() == chosen


def test_the_list_refreshes_itself_says_what_changed_and_keeps_the_focus(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    call = furnish(alpha)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.clock.install()
        page.goto("/desk/")
        page.locator(f"#row-{call.request_id} button").focus()
        with outside_the_loop():
            more = knock(alpha)
        page.clock.run_for(21_000)
        page.locator(f"#row-{more.request_id}").wait_for()
        page.clock.run_for(1_000)
        assert page.locator("[data-live]").inner_text() == "Three are waiting for an answer"
        assert page.locator(f"#row-{call.request_id} button").evaluate("b => b === document.activeElement")
        page.locator("[data-live]").evaluate("live => { live.textContent = '' }")
        page.clock.run_for(21_000)
        page.clock.run_for(1_000)
        assert page.locator("[data-live]").inner_text() == ""


def test_without_javascript_everything_works(alpha: World, signed_in: Callable, dist: Path) -> None:
    call = furnish(alpha)
    with chromium() as browser:
        page = window(
            browser, signed_in("nurse", "en"), dist, java_script_enabled=False,
            viewport={"width": 390, "height": 844},
        )  # fmt: skip
        page.goto("/desk/")
        page.locator(f"#row-{call.request_id} a").click()
        page.get_by_role("button", name="Read before taking").click()
        page.get_by_role("heading", level=1, name="Mona Hansen").wait_for()
        page.get_by_role("button", name="Take", exact=True).click()
        page.get_by_role("button", name="I called, no answer").click()
        page.get_by_text("Try again by").wait_for()
        page.get_by_role("link", name="Close …").click()
        page.get_by_label("The student could not be reached").check()
        page.get_by_role("button", name="Close", exact=True).click()
        page.get_by_role("heading", level=1, name="The law wants a record in the patient journal").wait_for()
        page.get_by_label("In which system?").fill("Journalen")
        page.get_by_role("button", name="It is recorded").click()
        page.get_by_text("This is closed.").wait_for()


def test_keys_go_through_the_list_search_and_show_their_sheet_and_can_be_switched_off(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    furnish(alpha)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.goto("/desk/")
        assert not page.locator("#keys").is_visible()
        rows = page.locator(".row .row-title a")
        focused = "link => link === document.activeElement"
        page.keyboard.press("j")
        assert rows.nth(0).evaluate(focused)
        page.keyboard.press("j")
        assert rows.nth(1).evaluate(focused)
        page.keyboard.press("k")
        assert rows.nth(0).evaluate(focused)
        page.keyboard.press("?")
        assert page.locator("#keys").is_visible()
        page.get_by_role("button", name="Switch the keys off").click()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert not rows.nth(1).evaluate(focused)
        page.get_by_role("button", name="Keys", exact=True).click()
        page.get_by_role("button", name="Switch the keys on").click()
        page.get_by_role("button", name="Close the sheet").click()
        page.keyboard.press("/")
        page.get_by_label("Words, or a number").wait_for()
        page.get_by_label("Words, or a number").focus()
        page.keyboard.type("j/?")
        assert page.get_by_label("Words, or a number").input_value() == "j/?"


def test_what_is_typed_is_kept_by_itself_and_a_colleague_is_seen(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    call = furnish(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=call.request_id)
    with chromium() as browser:
        page = window(browser, signed_in("nurse", "en"), dist)
        page.goto(f"/desk/{call.request_id}/")
        page.get_by_label("Write to the student").fill("Hei Mona, jeg kommer")
        page.get_by_text("Kept as a draft. Nobody else sees it.").first.wait_for()
        other = window(browser, signed_in("second_nurse", "en"), dist)
        other.goto(f"/desk/{call.request_id}/")
        other.locator("#here").get_by_text("Nora is writing.").wait_for()
        assert "jeg kommer" not in other.content()
        page.goto("/desk/mine/")
        page.goto(f"/desk/{call.request_id}/")
        assert page.get_by_label("Write to the student").input_value() == "Hei Mona, jeg kommer"
        page.get_by_role("button", name="Send message").click()
        page.locator(".message[data-own]").wait_for()
        assert page.get_by_label("Write to the student").input_value() == ""
        page.get_by_role("button", name="Undo").first.click()
        page.get_by_text("Taken back.").first.wait_for()
        assert page.get_by_label("Write to the student").input_value() == "Hei Mona, jeg kommer"
    assert not ConversationMessage.objects.filter(request_id=call.request_id, sender="helper").exists()


def test_what_one_does_the_other_sees_without_reloading_and_hears_once(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    call = furnish(alpha)
    with chromium() as browser:
        nora = window(browser, signed_in("nurse", "en"), dist)
        listing, opened = (window(browser, signed_in("second_nurse", "en"), dist) for _ in range(2))
        for one, address in ((listing, "/desk/"), (opened, f"/desk/{call.request_id}/")):
            one.clock.install()
            one.goto(address)
        row, tab = listing.locator(f"#row-{call.request_id}"), listing.locator(".tabs [aria-current] .count")
        assert (row.count(), tab.inner_text()) == (1, "2")
        nora.goto(f"/desk/{call.request_id}/")
        nora.get_by_role("button", name="Take", exact=True).click()
        with nora.expect_response("**/here/"):  # she is seen before the others ask
            nora.get_by_text("You have taken this.").wait_for()

        listing.clock.run_for(21_000)
        row.wait_for(state="detached")
        assert tab.inner_text() == "1", "the tab counts along"
        opened.clock.run_for(11_000)
        opened.locator("#here").get_by_text("Nora took this").first.wait_for()
        for one, words in ((listing, "One is waiting for an answer"), (opened, "Nora took this")):
            live = one.locator("[data-live]")
            one.clock.run_for(1_000)
            assert words in live.inner_text()
            live.evaluate("live => { live.textContent = '' }")
            for _poll in range(2):
                one.clock.run_for(21_000)
                one.wait_for_timeout(200)
                one.clock.run_for(1_000)
            said = live.inner_text()
            assert said == "", said


def test_a_shared_screen_is_covered_when_nobody_is_there_and_gives_every_word_back(
    alpha: World, signed_in: Callable, dist: Path
) -> None:
    call = furnish(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=call.request_id)
    nora = signed_in("nurse", "en")
    nora.cookies[settings.SHARED_SCREEN_COOKIE_NAME] = "1"
    with chromium() as browser:
        page = window(browser, nora, dist)
        page.goto(f"/desk/{call.request_id}/")
        cover = page.get_by_role("alertdialog", name="Covered")
        assert not cover.is_visible()
        page.locator("#notes summary").click()
        page.get_by_label("A new note").fill("Halvskrevet")
        page.evaluate("document.querySelector('[data-cover]').dataset.cover = 1")
        cover.wait_for(timeout=10_000)
        assert page.locator("main").evaluate("main => main.inert")
        box = cover.bounding_box()
        assert (box["x"], box["y"]) == (0, 0)
        assert box["width"] >= 1280
        assert cover.get_by_role("link", name="Sign in again").get_attribute("target") == "_blank"
        # Still signed out: it stays covered. Signed in elsewhere: it lifts, with every word and forms that are good.
        page.route(
            "**/account/screen/alive/", lambda route: route.fulfill(status=302, headers={"location": "/"})
        )
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(300)
        assert cover.is_visible()
        page.unroute("**/account/screen/alive/")
        page.evaluate("document.querySelector('[data-cover]').dataset.cover = 300")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        cover.wait_for(state="hidden")
        assert page.get_by_label("A new note").input_value() == "Halvskrevet"
        page.get_by_role("button", name="Keep the note").click()
        page.locator("#notes").get_by_text("The note is kept.").wait_for()
        assert page.locator("#notes").evaluate("fold => fold === document.activeElement")
