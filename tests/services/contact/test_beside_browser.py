"""What is typed in one form of the conversation stays when another form of the page is sent, in a real browser."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from kernel.tenancy import inside
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_browser import dist, phone, pytestmark
from tests.window import chromium

__all__ = ["dist", "pytestmark"]

TYPED = "Det jeg holder på å skrive"


@pytest.fixture
def writing(world: World, at: Any) -> Client:
    """A student with an open conversation in this browser."""
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        accepted = knock(world)
    client: Client = at(world.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    return client


OTHERS = """() => [...document.querySelectorAll("#main form, .languages form")]
  .filter((one) => one.method === "post" && !one.matches("[data-apart]") && !one.querySelector("#id_text"))
  .flatMap((one) => [...one.querySelectorAll("button[type=submit]")].map((button) => [one, button]))
  .filter(([_one, button]) => button.value !== "leave")
  .map(([one, button]) => {
    button.dataset.test = [one.getAttribute("action"), button.name, button.value].join(" ");
    return button.dataset.test;
  })"""
COVER = """() => {
  const cover = document.createElement("div");
  cover.className = "gone";
  document.body.replaceChildren(cover);
}"""


def test_whatever_else_is_pressed_what_is_typed_stays(writing: Client, dist: Any) -> None:
    with chromium() as browser:
        page = phone(browser, writing, dist)
        page.goto("/conversation/")
        every = page.evaluate(OTHERS)
        assert len(every) > 3, every
        for one in every:
            page.goto("/conversation/")
            if one not in page.evaluate(OTHERS):
                continue
            page.locator("#id_text").fill(TYPED)
            page.evaluate("window.still = true")
            for _again in range(2):
                page.locator("main").evaluate("m => { m.dataset.old = 1 }")
                page.evaluate("one => document.querySelector(`[data-test='${one}']`).click()", one)
                page.wait_for_function(
                    "() => document.querySelector('#main') && !document.querySelector('#main').dataset.old",
                    timeout=5000,
                )
                assert page.locator("#id_text").input_value() == TYPED, one
                assert page.evaluate("window.still"), "nobody left the page"
                if one not in page.evaluate(OTHERS):
                    break
        assert page.evaluate("[localStorage.length, sessionStorage.length, history.state]") == [0, 0, None]


def test_before_another_page_takes_the_words_away_the_browser_asks(writing: Client, dist: Any) -> None:
    with chromium() as browser:
        page = phone(browser, writing, dist)
        page.goto("/conversation/")
        page.locator("#id_text").fill(TYPED)
        asked: list[str] = []
        page.on("dialog", lambda one: (asked.append(one.type), one.dismiss()))
        page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true }")
        page.locator("[data-leads-away]").click()
        page.wait_for_timeout(500)
        assert asked == ["beforeunload"]
        assert page.locator("#id_text").input_value() == TYPED


def test_what_did_not_work_says_so_and_the_words_stay(writing: Client, dist: Any) -> None:
    with chromium() as browser:
        page = phone(browser, writing, dist)
        page.goto("/conversation/")
        page.locator("#id_text").fill(TYPED)
        page.route("**/conversation/*/", lambda route: route.abort())
        page.evaluate("() => document.querySelector(\"form[action='/conversation/ties/'] button\").click()")
        page.get_by_text("Your words are here.", exact=True).wait_for(state="visible")
        assert page.locator("#id_text").input_value() == TYPED


def test_who_leaves_fast_while_a_form_is_on_its_way_sees_no_word_again(writing: Client, dist: Any) -> None:
    with chromium() as browser:
        page = phone(browser, writing, dist)
        page.goto("/conversation/")
        page.locator("#id_text").fill(TYPED)
        held: list[Any] = []
        page.route("**/conversation/ties/", lambda route: held.append(route))
        page.route("https://**", lambda route: None)  # the other page takes its time
        page.evaluate("() => document.querySelector(\"form[action='/conversation/ties/'] button\").click()")
        page.wait_for_timeout(200)
        answer = page.content()
        page.evaluate(COVER)
        held[0].fulfill(body=answer, content_type="text/html")
        page.wait_for_timeout(300)
        assert TYPED not in page.content()
        assert page.locator("#id_text").count() == 0
