"""No student meets a page that shuts them out: every page, in every language, in light and dark, on each width, with
text twice as large, in forced colours, by the keyboard alone, from right to left, and without scripts.

In the suite a slice: each page in Arabic or in one other language, in one theme and on one width, which take turns.
ENDURE=1 looks at all of them, about half an hour.
"""

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kernel.actor import MACHINE
from kernel.tenancy import inside
from kernel.ui import assets
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.journeys.looking import THEMES, WIDTHS, Look
from tests.journeys.student_pages import COUNTRY, LANGUAGES, Page, Walk, place_in
from tests.window import CHROMIUM, chromium, window

ENDURE = os.environ.get("ENDURE") == "1"
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(0 if ENDURE else 600),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
#: The same page as another, but for a word: looked at with ENDURE=1.
ALIKE = frozenset({
    "role", "old address", "left", "knock: reach by sms", "knock: reach by email", "knock: reach by video",
    "knock: reach by walk", "knock: worried", "knock: bullying", "refused: 400", "refused: 409",
})  # fmt: skip
#: Kept for a language that cannot be known: without a network the page speaks each of them.
NO_LANGUAGE = frozenset({"offline"})
VIEWS = [(width, theme) for width in WIDTHS for theme in THEMES]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    assets.build(dist=folder)
    return folder


@pytest.fixture(scope="module")
def rendered(django_db_setup: None, django_db_blocker: Any) -> tuple[dict[str, list[Page]], Any]:
    """The pages of the slice: every second in Arabic, the rest in the other languages in turn."""
    others = [language for language in LANGUAGES if language != "ar"]
    with django_db_blocker.unblock(), place_in("NO") as place:
        walk = Walk(place, "ar")
        names = [name for name in walk.pages() if name not in ALIKE]
        in_arabic, rest = set(names[::2]), names[1::2]
        pages: dict[str, list[Page]] = {"ar": list(walk.all(in_arabic.__contains__))}
        for turn, language in enumerate(others):
            mine = set(rest[turn :: len(others)])
            pages[language] = list(Walk(place, language).all(mine.__contains__))
        return pages, walk.files()


def wrong_language(page: Page, language: str) -> list[str]:
    found = re.search(r'<html lang="([^"]*)" dir="([^"]*)"', page.html)
    wanted = (language, "rtl" if language == "ar" else "ltr")
    if page.name in NO_LANGUAGE or (found and found.groups() == wanted):
        return []
    return [f"lang and dir are {found and found.groups()}"]


@pytest.mark.skipif(ENDURE, reason="ENDURE=1 looks at all of it")
def test_no_page_shuts_anybody_out(rendered: tuple[dict[str, list[Page]], Any], dist: Path) -> None:
    pages, files = rendered
    found: dict[str, list[str]] = {}
    views = set()
    with chromium() as browser:
        look = Look(browser, dist, files)
        turn = 0
        for language, shown in pages.items():
            for page in shown:
                view, turn = VIEWS[turn % len(VIEWS)], turn + 1
                views.add(view)
                look.lay(page)
                look.at(*view)
                faults = [*wrong_language(page, language), *look.faults()]
                if page.name == "first":
                    faults += look.faults_of_the_menu()
                # In turn, so that each language meets both.
                if turn % 3:
                    faults += look.faults_of_large_text()
                else:
                    faults += look.faults_of_forced_colours(closely=False)
                if faults:
                    found[f"{language}, {page.name}, {view}"] = faults
    met = [page.name for shown in pages.values() for page in shown]
    assert len(met) == len(set(met)) > 60
    assert {language for language, shown in pages.items() if shown} == set(LANGUAGES)
    assert views == set(VIEWS)
    assert found == {}


@pytest.mark.skipif(not ENDURE, reason="half an hour: ENDURE=1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shuts_anybody_out_in_any_view(
    language: str, django_db_setup: None, django_db_blocker: Any, dist: Path
) -> None:
    with django_db_blocker.unblock(), place_in(COUNTRY.get(language, "NO")) as place:
        walk = Walk(place, language)
        pages, files = list(walk.all()), walk.files()
    found: dict[str, list[str]] = {}
    with chromium() as browser:
        look, plain = Look(browser, dist, files), Look(browser, dist, files, scripts=False)
        for page in pages:
            look.lay(page)
            faults = wrong_language(page, language)
            for view in VIEWS:
                look.at(*view)
                faults += [f"{view}: {one}" for one in look.faults()]
            look.at(320, "dark")
            faults += [*look.faults_of_the_menu(), *look.faults_of_large_text()]
            faults += look.faults_of_forced_colours(closely=True)
            plain.lay(page)
            faults += [f"no scripts: {one}" for one in plain.faults_without_scripts()]
            if faults:
                found[page.name] = faults
    assert found == {}


