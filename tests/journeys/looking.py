"""A browser looks at pages that were rendered before: what axe finds, and what it cannot see."""

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders

from tests.journeys.student_pages import Page
from tests.window import axe

HEIGHTS = {320: 640, 390: 844, 1280: 900}
WIDTHS, THEMES = tuple(HEIGHTS), ("light", "dark")

#: What stands on the page and is wrong, in words; axe sees none of it. `clip`: also text that its box cuts off.
LOOK = """clip => {
  const wrong = [], root = document.documentElement;
  const seen = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return r.width > 1 && r.height > 1 && s.visibility !== 'hidden' && !e.closest('[hidden]'); };
  const say = e => `${e.tagName.toLowerCase()}.${e.className} "${(e.innerText || e.value || '').trim().slice(0, 40)}"`;
  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) {
    const out = [...document.body.querySelectorAll('*')].filter(e => seen(e) && !e.closest('svg') &&
      (e.getBoundingClientRect().right > root.clientWidth + 1 || e.getBoundingClientRect().left < -1));
    wrong.push(`${over} px wider than the screen: ${out.slice(-2).map(say)}`);
  }
  for (const e of document.querySelectorAll('a[href], button, select, summary, input, textarea')) {
    if (!seen(e) || e.type === 'hidden' || e.closest('.skip')) continue;
    const over = getComputedStyle(e, '::after'), spread = over.content !== 'none' && over.position === 'absolute';
    const box = /radio|checkbox/.test(e.type) ? e.closest('label, .check') || e : spread ? e.offsetParent : e;
    const r = box.getBoundingClientRect(), text = e.closest('p, li, dd');
    // A link in the middle of a text is as high as its line (WCAG 2.5.8).
    const runs = e.tagName === 'A' && text && text.innerText.trim().length > e.innerText.trim().length + 1
      && getComputedStyle(e).display === 'inline';
    if (!runs && (r.height < 43.5 || r.width < 43.5))
      wrong.push(`${Math.round(r.width)} x ${Math.round(r.height)} px to hit: ${say(e)}`);
  }
  for (const e of document.body.querySelectorAll('*')) {
    if (!seen(e) || e.closest('svg, .ds-sr-only')) continue;
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()), s = getComputedStyle(e);
    if (own && parseFloat(s.fontSize) < 12) wrong.push(`${s.fontSize}: ${say(e)}`);
    if (clip && own && s.overflow !== 'visible' && !/auto|scroll/.test(s.overflowX + s.overflowY) &&
        (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) wrong.push(`cut off: ${say(e)}`);
  }
  const titles = document.querySelectorAll('h1');
  if ([...titles].filter(seen).length !== 1) wrong.push(`${titles.length} headings of the first rank`);
  return [...new Set(wrong)];
}"""
#: Forced colours take every background away: what can be pressed must still have an edge or a line.
EDGES = """() => [...document.querySelectorAll('.ds-button, input:not([type=hidden]), select, textarea, label.choice')]
  .filter(e => e.getBoundingClientRect().width > 1 && !e.closest('[hidden]'))
  .filter(e => { const s = getComputedStyle(e);
    return s.appearance !== 'auto' && !['borderTopWidth', 'outlineWidth'].some(w => parseFloat(s[w]) >= 1)
      && !s.textDecorationLine.includes('underline') && !/radio|checkbox/.test(e.type); })
  .map(e => `no edge: ${e.className} ${(e.innerText || '').slice(0, 40)}`)"""

#: Without scripts: what only a script could answer must not be there at all.
DEAD = """() => [...document.querySelectorAll('button')]
  .filter(e => e.getBoundingClientRect().width > 1 && (e.type !== 'submit' || !e.form || e.form.method === 'dialog'))
  .map(e => `nothing happens: ${e.outerHTML.slice(0, 120)}`)"""

#: What the console says of a page that refuses, and of a service worker that is held back here.
_OURS = ("Failed to load resource", "Service Worker registration blocked")


@dataclass
class Look:
    """One browser's window, in which pages are laid one after the other.

    `files`: what the pages ask for beside themselves, by path (kind, content); style sheets and scripts of ours come
    from `dist` and from the apps.
    """

    browser: Any
    dist: Path
    files: Mapping[str, tuple[str, bytes]]
    scripts: bool = True
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab = self.browser.new_context(
            base_url="http://side.localhost", reduced_motion="reduce", java_script_enabled=self.scripts,
            service_workers="block",
        ).new_page()  # fmt: skip
        self.tab.on("console", self._noted)
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.route("**/*", self._answer)
        self._laid: Page | None = None

    def _noted(self, message: Any) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in _OURS):
            self.said.append(message.text)

    def _answer(self, route: Any) -> None:
        path, laid = urlsplit(route.request.url).path, self._laid
        if route.request.resource_type == "document" and laid:
            return route.fulfill(status=laid.status, headers=dict(laid.headers), body=laid.body)
        if path in self.files:
            kind, content = self.files[path]
            return route.fulfill(content_type=kind, body=content)
        if (
            path == "/conversation/state/"
        ):  # a page that is looked at for long asks whether anything is new: no
            return route.fulfill(status=200)
        own = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if path.startswith("/static/ui/dist/"):
            own = str(self.dist / path.rsplit("/", 1)[-1])
        if path.startswith("/static/") and own and Path(own).exists():
            return route.fulfill(path=own, content_type=mimetypes.guess_type(own)[0] or "text/plain")
        return route.fulfill(status=204)

    def lay(self, page: Page) -> None:
        """With all of it in sight: also what is behind a question."""
        self._laid = page
        self.said.clear()
        self.tab.goto(page.path)
        self.tab.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")

    def at(self, width: int, theme: str) -> None:
        self.tab.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.tab.emulate_media(color_scheme=theme, forced_colors="none", reduced_motion="reduce")

    def axe(self) -> list[str]:
        return axe(self.tab)

    def faults(self, *, closely: bool = True) -> list[str]:
        """At the width and in the theme of this moment; `closely`: with axe."""
        return [*(self.axe() if closely else []), *self.tab.evaluate(LOOK, False), *self.said]

    def faults_of_large_text(self) -> list[str]:
        """Text twice as large, on a phone: everything there, nothing cut off, nothing beside the page."""
        self.at(390, "light")
        self.tab.evaluate("document.documentElement.style.fontSize = '200%'")
        found = self.tab.evaluate(LOOK, True)
        self.tab.evaluate("document.documentElement.style.fontSize = ''")
        return [f"200 %: {one}" for one in found]

    def faults_of_the_menu(self) -> list[str]:
        """The languages, unfolded."""
        if not self.tab.locator(".languages summary").count():
            return []
        self.tab.locator(".languages summary").click()
        found = [*self.axe(), *self.tab.evaluate(LOOK, False)]
        self.tab.locator(".languages summary").click()
        return [f"languages: {one}" for one in found]

    def faults_without_scripts(self) -> list[str]:
        found = [*self.tab.evaluate(LOOK, False), *self.tab.evaluate(DEAD)]
        # Without a network and without scripts a page shows every language, each under its own heading.
        is_in_all = self._laid is not None and self._laid.name == "offline"
        return [one for one in found if not (is_in_all and one.endswith("headings of the first rank"))]

    def faults_of_forced_colours(self, *, closely: bool) -> list[str]:
        self.tab.emulate_media(forced_colors="active", reduced_motion="reduce")
        found = [*(self.axe() if closely else []), *self.tab.evaluate(EDGES)]
        self.tab.emulate_media(forced_colors="none", reduced_motion="reduce")
        return [f"forced colours: {one}" for one in found]
