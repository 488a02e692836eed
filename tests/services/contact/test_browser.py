"""The student's door in a real browser, on a phone: the one button in sight, Back on every step, the receipt."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from kernel.actor import MACHINE
from kernel.tenancy import inside
from kernel.ui import assets
from services.contact import operations
from services.contact.models import ContactRequest
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import knock
from tests.window import CHROMIUM, chromium, outside_the_loop, window

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium-headless-shell"),
    pytest.mark.skipif(
        not (assets.ROOT / assets.COMPONENTS).exists(), reason="no node_modules: run `make setup`"
    ),
]
PHONE = {"width": 390, "height": 844}
IN_SIGHT = """() => {
  const exit = document.querySelector('.exit').getBoundingClientRect().top;
  return ['h1', '#knock', '.hero .promise'].map(q => [q, document.querySelector(q).getBoundingClientRect()])
    .filter(([q, r]) => r.top < 0 || r.bottom > exit).map(([q, r]) => `${q} ${r.top} ${r.bottom} / ${exit}`);
}"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    assets.build(dist=folder)
    return folder


@pytest.fixture
def door(world: World, at: Any) -> Client:
    """Alfa's door, with people behind it."""
    with inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
    return at(world.alpha, headers={"accept-language": "en"})


def phone(browser: Any, client: Client, dist: Path, **options: Any) -> Any:
    page = window(browser, client, dist, **{"viewport": PHONE, "reduced_motion": "reduce", **options})
    page.route(
        "**/static/contact/*",
        lambda route: route.fulfill(
            path=finders.find(f"contact/{route.request.url.rsplit('/', 1)[-1]}"),
            content_type="text/javascript",
        ),
    )
    return page


def step(page: Any) -> str:
    return str(page.locator("input[name=step]").input_value())


def answer(page: Any, world: World) -> None:
    """Answer the question that is asked, and wait for the next."""
    before = step(page)
    match before:
        case "school":
            page.locator(f"input[value='{world.school}']").check()
        case "who":
            page.locator(f"input[value='{world.nurse_role}']").check()
        case "how":
            page.locator("input[value=phone]").check()
        case "reach":
            page.get_by_label("Your phone number").fill("99887766")
        case "about":
            page.get_by_label("Write here").fill("Something that must not be lost")
        case "name":
            page.get_by_label("Your name").fill("Mona")
    page.get_by_role("button", name="Next").click()
    page.wait_for_function(
        "before => document.querySelector('input[name=step]').value !== before", arg=before
    )


STEPS = ["school", "who", "how", "reach", "about", "name", "check"]


def test_the_phones_own_back_goes_one_question_back_on_every_step_and_loses_nothing(
    world: World, door: Client, dist: Path
) -> None:
    with chromium() as browser:
        page = phone(browser, door, dist)
        page.goto("/knock/")
        for _step in STEPS[1:]:
            answer(page, world)
        assert step(page) == "check"
        for earlier in reversed(STEPS[:-1]):
            page.evaluate("history.back()")  # nothing on this page was touched
            page.wait_for_function(
                "step => document.querySelector('input[name=step]')?.value === step", arg=earlier
            )
        answer(page, world)
        assert step(page) == "check", "everything is still said"
        kept = page.locator("#journey").evaluate("f => Object.fromEntries(new FormData(f))")
        assert (kept["message"], kept["name"]) == ("Something that must not be lost", "Mona")


def test_no_entry_of_the_history_is_made_before_something_was_pressed(
    world: World, door: Client, dist: Path
) -> None:
    """A browser jumps over entries that a page made by itself: the one that Back leads to is the first press's."""
    with chromium() as browser:
        page = phone(browser, door, dist)
        page.goto("/knock/")
        before = page.evaluate("history.length")
        page.wait_for_timeout(100)
        assert page.evaluate("history.length") == before
        answer(page, world)
        assert page.evaluate("history.length") == before + 1
        answer(page, world)
        assert page.evaluate("[history.length, history.state]") == [before + 1, 1]


def test_without_a_network_the_question_stays_with_every_word(world: World, door: Client, dist: Path) -> None:
    with chromium() as browser:
        page = phone(browser, door, dist)
        page.goto("/knock/")
        for _step in range(4):
            answer(page, world)
        page.get_by_label("Write here").fill("Still here")
        page.route("**/knock/", lambda route: route.abort())
        page.get_by_role("button", name="Next").click()
        page.locator("[data-offline]").wait_for(state="visible")
        assert page.get_by_label("Write here").input_value() == "Still here"
        page.unroute("**/knock/")
        answer_again = page.get_by_role("button", name="Next")
        answer_again.click()
        page.wait_for_function("() => document.querySelector('input[name=step]').value === 'name'")


@pytest.mark.parametrize("size", [(320, 568), (390, 664)], ids=["320x568", "390x664"])
@pytest.mark.parametrize("language", ["nb", "en"])
def test_question_button_and_promise_are_in_sight_at_once(
    door: Client, dist: Path, size: tuple[int, int], language: str
) -> None:
    door.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    with chromium() as browser:
        page = phone(browser, door, dist, viewport={"width": size[0], "height": size[1]})
        page.goto("/")
        assert page.evaluate(IN_SIGHT) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("width", [320, 390])