#: What has the focus is seen to have it, and nothing lies over it: the ring, and what stands in its middle.
FOCUS = """() => {
  const e = document.activeElement, box = e.closest('label.choice, .check, .crisis li') || e;
  const r = e.getBoundingClientRect(), x = (r.left + r.right) / 2, y = (r.top + r.bottom) / 2;
  const top = document.elementFromPoint(x, y), ring = one => { const s = getComputedStyle(one);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none'; };
  const name = `${e.tagName} ${e.id} ${e.className} "${(e.innerText || '').slice(0, 30)}"`;
  if (!ring(e) && !ring(box)) return `no ring: ${name}`;
  if (!top || !(box.contains(top) || top.contains(e))) return `covered: ${name} by ${top && top.className}`;
  return '';
}"""


class Keys:
    """Somebody who has no mouse. Everything on the way that gets the focus is looked at."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.wrong: list[str] = []

    def to(self, where: str) -> None:
        for _tab in range(120):
            self.page.keyboard.press("Tab")
            if wrong := self.page.evaluate(FOCUS):
                self.wrong.append(wrong)
            if self.page.evaluate("where => document.activeElement.matches(where)", where):
                return
        raise AssertionError(f"the keyboard does not come to {where}")

    def press(self, where: str, then: str) -> None:
        """Press it, and wait for what comes."""
        self.to(where)
        self.page.keyboard.press("Enter")
        self.page.locator(then).first.wait_for(state="attached")


@pytest.mark.parametrize("language", ["ar", "nb"] if ENDURE else ["ar"])
def test_the_whole_way_by_the_keyboard_alone_with_text_twice_as_large(
    world: World, at: Any, dist: Path, language: str
) -> None:
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        setup.change_languages(languages=["nb", "en", "ar"], default_language="nb", by=MACHINE)
        setup.review_language(code="ar", reviewed_by="Leila Haddad", by=MACHINE)
    client = at(world.alpha, headers={"accept-language": language})
    size = {"width": 390, "height": 844}
    with chromium() as browser:
        page = window(browser, client, dist, viewport=size, reduced_motion="reduce")
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; })"
        )
        page.goto("/")
        assert page.locator("html").get_attribute("lang") == language
        keys = Keys(page)
        onward, asked = "#journey .actions button:not([name])", "input[name=step][value={}]"
        keys.press("#knock", asked.format("school"))
        for choice, key, after in (
            ("school", "ArrowDown", "who"), ("role", "Space", "how"), 
            ("channel", "Space", "spoken" if language == "ar" else "about"),
        ):  # fmt: skip
            keys.to(f"input[name={choice}]")
            page.keyboard.press(key)  # the second school is the one where several answer
            keys.press(onward, asked.format(after))
        if language == "ar":  # in which no adult answers here
            keys.press("button[name=skip]", asked.format("about"))
        keys.to("#id_message")
        page.keyboard.type("Hei")
        keys.press(onward, asked.format("name"))
        keys.press("button[name=skip]", asked.format("check"))
        keys.press(onward, "#receipt-code")
        keys.press("form[data-keep] button", "#id_text")
        keys.to("#id_text")
        page.keyboard.type("Mer")
        keys.press("button[value=message]", ".message[data-own] >> nth=1")
        assert page.get_by_text("Mer", exact=True).count()
        assert keys.wrong == []


def test_without_scripts_nothing_waits_for_one(
    rendered: tuple[dict[str, list[Page]], Any], dist: Path
) -> None:
    pages, files = rendered
    found = {}
    with chromium() as browser:
        plain = Look(browser, dist, files, scripts=False)
        for page in pages["ar"]:
            plain.lay(page)
            plain.at(390, "light")
            if faults := plain.faults_without_scripts():
                found[page.name] = faults
    assert found == {}
