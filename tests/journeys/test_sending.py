"""A line that is cut, hangs, swallows answers or babbles: words stay, the page says so, and each knock is one."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import TimeoutError

from kernel.tenancy import inside
from kernel.ui import assets
from services.contact.models import ContactRequest, ConversationMessage, SpentChallenge
from tests.journeys.line import Line, line_to
from tests.journeys.stage import Stage
from tests.services.contact.committed import Place, committed
from tests.window import CHROMIUM, outside_the_loop

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
WORDS = "Jeg vil ikke miste det jeg har skrevet."
ENDURE = os.environ.get("ENDURE") == "1"
#: The troubles of a line. A knock meets the first three and a message the others; with ENDURE=1 each meets all.
TROUBLES = ["cut", "hang", "half", "swallow", "babble", "502"]
#: What gives up after 20 seconds gives up after one and a half.
LESS_PATIENT = """() => {
  const said = Object.getOwnPropertyDescriptor(XMLHttpRequest.prototype, "timeout");
  const set = function (given) { said.set.call(this, Math.min(given, 1500)); };
  Object.defineProperty(XMLHttpRequest.prototype, "timeout", { ...said, set });
}"""
STORED = "[localStorage.length, sessionStorage.length, document.cookie]"


@pytest.fixture(scope="module")
def place(stage: Stage) -> Iterator[Place]:
    """Founded before the browser opens, taken away when it has closed."""
    with committed("ustoe") as made:
        yield made


@pytest.fixture(scope="module")
def line(stage: Stage) -> Iterator[Line]:
    with line_to(stage.port) as made:
        yield made


@pytest.fixture
def page(place: Place, browser: Any, line: Line) -> Iterator[Any]:
    line.is_("")
    line.posts.clear()
    context = browser.new_context(
        base_url=line.origin(place.ref.slug), locale="en-GB", viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(20_000)
    yield context.new_page()
    line.is_("")
    context.close()


def to_the_last_page(page: Any) -> None:
    page.goto("/knock/")
    for step in ("who", "how", "about", "name"):
        page.wait_for_function("step => document.querySelector('input[name=step]')?.value === step", arg=step)
        if step == "who":
            page.get_by_role("button", name="Anybody will do").click()
            continue
        if step == "how":
            page.locator("input[value=conversation]").check()
        if step == "about":
            page.get_by_label("Write here").fill(WORDS)
        page.get_by_role("button", name="Skip" if step == "name" else "Next").click()
    page.get_by_role("heading", name="Is this right?").wait_for()


def knocks(place: Place) -> int:
    with outside_the_loop(), inside(place.ref):
        return ContactRequest.objects.count()


def proofs(place: Place) -> int:
    with outside_the_loop(), inside(place.ref):
        return SpentChallenge.objects.count()


def messages(place: Place) -> list[str]:
    with outside_the_loop(), inside(place.ref):
        newest = ContactRequest.objects.order_by("-opened_at", "-pk")
        return [str(one.pk) for one in ConversationMessage.objects.filter(request__in=newest)]


def says_not_sent(page: Any) -> None:
    box = page.locator("[data-unsent]")
    box.wait_for(state="visible")
    assert box.get_by_text("Not sent yet").is_visible()
    assert box.get_by_text("We try again while this page is open.").is_visible()
    assert box.get_by_text(re.compile(r"Next try in \d+ seconds|Trying now")).is_visible()
    assert box.locator("a[href='tel:116111']").is_visible()
    assert page.locator("#receipt-code").count() == 0
    assert page.evaluate(STORED) == [0, 0, ""]


def try_now(page: Any) -> None:
    """Pressed on a line that is mended, unless the page, which tries again by itself, was faster and is gone."""
    with suppress(TimeoutError):
        page.get_by_role("button", name="Try now").click(timeout=4000)


@pytest.mark.parametrize("trouble", TROUBLES if ENDURE else TROUBLES[:3])
def test_a_knock_that_does_not_arrive_stays_and_is_sent_once_when_it_can_be(
    page: Any, line: Line, place: Place, trouble: str
) -> None:
    before = knocks(place)
    to_the_last_page(page)
    line.is_(trouble)
    if trouble == "hang":
        page.evaluate(LESS_PATIENT)
    page.get_by_role("button", name="Send").click()
    says_not_sent(page)
    assert page.get_by_text(WORDS).is_visible()
    page.get_by_role("button", name="Try now").click()
    says_not_sent(page)
    line.is_("")
    try_now(page)
    page.wait_for_url("**/knock/")
    code = page.locator("#receipt-code").inner_text()
    assert knocks(place) == before + 1
    page.reload()
    assert page.locator("#receipt-code").inner_text() == code, "the receipt can be asked for again"
    assert knocks(place) == before + 1


def test_a_line_that_hangs_after_the_knock_was_accepted_hides_no_receipt(
    page: Any, line: Line, place: Place
) -> None:
    before = knocks(place)
    to_the_last_page(page)
    line.then = "hang"
    page.get_by_role("button", name="Send").click()
    page.locator("#receipt-code").wait_for()
    assert line.now == "hang"
    assert knocks(place) == before + 1


def test_it_is_tried_again_by_itself_in_flight_mode_on_and_off(page: Any, line: Line, place: Place) -> None:
    before = knocks(place)
    to_the_last_page(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    says_not_sent(page)
    assert knocks(place) == before
    page.context.set_offline(False)
    page.locator("#receipt-code").wait_for()
    assert knocks(place) == before + 1


def test_who_stops_it_can_change_the_words_and_nothing_goes_out_behind_them(
    page: Any, line: Line, place: Place
) -> None:
    before = knocks(place)
    to_the_last_page(page)
    line.is_("cut")
    page.get_by_role("button", name="Send").click()
    says_not_sent(page)
    line.is_("")
    page.get_by_role("button", name="Change: What it is about").click()
    page.get_by_label("Write here").fill("Other words")
    line.posts.clear()
    page.wait_for_timeout(6500)  # longer than the first wait: a press that was not stopped would be heard
    assert line.posts == []
    assert knocks(place) == before
    page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", name="Is this right?").wait_for()
    page.get_by_role("button", name="Send").click()
    page.locator("#receipt-code").wait_for()
    assert knocks(place) == before + 1


def test_a_refusal_is_shown_and_not_tried_again(page: Any, line: Line, place: Place) -> None:
    to_the_last_page(page)
    page.evaluate("document.querySelector('input[name=role]')?.remove()")
    page.evaluate("document.querySelector('input[name=channel]').value = 'phone'")
    page.get_by_role("button", name="Send").click()
    page.locator(".ds-error-summary").wait_for()
    assert page.locator("input[name=step]").input_value() == "reach"
    assert page.locator("input[name=message]").input_value() == WORDS
    assert len([one for one in line.posts if one == "/knock/"]) == 5


def in_a_conversation(page: Any, words: str) -> Any:
    to_the_last_page(page)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="I have saved it").click()
    box = page.get_by_label("Write more")
    box.fill(words)
    return box


TOO_LARGE = ["<body class=student><main id=main>Too much</main>", "", "<h1>Too large</h1>"]


@pytest.mark.parametrize("body", TOO_LARGE if ENDURE else TOO_LARGE[:1])
def test_too_large_costs_no_word_and_is_not_tried_again(page: Any, place: Place, body: str) -> None:
    box = in_a_conversation(page, "Something more")
    before, asked = messages(place), []

    def refuse(route: Any) -> None:
        if route.request.method != "POST":
            return route.continue_()
        asked.append(route.request.url)
        route.fulfill(status=413, content_type="text/html", body=body)

    page.route("**/conversation/", refuse)
    page.get_by_role("button", name="Send", exact=True).first.click()
    said = page.locator("[data-large]")
    said.wait_for(state="visible")
    assert said.get_by_text("Not sent: too large").is_visible()
    assert box.input_value() == "Something more"
    assert box.is_editable()
    page.wait_for_timeout(6000)  # longer than the first wait
    assert len(asked) == 1
    page.unroute("**/conversation/")
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.locator(".message[data-own]").nth(1).wait_for()
    assert len(messages(place)) == len(before) + 1


def test_a_file_that_is_too_large_is_said_before_anything_goes_out(
    page: Any, line: Line, place: Place
) -> None:
    box = in_a_conversation(page, "Look at this")
    page.evaluate("""() => {
      const form = document.querySelector("form[data-send]"), field = document.createElement("input");
      Object.assign(field, { type: "file", name: "files" });
      form.enctype = "multipart/form-data";
      const chosen = new DataTransfer();
      chosen.items.add(new File([new Uint8Array(8000001)], "film.mp4"));
      field.files = chosen.files;
      form.append(field);
    }""")
    line.posts.clear()
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.locator("[data-large]").wait_for(state="visible")
    assert line.posts == []
    assert box.input_value() == "Look at this"
    page.evaluate("document.querySelector('input[name=files]').remove()")
    page.get_by_role("button", name="Send", exact=True).first.click()
    page.locator(".message[data-own]").nth(1).wait_for()


def test_leaving_while_words_are_not_sent_asks_once_and_leaving_fast_never(
    page: Any, line: Line, place: Place
) -> None:
    box = in_a_conversation(page, "Not lost")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    line.is_("cut")
    page.get_by_role("button", name="Send", exact=True).first.click()
    says_not_sent(page)
    page.evaluate("""() => {
      const form = document.createElement("form");
      form.action = "/";
      document.body.append(form);
      form.requestSubmit();
    }""")
    page.wait_for_timeout(1000)
    assert asked == ["beforeunload"]
    assert box.input_value() == "Not lost"
    assert page.locator("[data-unsent]").is_visible()
    page.route("https://**", lambda route: route.fulfill(status=200, body="elsewhere"))
    page.locator("[data-exit]").first.click()
    page.wait_for_url("https://**")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("trouble", [one for one in TROUBLES if one != "half"] if ENDURE else TROUBLES[3:])
def test_a_message_that_does_not_arrive_stays_and_is_sent_once(
    page: Any, line: Line, place: Place, trouble: str
) -> None:
    to_the_last_page(page)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="I have saved it").click()
    box = page.get_by_label("Write more")
    box.fill("Something more")
    before = messages(place)
    line.is_(trouble)
    if trouble == "hang":
        page.evaluate(LESS_PATIENT)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("[data-unsent]").wait_for(state="visible")
    assert box.input_value() == "Something more"
    assert not box.is_editable(), "what is on its way is not changed"
    line.is_("")
    try_now(page)
    page.locator(".message[data-own]").nth(1).wait_for()
    assert page.get_by_label("Write more").input_value() == ""
    assert len(messages(place)) == len(before) + 1


def test_a_message_that_arrives_at_once_is_shown_as_after_any_send(
    page: Any, line: Line, place: Place
) -> None:
    to_the_last_page(page)
    page.get_by_role("button", name="Send").click()
    page.get_by_role("button", name="I have saved it").click()
    page.get_by_label("Write more").fill("At once")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Send", exact=True).first.click()
    page.locator(".message[data-own]").nth(1).wait_for()
    assert page.url.endswith("/conversation/")
    assert said == []


def test_the_browser_does_the_work_beside_the_page(page: Any, place: Place) -> None:
    """In a worker, under our content security policy, while the student reads the last page."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    before = proofs(place)
    to_the_last_page(page)
    page.wait_for_function("() => document.querySelector('input[name=work]').value.length > 100")
    page.get_by_role("button", name="Send").click()
    page.locator("#receipt-code").wait_for()
    assert proofs(place) == before + 1
    assert said == []


def test_without_javascript_the_page_that_comes_back_keeps_the_words(place: Place) -> None:
    """Said in tests/faults/test_database_away.py; here: the form is an ordinary one."""
    from django.test import Client

    with outside_the_loop():
        html = Client(SERVER_NAME=f"{place.ref.slug}.localhost").post(
            "/knock/", {"step": "name", "channel": "conversation", "message": WORDS}
        ).content.decode()  # fmt: skip
    assert re.search(r'<form method="post" action="/knock/"[^>]* data-send>', html)
    assert re.search(r"data-unsent[^>]* hidden", html)