def test_the_language_menu_stays_on_the_page_beside_a_long_name(
    door: Client, dist: Path, width: int, direction: str
) -> None:
    with chromium() as browser:
        page = phone(browser, door, dist, viewport={"width": width, "height": 700})
        page.goto("/")
        page.evaluate(
            "direction => { document.documentElement.dir = direction;"
            " document.querySelector('.name span').textContent = 'Nordre Buskerud fylkeskommune og omegn'; }",
            direction,
        )
        page.locator(".languages summary").click()
        menu = page.locator(".languages form").bounding_box()
        name, choice = (page.locator(q).bounding_box() for q in (".top .name", ".languages summary"))
        assert menu["x"] >= 0
        assert menu["x"] + menu["width"] <= width
        assert abs((name["y"] + name["height"] / 2) - (choice["y"] + choice["height"] / 2)) < 2, "one line"


def test_the_box_for_the_message_is_as_high_as_it_says(world: World, door: Client, dist: Path) -> None:
    with chromium() as browser:
        page = phone(browser, door, dist)
        page.goto("/knock/")
        for _step in range(4):
            answer(page, world)
        assert page.get_by_label("Write here").bounding_box()["height"] >= 7 * 1.5 * 17


def test_going_back_after_a_refusal_never_meets_the_browsers_own_error_page(
    world: World, door: Client, dist: Path
) -> None:
    with outside_the_loop(), inside(world.alpha):
        code = knock(world).receipt
    with chromium() as browser:
        page = phone(browser, door, dist)
        page.goto("/")
        page.goto("/receipt/")
        page.get_by_label("Your code").fill("wrong")
        page.get_by_role("button", name="Open").click()
        page.locator(".ds-error-summary").wait_for()
        page.get_by_label("Your code").fill(code)
        page.get_by_role("button", name="Open").click()
        page.get_by_label("Write more").wait_for()
        page.get_by_role("button", name="Send").click()
        page.locator(".ds-error-summary").wait_for()
        page.get_by_label("Write more").fill("More")
        page.get_by_role("button", name="Send").click()
        page.locator(".message[data-own]").nth(1).wait_for()
        asked: list[str] = []
        page.on("request", lambda one: asked.append(one.method) if one.is_navigation_request() else None)
        for _page in range(3):
            page.evaluate("setTimeout(() => history.back())")
            page.wait_for_timeout(500)  # some pages lead on by themselves
            page.locator("h1").wait_for()
        assert set(asked) <= {"GET"}
        assert page.locator("h1").inner_text()


def _remember(page: Any, code: str) -> None:
    """On their own phone, behind a PIN: sealed there, opened by it alone."""
    page.get_by_text("Remember it on my own phone").click()
    for pin, answer in (("12", "Write 6 to 12 digits."), ("482915", "This phone remembers it now.")):
        assert page.evaluate("() => localStorage.length") == 0
        page.get_by_label("Choose a PIN").fill(pin)
        page.get_by_role("button", name="Remember it here").click()
        page.get_by_text(answer).wait_for()
    kept = page.evaluate("() => JSON.stringify({...localStorage})")
    assert "482915" not in kept
    assert not [group for group in code.split() if group in kept]
    page.goto("/receipt/")
    for pin, answer in (("111111", "That is not the PIN."), ("482915", "Your conversation")):
        page.get_by_label("Your PIN").fill(pin)
        page.get_by_role("button", name="Open with my PIN").click()
        page.get_by_text(answer).first.wait_for()


def test_the_code_is_shown_two_groups_a_line_and_kept_as_a_picture_or_behind_a_pin(
    world: World, door: Client, dist: Path
) -> None:
    with chromium() as browser:
        page = phone(
            browser, door, dist, viewport={"width": 320, "height": 568}, has_touch=True, is_mobile=True
        )
        page.goto("/knock/")
        for _step in ("school", "who"):
            answer(page, world)
        page.locator("input[value=conversation]").check()
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Skip").click()
        page.wait_for_function("() => document.querySelector('input[name=step]').value === 'name'")
        page.get_by_role("button", name="Skip").click()
        page.get_by_role("button", name="Send").click()
        page.locator("#receipt-code").wait_for()
        tops = page.locator("#receipt-code > span").evaluate_all("a => a.map(e => Math.round(e.offsetTop))")
        assert [tops.count(top) for top in sorted(set(tops))] == [2, 2, 2]
        assert not page.locator(".qr").is_visible(), "a phone cannot photograph itself"
        assert not page.get_by_text("You don't have to do anything more.").count()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save as a picture").click()
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
        code = page.locator("#receipt-code").inner_text()
        _remember(page, code)
    with inside(world.alpha):
        assert operations.open_by_receipt(code).case_id == ContactRequest.objects.get().pk


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_long_list_of_schools_gets_shorter_while_one_types_or_by_its_button(
    world: World, door: Client, dist: Path, scripts: bool
) -> None:
    with inside(world.alpha):
        for n in range(9):
            school = setup.add_school(name=f"Åssiden {n} vgs", form="upper_secondary", by=MACHINE)
            setup.give_post(
                account_id=world.people["nurse"], role_id=world.nurse_role, school_id=school, by=MACHINE
            )
        Post.objects.update(starts_on=date(2020, 1, 1))
    with chromium() as browser:
        page = phone(browser, door, dist, java_script_enabled=scripts)
        page.goto("/knock/")
        find, schools = page.locator("button[name=find]"), page.locator(".choice:visible")
        assert schools.count() > 9
        page.get_by_label("Search for your school").fill("assiden 3" if scripts else "Åssiden 3")
        if scripts:
            assert not find.is_visible()
        else:
            find.click()
        assert schools.count() == 1
        assert "Åssiden 3 vgs" in schools.first.inner_text()
        if scripts:
            page.get_by_label("Search for your school").fill("zzz")
            assert page.get_by_text("No school has that name.").is_visible()
            page.get_by_label("Search for your school").fill("")
            assert schools.count() > 9
