"""Without a network: whom to call, nothing of anybody kept, nothing left after quick exit."""

from collections.abc import Iterator
from typing import Any

import pytest

from kernel.ui import assets
from tests.journeys.line import Line, line_to
from tests.journeys.stage import Stage
from tests.services.contact.committed import Place, committed
from tests.window import CHROMIUM

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
KEPT = """async () => {
  const all = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) all.push(new URL(one.url).pathname);
  }
  return all.sort();
}"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


@pytest.fixture(scope="module")
def place(stage: Stage) -> Iterator[Place]:
    """Founded before the browser opens, taken away when it has closed."""
    with committed("uten-nett") as made:
        yield made


@pytest.fixture(scope="module")
def line(stage: Stage) -> Iterator[Line]:
    with line_to(stage.port) as made:
        yield made


@pytest.fixture
def page(place: Place, browser: Any, line: Line) -> Iterator[Any]:
    """A phone in English at the place's door, its worker at work."""
    line.is_("")
    line.asked.clear()
    context = browser.new_context(
        base_url=line.origin(place.ref.slug), locale="en-GB", viewport={"width": 390, "height": 844}
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    yield page
    context.close()


def test_in_flight_mode_there_are_the_numbers_and_back_in_the_network_the_page_that_was_asked_for(
    page: Any, line: Line
) -> None:
    page.context.set_offline(True)
    page.goto("/who/")
    assert page.get_by_role("heading", name="No connection").is_visible()
    assert page.locator("a[href='tel:116111']:visible").count() == 1
    assert page.locator("[data-exit]").is_visible()
    page.get_by_role("link", name="Bokmål").click()
    assert page.get_by_role("heading", name="Ingen forbindelse").is_visible()
    assert not page.get_by_role("heading", name="No connection").is_visible()
    assert page.evaluate("[document.documentElement.lang, document.title]") == ["nb", "Uten-Nett"]
    page.context.set_offline(False)
    page.get_by_role("heading", name="Who is there for you").first.wait_for()


def test_a_server_that_is_away_is_no_network_either(page: Any, line: Line) -> None:
    line.is_("cut", for_all=True)
    page.goto("/privacy/")
    page.get_by_role("heading", name="No connection").wait_for()
    line.is_("")
    page.get_by_role("link", name="Try again").locator("visible=true").click()
    page.get_by_role("heading", name="Who knows what about you").wait_for()


def test_nothing_but_files_and_that_page_is_ever_kept(page: Any, place: Place) -> None:
    for path in ("/", "/knock/", "/who/", "/receipt/", "/privacy/", "/api/v1/door"):
        page.goto(path)
    page.goto("/")
    page.evaluate("path => fetch(path)", page.locator("link[rel=apple-touch-icon]").get_attribute("href"))
    kept = page.evaluate(KEPT)
    names = [one.split(".")[0] for one in kept]
    assert names == ["/app-icon", "/offline/", "/static/ui/dist/offline", "/static/ui/dist/student",
                     "/static/ui/dist/student", "/theme"]  # fmt: skip
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == []


def test_pages_of_those_who_work_here_are_no_students_page_without_a_network(page: Any) -> None:
    page.context.set_offline(True)
    for path in ("/desk/", "/setup/", "/sign-in/"):
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(path)


def test_quick_exit_leaves_neither_worker_nor_anything_kept(page: Any, line: Line) -> None:
    assert page.evaluate(WORKERS) == 1
    page.evaluate("document.querySelector('[data-exit]').dataset.exit = '/static/ui/dist/student.css'")
    page.locator("[data-exit]").click()
    page.wait_for_url("**/student.css")
    for _look in range(50):
        if page.evaluate(WORKERS) == 0 and page.evaluate("caches.keys()") == []:
            break
        page.wait_for_timeout(100)
    assert line.posts[-1:] == ["/exit/"]
    assert page.evaluate(WORKERS) == 0
    assert page.evaluate("caches.keys()") == []


def test_through_the_worker_another_sites_link_is_still_another_sites(page: Any, line: Line) -> None:
    """Quick exit and SameSite lean on what the browser says of who asked: a worker must not launder it."""
    page.context.add_cookies(
        [{"name": "strict", "value": "1", "url": page.url, "sameSite": "Strict", "httpOnly": True}]
    )
    own = page.url
    page.goto(f"http://localhost:{line.port}/healthz")
    page.evaluate("to => { const a = document.createElement('a'); a.href = to; document.body.append(a); a.click(); }",
                  f"{own}who/")  # fmt: skip
    page.get_by_role("heading", name="Who is there for you").first.wait_for()
    seen = [headers for path, headers in line.asked if path == "/who/"]
    assert [one["sec-fetch-site"] for one in seen] == ["cross-site"]
    assert "strict" not in seen[0].get("cookie", "")
    page.goto(f"{own}who/")
    assert "strict" in line.asked[-1][1]["cookie"], "which the worker does carry where it may"
