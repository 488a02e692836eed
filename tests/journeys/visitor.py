"""Somebody with a browser, who looks closely at every page they meet."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.journeys.stage import Stage
from tests.window import axe

#: What axe has looked at in this process: the markup of a page, without what is another each time. The same page once
#: more, or for somebody without scripts, has no other faults. ENDURE=1: every page, each time.
_examined: set[str] = set()
_OTHER_EACH_TIME = re.compile(r"value=\"[^\"]*\"|nonce=\"[^\"]*\"|[0-9a-zA-Z_-]{20,}|\d+|\s+")


@dataclass(frozen=True)
class Device:
    """What somebody holds in their hands."""

    name: str
    width: int
    height: int
    javascript: bool


DESKTOP = Device("desktop", 1280, 900, javascript=True)
PHONE = Device("phone", 390, 844, javascript=True)
PLAIN_DESKTOP = Device("desktop without JavaScript", 1280, 900, javascript=False)
PLAIN_PHONE = Device("phone without JavaScript", 390, 844, javascript=False)


class Visitor:
    """One person, one device, one browser of their own (nothing remembered from anybody else).

    Every page arrived at is looked at: no fault that axe sees, nothing out of the page sideways at 320 px, not
    a word in the console, no answer above 499. Other hosts that were asked for are in `elsewhere`.
    """

    def __init__(self, browser: Any, stage: Stage, device: Device, slug: str = "") -> None:
        self.device, self.stage, self.slug = device, stage, slug
        self.seen: list[str] = []
        self.sent: list[str] = []
        self.elsewhere: list[str] = []
        self._said: list[str] = []
        self._browser, self._examiner = browser, None
        self.context = browser.new_context(
            base_url=stage.origin(slug), locale="en-GB", java_script_enabled=device.javascript,
            viewport={"width": device.width, "height": device.height}, reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page = self.context.new_page()
        self.page.on("console", self._noted)
        self.page.on("pageerror", lambda error: self._said.append(str(error)))

    def _asked(self, request: Any) -> None:
        host = urlsplit(request.url).hostname or ""
        if request.url.startswith("http") and host.split(".")[-1] != "localhost":
            self.elsewhere.append(host)
        if request.method == "POST":
            self.sent.append(urlsplit(request.url).path)

    def _answered(self, response: Any) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self._said.append(f"{response.status} {response.url}")

    def _noted(self, message: Any) -> None:
        # Chromium notes each refusal (422) of a page as a failed load; those are counted by _answered.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self._said.append(message.text)

    # --- doing -------------------------------------------------------------------------------------
    def go(self, path: str, slug: str | None = None) -> None:
        """Type an address; with `slug` at that municipality's host from now on."""
        self.slug = self.slug if slug is None else slug
        self.page.goto(path if path.startswith("http") else f"{self.stage.origin(self.slug)}{path}")
        self.look()

    def press(self, name: str | re.Pattern[str], *, within: str = "body") -> None:
        """Press the button with this name and arrive at the next page."""
        self._follow("button", name, within)

    def follow(self, name: str | re.Pattern[str], *, within: str = "body") -> None:
        """Follow the link with this name."""
        self._follow("link", name, within)

    def _follow(self, role: str, name: str | re.Pattern[str], within: str) -> None:
        exact = isinstance(name, str)
        found = self.page.locator(within).first.get_by_role(role, name=name, exact=exact)
        with self.page.expect_navigation(wait_until="load"):
            found.first.click()
        self.look()

    def type(self, **fields: str) -> None:
        """Write into the fields with these names."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]:visible").first.fill(value)

    def choose(self, name: str, value: str = "") -> None:
        """Choose the radio button or box of this name and value (the first one without a value)."""
        where = f"input[name={name}]" + (f"[value='{value}']" if value else "")
        self.page.locator(where).first.check()

    def select(self, name: str, label: str = "", *, value: str | None = None) -> None:
        box = self.page.locator(f"select[name={name}]")
        box.select_option(value=value) if value is not None else box.select_option(label=label)

    # --- seeing ------------------------------------------------------------------------------------
    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").first.inner_text())

    def sees(self, words: str) -> bool:
        """Whether these words stand in the page where they can be seen."""
        return bool(self.page.locator("main").get_by_text(words).first.is_visible())

    @property
    def cookies(self) -> set[str]:
        return {one["name"] for one in self.context.cookies()}

    def look(self) -> None:
        """Look closely at this page. Called for every page arrived at."""
        where = f"{self.device.name}: {self.path}"
        self.seen.append(self.path)
        self.page.wait_for_load_state("load")
        faults = self._faults()
        size = {"width": self.device.width, "height": self.device.height}
        self.page.set_viewport_size({"width": 320, "height": 640})
        over = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(size)
        self._keep_picture()
        said, self._said = self._said, []
        assert (faults, said) == ([], []), f"{where}: axe {faults}, console and server {said}"
        assert over <= 320, f"{where}: {over} px wide at 320"

    def _faults(self) -> list[str]:
        """What axe finds on this page."""
        markup = self.page.content()
        known = _OTHER_EACH_TIME.sub("", markup)
        if known in _examined and os.environ.get("ENDURE") != "1":
            return []
        _examined.add(known)
        return axe(self._with_scripts(markup))

    def _with_scripts(self, markup: str) -> Any:
        """This page where axe can run: it waits for timers, which a browser without JavaScript never rings.

        So the same markup is laid before a second browser that has JavaScript, at the same address.
        """
        if self.device.javascript:
            return self.page
        if self._examiner is None:
            size = {"width": self.device.width, "height": self.device.height}
            self._examiner = self._browser.new_context(viewport=size, reduced_motion="reduce").new_page()
        self._examiner.unroute_all()
        self._examiner.route(
            self.page.url, lambda route: route.fulfill(body=markup, content_type="text/html; charset=utf-8")
        )
        self._examiner.goto(self.page.url)
        return self._examiner

    def _keep_picture(self) -> None:
        """With JOURNEY_PICTURES=FOLDER: a picture of each page, in the order of the walk."""
        if folder := os.environ.get("JOURNEY_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^a-z0-9]+", "-", f"{self.device.name}-{self.slug}{self.path}".lower()).strip("-")
            number = len(list(Path(folder).iterdir()))
            self.page.screenshot(path=Path(folder) / f"{number:03}-{name[:60]}.png", full_page=True)

    # --- what several people do ----------------------------------------------------------------------
    def sign_in(self, address: str) -> None:
        """The first sign-in of somebody who works here: code by mail, an app, recovery codes, their first page."""
        if not self.path.startswith("/sign-in/"):
            self.go("/sign-in/")
        self.type(email=address)
        self.press("Send me a code")
        self.type(code=self.stage.post.wait_for(address, r"^([A-Z]{4}-[A-Z]{4})$"))
        self.press("Sign in")
        self.follow("Use an app")
        secret = re.sub(r"\s", "", self.page.locator("#secret").text_content())
        self.type(code=format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))
        self.press("Add the app")
        self.follow("I have kept them safe")

    def answer(self, *, role: str = "", message: str, channel: str = "conversation", reach: str = "") -> None:
        """Answer the journey's questions as they come, up to the page that asks whether all is right."""
        for _question in range(9):
            match step := self.page.locator("input[name=step]").first.input_value():
                case "check":
                    return
                case "school":
                    self.choose("school")
                case "who":
                    self.page.get_by_label(role).first.check() if role else self.choose("role")
                case "how":
                    self.choose("channel", channel)
                case "reach":
                    self.type(channel_value=reach)
                case "about":
                    self.type(message=message)
            self.press("Skip" if step == "name" else "Next")
        raise AssertionError("the journey does not end")

    @property
    def receipt(self) -> str:
        return str(self.page.locator("#receipt-code").inner_text()).strip()
