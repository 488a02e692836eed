"""The look: a logo drawn anew, a colour tried before it is saved."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from kernel.errors import Invalid
from tenants.setup import operations as setup
from tenants.setup.models import Look
from tenants.setup.queries import portal
from tests.tenants.setup.pictures import SVG, picture


def upload(browser, content: bytes, name: str = "logo.png", **typed):
    file = io.BytesIO(content)
    file.name = name
    typed = {"brand": "#aa3355", "show_names": "on", "exit_url": "", "logo": file} | typed
    return browser.post(reverse("setup:look"), typed, follow=True)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_drawn_anew_and_served_for_ever(browser, form) -> None:
    hidden = picture(form) + b"<script>alert(1)</script>"
    assert upload(browser, hidden).status_code == 200
    address = portal().look.logo_url
    answer = browser.get(address)
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert b"script" not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (480, 160)
    assert browser.get("/logo.0123456789abcdef.png").status_code == 404
    browser.post(reverse("setup:remove_logo"))
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"\xef\xbb\xbf  <svg/>",
        b"not a picture",
        picture()[:200],
        picture("GIF"),
        picture(size=(5000, 10)),
        b"\x89PNG" + b"\0" * 39_000_000,
    ],
    ids=["svg", "svg with mark", "text", "cut off", "gif", "too wide", "39 MB"],
)
def test_what_is_no_logo_is_refused_in_words_and_the_colour_is_kept(browser, content) -> None:
    before = Look.objects.get()
    answer = upload(browser, content)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "id_logo_error" in html
    assert "#aa3355" in html
    after = Look.objects.get()
    assert (after.brand, after.logo_hash) == (before.brand, before.logo_hash)


def test_the_refusal_of_a_logo_says_why(admin) -> None:
    heavy = io.BytesIO()
    Image.effect_noise((2000, 2000), 90).save(heavy, "PNG")
    for content, why in ((SVG, "SVG"), (heavy.getvalue(), "2 MB"), (picture(size=(5000, 10)), "4000")):
        with pytest.raises(Invalid) as refused:
            setup.change_look(logo=content, by=admin)
        assert why in str(refused.value.errors[0].message)


def test_a_picture_that_unfolds_into_a_bomb_is_refused(browser) -> None:
    out = io.BytesIO()
    Image.new("1", (4000, 4000)).save(out, "PNG")
    small = out.getvalue()
    # The header says 60,000 x 60,000; the file is a few kilobytes.
    bomb = small[:16] + (60000).to_bytes(4, "big") * 2 + small[24:]
    assert upload(browser, bomb).status_code == 422


@pytest.mark.parametrize("brand", ["red;}", "#12", "javascript:alert(1)", ""])
def test_what_is_no_colour_is_refused(browser, brand) -> None:
    answer = browser.post(reverse("setup:look"), {"brand": brand})
    assert answer.status_code == 422
    assert browser.get(reverse("setup:look_style"), {"brand": brand}).status_code == 404


def test_a_colour_is_tried_before_it_is_saved(browser) -> None:
    before = Look.objects.get().brand
    html = browser.post(reverse("setup:look"), {"brand": "#00aa00", "show": "1"}).content.decode()
    assert "brand=%2300aa00" in html
    part = browser.post(reverse("setup:look_preview"), {"brand": "#00aa00"}).content.decode()
    assert "brand=%2300aa00" in part
    assert "<html" not in part
    css = browser.get(reverse("setup:look_style"), {"brand": "#00aa00"}).content.decode()
    assert "[data-try]" in css
    assert ":root" not in css
    assert Look.objects.get().brand == before


def test_the_theme_changes_its_address_with_the_colour(browser, alpha, at) -> None:
    setup_page = browser.get("/setup/").content.decode()
    old = portal().look.theme_url
    assert old in setup_page
    browser.post(reverse("setup:look"), {"brand": "#7a1f5c"})
    new = portal().look.theme_url
    assert new != old
    fresh = at(alpha).get(new)
    assert "immutable" in fresh["Cache-Control"]
    assert "#7a1f5c" in fresh.content.decode()
    assert "immutable" not in at(alpha).get(old)["Cache-Control"]
