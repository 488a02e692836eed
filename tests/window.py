"""A real Chromium, answered by a test client: pages, scripts and keys are real, nothing is committed."""

import asyncio
import contextvars
import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client

#: The browser of the journeys. The one without a window of its own needs a third of the time; Chromium does as well.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
#: Nothing but this machine can be reached: a page that asks for more is found out, not served.
_ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE *.localhost"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", _ONLY_HERE,
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with _no_connection_of_its_own():
            yield browser
        browser.close()


@contextmanager
def outside_the_loop() -> Iterator[None]:
    """Whatever asks the database beside a browser stands in here.

    Playwright's sync API leaves its event loop marked as running, and in it Django would open another
    connection: one that sees nothing of the test's transaction.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@contextmanager
def _no_connection_of_its_own() -> Iterator[None]:
    """Refuse the database to whoever forgets `outside_the_loop`: such a connection would outlive the test."""
    kept = {name: connections[name] for name in connections}
    for name in kept:
        connections[name] = _Refused()
    try:
        yield
    finally:
        for name, connection in kept.items():
            connections[name] = connection


class _Refused:
    def __getattr__(self, name: str) -> Any:
        raise AssertionError("asks the database inside the browser's loop: stand in outside_the_loop()")


def axe(page: Any) -> list[str]:
    """What axe finds on this page of a browser with scripts, in words."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "axe.run({ resultTypes: ['violations'], elementRef: false }).then(all => all.violations)"
    )
    return [f"axe {one['id']}: {one['nodes'][0]['html'][:140]}" for one in found]


def window(browser: Any, client: Client, dist: Path, **options: Any) -> Any:
    """A page at the client's host. Style sheets and scripts come from `dist`, everything else from Django."""
    here = contextvars.copy_context()
    host = client.defaults["SERVER_NAME"]
    page = browser.new_context(base_url=f"http://{host}", **options).new_page()

    def answer(route: Any) -> None:
        request = route.request
        path = request.url.split(host, 1)[1]
        if path.startswith("/static/ui/dist/"):
            file = dist / path.rsplit("/", 1)[-1]
            return route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
        if path.startswith("/static/") and (own := finders.find(path.removeprefix("/static/"))):
            return route.fulfill(path=own, content_type=mimetypes.guess_type(own)[0] or "text/plain")
        given = {f"HTTP_{key.upper().replace('-', '_')}": value for key, value in request.headers.items()
                 if key.lower() in ("hx-request", "x-unattended")}  # fmt: skip
        body = request.post_data or ""
        kind = request.headers.get("content-type", "application/octet-stream")
        with outside_the_loop():
            found = here.run(client.generic, request.method, path, body, content_type=kind, **given)
            if 300 <= found.status_code < 400 and request.resource_type == "xhr":  # a script is led on unseen
                found = here.run(client.get, found["Location"])
        if 300 <= found.status_code < 400:  # what is fulfilled with a redirect goes on past us, to the net
            onward = f'<meta http-equiv="refresh" content="0;url={found["Location"]}">'
            return route.fulfill(status=200, content_type="text/html", body=onward)
        headers = {key: value for key, value in found.items() if key.lower() != "content-length"}
        route.fulfill(
            status=found.status_code,
            headers=headers,
            body=b"".join(found) if found.streaming else found.content,
        )

    page.route("**/*", answer)
    return page
