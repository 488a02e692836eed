"""The installable door: a manifest of the municipality's own, icons, and a worker that keeps nothing of anybody."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client, override_settings
from PIL import Image

from kernel.actor import MACHINE
from kernel.tenancy import inside
from kernel.ui import installing
from kernel.ui.app_icon import icon_png
from tenants.setup import operations as setup
from tests import access
from tests.cast import World
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(world: World, at: Callable[..., Client]) -> Client:
    return at(world.alpha, headers={"accept-language": "en"})


def staff(world: World, at: Callable[..., Client], who: str) -> Client:
    """Somebody who works here, second factor shown."""
    client = at(world.alpha, headers={"accept-language": "en"})
    with inside(world.alpha):
        account = world.account(who)
        sign_in(client, account)
    return client


def logo(width: int = 300, height: int = 100) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (width, height), "#123456").save(out, "PNG")
    return out.getvalue()


def picture(client: Client, address: str) -> Image.Image:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    return Image.open(io.BytesIO(answer.content))


def test_the_manifest_names_the_municipality_and_nothing_else(world: World, phone: Client) -> None:
    answer = phone.get("/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert said["name"] == said["short_name"] == world.alpha.name
    assert (said["display"], said["start_url"], said["scope"], said["dir"]) == ("standalone", "/", "/", "ltr")
    assert said["lang"] == "nb"
    assert not {"description", "shortcuts", "categories", "screenshots"} & set(said)
    assert not answer.cookies


def test_every_icon_of_the_manifest_is_there_in_its_size(phone: Client) -> None:
    icons = json.loads(phone.get("/manifest.webmanifest").content)["icons"]
    assert [(one["sizes"], one["purpose"]) for one in icons] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for one in icons:
        assert "x".join(map(str, picture(phone, one["src"]).size)) == one["sizes"]


def test_another_colour_or_a_logo_gives_icons_at_another_address(world: World, phone: Client) -> None:
    def first() -> str:
        return str(json.loads(phone.get("/manifest.webmanifest").content)["icons"][0]["src"])

    seen = [first()]
    for change in ({"brand": "#7a1f3d"}, {"logo": logo()}):
        with inside(world.alpha):
            setup.change_look(by=MACHINE, **change)
        seen.append(first())
        assert phone.get(seen[-2]).status_code == 404, "an older look is no longer drawn"
    assert len(set(seen)) == 3
    assert picture(phone, seen[-1]).getpixel((96, 96)) == (0x12, 0x34, 0x56)
    assert picture(phone, seen[-1]).getpixel((2, 2)) == (255, 255, 255)


@pytest.mark.parametrize("size", [192, 512])
def test_what_a_phone_cuts_off_an_icon_is_never_the_mark(size: int) -> None:
    cut = Image.open(io.BytesIO(icon_png("#0b5d6b", logo(100, 100), size, cut=True)))
    radius = size * 0.4
    for x in range(0, size, 4):
        for y in range(0, size, 4):
            if (x - size / 2) ** 2 + (y - size / 2) ** 2 > radius**2:
                assert cut.getpixel((x, y)) == (255, 255, 255), (x, y)


def test_the_page_for_no_network_has_the_numbers_in_every_language(phone: Client) -> None:
    html = unescape(phone.get("/offline/").content.decode())
    languages = re.findall(r'<section class="page" id="(\w+)" lang="(\w+)" dir="(\w+)"', html)
    assert [one for one, _lang, _dir in languages] == ["nb", "en"]
    assert html.count('href="tel:116111"') == len(languages)
    assert "Ingen forbindelse" in html
    assert "No connection" in html
    assert 'data-exit="https://www.yr.no/"' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert "<form" not in html


def test_the_page_for_no_network_is_the_same_for_whoever_asks(
    world: World, phone: Client, at: Callable[..., Client]
) -> None:
    admin = staff(world, at, "admin")
    for path in ("/offline/", "/sw.js", "/manifest.webmanifest"):
        mine, theirs = phone.get(path), admin.get(path)
        assert mine.content == theirs.content, path
        assert not mine.cookies
        assert not theirs.cookies


def test_the_worker_is_another_one_when_the_page_or_the_look_is(world: World, phone: Client) -> None:
    def version() -> str:
        found = re.search(r'"version": "(\w+)"', phone.get("/sw.js").content.decode())
        assert found is not None
        return found[1]

    before = version()
    assert version() == before
    with inside(world.alpha):
        setup.change_look(by=MACHINE, brand="#7a1f3d")
    assert version() != before


def test_no_page_of_those_who_work_here_is_answered_by_the_worker() -> None:
    """Every address that leads nobody to sign-in stands below one that the worker leaves alone."""
    rows = [row for row in access.MUNICIPALITY if row.GET.get("nobody", row.GET["*"]) == 302]
    left = [row.route for row in rows if not f"/{row.route}".startswith(installing.STAFF)]
    assert left == ["simple/", "exit/"], "both lead a student on"
    students = [row.route for row in access.MUNICIPALITY if "contact:" in row.names[0]]
    assert not [one for one in students if f"/{one}".startswith(installing.STAFF)]


def test_pages_of_students_name_the_worker_and_pages_of_staff_do_not(
    world: World, phone: Client, at: Callable[..., Client]
) -> None:
    desk = staff(world, at, "nurse").get("/desk/").content.decode()
    assert "data-worker" in phone.get("/").content.decode()
    assert "<main" in desk
    assert "manifest" not in desk


def test_switched_off_the_worker_takes_itself_away_and_no_page_asks_for_it(phone: Client) -> None:
    with override_settings(SERVICE_WORKER=False):
        script = phone.get("/sw.js").content.decode()
        assert "unregister" in script
        assert "fetch" not in script
        assert "data-worker" not in phone.get("/").content.decode()


def test_the_front_door_has_no_worker(client: Client) -> None:
    front = Client(SERVER_NAME="localhost")
    for path in ("/sw.js", "/offline/", "/manifest.webmanifest"):
        assert front.get(path).status_code == 404
    assert "manifest" not in front.get("/").content.decode()
