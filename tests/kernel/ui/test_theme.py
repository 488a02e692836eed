"""The theme: equal to Designsystemet's own scale, and safe for any colour an administrator may choose."""

from __future__ import annotations

import colorsys
import json
import pathlib
import random
import re

import pytest

from kernel.ui.colour import contrast, parse_hex
from kernel.ui.theme import Scheme, scale, scene_colours, theme_css, theme_hash

GOLDEN = json.loads((pathlib.Path(__file__).parent / "golden_theme.json").read_text())
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
GROUNDS = ("background-default", "background-tinted", "surface-default", "surface-tinted")
TEXTS = ("text-default", "text-subtle")
PAPERS = {"light": ("#fbf8f2", "#ffffff"), "dark": ("#15181c", "#1d2126")}


def brands() -> list[str]:
    """3,006 colours: the corners, all hues at eight tones, and random ones."""
    corners = ["#000000", "#ffffff", "#808080", "#ff0000", "#ffff00", "#0000ff"]
    draw = random.Random(7)
    hues = [colorsys.hls_to_rgb(h / 125, tone / 9, 1.0) for h in range(125) for tone in range(1, 9)]
    wheel = ["#" + "".join(f"{round(c * 255):02x}" for c in rgb) for rgb in hues]
    return corners + wheel + [f"#{draw.randrange(1 << 24):06x}" for _ in range(2000)]


def ratio(a: str, b: str) -> float:
    return contrast(parse_hex(a), parse_hex(b))


@pytest.mark.parametrize("brand", GOLDEN["colours"])
def test_the_unclamped_scale_equals_the_npm_package(brand: str) -> None:
    for scheme in SCHEMES:
        wanted = dict(zip(GOLDEN["names"], GOLDEN["colours"][brand][scheme].split(), strict=True))
        assert scale(brand, scheme) == wanted


def test_text_and_fills_are_readable_for_every_brand() -> None:
    assert len(brands()) >= 3000
    for brand in brands():
        for scheme in SCHEMES:
            c = scale(brand, scheme, clamped=True)
            grounds = [c[name] for name in GROUNDS] + list(PAPERS[scheme])
            text = min(ratio(c[t], ground) for t in TEXTS for ground in grounds)
            fills = [c["base-default"], c["base-hover"], c["base-active"]]
            on_fill = min(ratio(c["base-contrast-default"], fill) for fill in fills)
            fill = min(ratio(c["base-default"], ground) for ground in grounds)
            assert text >= 4.65, (brand, scheme, text)
            assert min(ratio(c[t], c["surface-hover"]) for t in TEXTS) >= 4.5, (brand, scheme)
            assert on_fill >= 4.65, (brand, scheme, on_fill)
            assert fill >= 3.46, (brand, scheme, fill)


def test_the_unclamped_scale_would_not_be_safe() -> None:
    weak = sum(ratio(scale(b, "light")["base-default"], "#ffffff") < 3 for b in brands()[-1000:])
    assert weak > 250


def test_the_door_shows_against_wall_and_light_for_every_brand() -> None:
    for brand in brands():
        for scheme in SCHEMES:
            c = scene_colours(brand, scheme)
            assert ratio(c["door"], c["wall"]) >= 1.6, (brand, scheme)
            assert ratio(c["door"], "#ffe3a3") >= 1.6, (brand, scheme)


def test_the_style_sheet_holds_custom_properties_only_in_both_schemes() -> None:
    css = theme_css("#0b5d6b")
    root = r":root\{(--[\w-]+:#[0-9a-f]{6};?)+\}"
    assert re.fullmatch(rf"{root}@media \(prefers-color-scheme:dark\)\{{{root}\}}", css)
    assert "--brand:#0b5d6b" in css
    assert "--door:#0b5d6b" in css
    assert len(css) < 2500


def test_a_colour_written_differently_is_the_same_theme() -> None:
    assert theme_hash("#0B5D6B") == theme_hash("0b5d6b") != theme_hash("#0b5d6c")
    assert theme_css("#abc") == theme_css("#aabbcc")


@pytest.mark.parametrize("text", ["", "red", "#12345", "#0b5d6b;}", "url(x)", "#gggggg"])
def test_what_is_not_a_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        theme_css(text)
