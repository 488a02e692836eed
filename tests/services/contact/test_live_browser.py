"""The open conversation in a real browser: an answer is told of politely, words that are being typed stay, nothing is
stored, and nobody is asked while nobody looks. After leaving fast the browser's Back shows no word."""

from datetime import date
from typing import Any

from django.test import Client

from kernel.tenancy import inside
from services.contact import operations
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import SECRET, knock
from tests.services.contact.test_browser import dist, phone, pytestmark
from tests.window import chromium, outside_the_loop

__all__ = ["dist", "pytestmark"]

LOOK = "document.dispatchEvent(new Event('visibilitychange'))"
HIDE = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
TYPED = "Jeg venter, og skriver imens"


def test_an_answer_is_told_of_words_stay_and_nothing_is_asked_while_nobody_looks(
    world: World, at: Any, dist: Any
) -> None:
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        accepted = knock(world)
    client: Client = at(world.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    with chromium() as browser:
        page = phone(browser, client, dist)
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/state/") else None)
        page.goto("/conversation/")
        page.locator("#id_text").fill(TYPED)
        page.evaluate(HIDE % "true")
        page.evaluate(LOOK)
        page.wait_for_timeout(300)
        assert asked == [], "a page that nobody looks at asks nothing"
        with outside_the_loop(), inside(world.alpha):
            operations.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei, jeg er her")
        page.evaluate(HIDE % "false")
        page.evaluate(LOOK)
        news = page.locator("[data-news=answer]")
        news.wait_for(state="visible")
        assert page.locator("[role=status][data-live]").count() == 1, (
            "said politely, by a region that was there"
        )
        assert not page.locator("[data-news=other]").is_visible()
        assert page.locator("#id_text").input_value() == TYPED, "the page is not changed under anybody"
        assert "Hei, jeg er her" not in page.content()
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        news.get_by_role("link").click()
        page.get_by_text("Hei, jeg er her").wait_for()
        assert len(asked) == 1


def test_after_leaving_fast_back_shows_no_word(world: World, at: Any, dist: Any) -> None:
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        accepted = knock(world)
    client: Client = at(world.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    with chromium() as browser:
        page = phone(browser, client, dist)
        page.goto("/")
        page.goto("/conversation/")
        assert SECRET in page.content()
        page.route("https://**", lambda route: route.fulfill(body="<p>Weather</p>", content_type="text/html"))
        page.locator("[data-exit]").click()
        page.wait_for_url("https://**")
        page.go_back()
        page.wait_for_load_state()
        assert SECRET not in page.content()
