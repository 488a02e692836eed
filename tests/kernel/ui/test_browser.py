"""The gallery in a real browser, under the platform's CSP: axe, narrow screens, double text, quick exit.

No database: the gallery's pages are rendered once by their view and served from a thread.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

from kernel.ui import assets, look, views
from kernel.ui.theme import DEFAULT_BRAND, theme_css
from tests.window import CHROMIUM, axe

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'"
)
PAGES = ("student", "staff", "refused")
ENDURE = os.environ.get("ENDURE") == "1"
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter(e => { const r = e.getBoundingClientRect();
    const drawn = r.width && r.height && getComputedStyle(e).display != 'inline' && !e.closest('.skip');
    return drawn && (r.width < 24 || r.height < 24) })
  .map(e => e.outerHTML.slice(0, 90))"""

TALL = """() => [...document.querySelectorAll('textarea')].filter(e => { e.value = 'words '.repeat(500);
    return e.offsetHeight > 0.75 * innerHeight || e.scrollHeight <= e.clientHeight }).map(e => e.id)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with the gallery's pages and our built style sheets and scripts."""
    dist = tmp_path_factory.mktemp("dist")
    assets.build(dist=dist)
    exits: list[str] = []
    pages = {name: page(name) for name in (*PAGES, *(f"{name}-ar" for name in PAGES))}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.startswith("/theme."):
                return self.answer(theme_css(DEFAULT_BRAND).encode(), "text/css")
            if path.startswith("/static/ui/dist/"):
                file = dist / path.rsplit("/", 1)[-1]
                return self.answer(
                    file.read_bytes(), "text/css" if file.suffix == ".css" else "text/javascript"
                )
            if path in ("/icon.svg", "/favicon.ico"):
                return self.answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
            if path == "/sw.js":  # what it does: test_offline.py
                return self.answer(b"", "text/javascript")
            if path == "/away/":
                return self.answer(f"<title>Weather</title>{len(exits)}".encode(), "text/html")
            return self.answer(pages[path.strip("/")], "text/html; charset=utf-8")

        def do_POST(self) -> None:
            exits.append(self.path)
            self.send_response(204)
            self.end_headers()

        def answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", CSP)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def page(path: str) -> bytes:
    """One page of the gallery; Arabic stands for every language from right to left."""
    name, _, lang = path.partition("-")
    query = {"student": {"for": "student"}, "staff": {}, "refused": {"errors": "1"}}[name]
    request = RequestFactory().get("/ui/", query)
    request.municipality = SimpleNamespace(name="Fjordvik kommune", country="NO", timezone="Europe/Oslo")
    with pytest.MonkeyPatch.context() as patch, translation.override(lang or "nb"):
        patch.setattr(look, "_loaders", [])
        html = views.gallery(request).content.decode()
    exit_to = 'data-exit="https://www.yr.no/"'
    return html.replace(exit_to, 'data-exit="/away/"').replace(settings.STATIC_URL, "/static/").encode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield chromium
        chromium.close()


VIEWS = [(390, "light"), (1280, "dark"), (390, "dark"), (1280, "light")]
#: Two views of each page, in turn; ENDURE=1: all four.
LOOKED_AT = [
    (name, *view) for turn, name in enumerate(PAGES)
    for view in (VIEWS if ENDURE else VIEWS[turn % 2 * 2 :][:2])
]  # fmt: skip


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKED_AT)
def test_no_page_has_a_fault_that_axe_can_see_nor_a_word_in_the_console(
    address: str, browser: Any, name: str, width: int, scheme: str
) -> None:
    said: list[str] = []
    tab = browser.new_page(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    tab.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda e: said.append(str(e)))
    tab.goto(f"{address}/{name}")
    violations = axe(tab)
    small = tab.evaluate(SMALL)
    tab.close()
    assert (violations, said, small) == ([], [], [])


@pytest.mark.parametrize(
    ("width", "text"), [(320, 100), (390, 200), (1280, 200)], ids=["320px", "phone-200%", "desktop-200%"]
)
@pytest.mark.parametrize("path", ["student", "staff", "refused", "student-ar", "staff-ar"])
def test_nothing_runs_out_of_the_page_sideways(
    address: str, browser: Any, path: str, width: int, text: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{address}/{path}")
    tab.add_style_tag(content=f"html {{ font-size: {text}% !important }}")
    over = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    tall = tab.evaluate(TALL)
    context.close()
    assert over <= 0
    assert tall == [], "many words scroll in their field"


def browser_said_nothing(tab: Any, address: str) -> bool:
    return str(tab.request.get(f"{address}/away/").text()).endswith("</title>0")


def test_quick_exit_leaves_at_once_and_the_back_button_does_not_come_back(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/away/")
    tab.goto(f"{address}/student")
    tab.locator("[data-exit]").click()
    tab.wait_for_url("**/away/")
    for _ in range(40):  # the beacon travels beside the page
        if not browser_said_nothing(tab, address):
            break
        tab.wait_for_timeout(50)
    else:
        pytest.fail("the server was not told to forget the visit")
    tab.go_back()
    assert "/student" not in tab.url
    tab.close()


def test_escape_three_times_is_a_quick_exit_as_well(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/student")
    for _ in range(3):
        tab.keyboard.press("Escape")
    tab.wait_for_url("**/away/")
    tab.close()


def test_the_exit_is_a_real_link_without_javascript(address: str, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/student")
    assert tab.locator(".exit a").get_attribute("href") == "/exit/"
    context.close()


def test_a_form_is_sent_once_however_often_the_button_is_pressed(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/staff")
    sent: list[str] = []
    tab.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    tab.locator(".toast form").evaluate("f => { f.requestSubmit(); f.requestSubmit(); f.requestSubmit(); }")
    tab.wait_for_timeout(300)
    assert len(sent) == 1
    tab.close()


def test_a_refused_form_takes_the_focus_to_what_is_wrong(address: str, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/refused")
    assert tab.evaluate("document.activeElement.className") == "ds-error-summary"
    tab.locator(".ds-error-summary a").first.click()
    assert tab.evaluate("document.activeElement.id") == "id_name"
    tab.close()


def test_offline_is_said(address: str, browser: Any) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{address}/student")
    assert not tab.locator("[data-offline]").is_visible()
    context.set_offline(True)
    tab.locator("[data-offline]").wait_for(state="visible")
    context.close()
