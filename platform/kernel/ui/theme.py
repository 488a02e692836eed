"""One colour -> a whole accessible theme, light and dark.

The scale is Designsystemet's documented algorithm (github.com/digdir/designsystemet, MIT, ©
Digitaliseringsdirektoratet): eleven steps at fixed luminance, the base as given, in the dark OKLCH chroma
times 0.7, hover and active 8 and 16 L* away. `scale()` equals the npm package @digdir/designsystemet
(golden values in tests). Its base alone is not safe for arbitrary colours, so `theme()` first clamps the
base: L* at most 48.5 in the light and at least 54 in the dark. Then text keeps 4.65:1 on backgrounds and
tinted surfaces, text on fills 4.65:1, and fills 3.46:1 against them, for any colour.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Literal

from kernel.ui.colour import (
    BLACK,
    RGB,
    WHITE,
    contrast,
    lightness,
    luminance,
    luminance_of_lightness,
    parse_hex,
    scale_chroma,
    to_hex,
    with_luminance,
)

type Scheme = Literal["light", "dark"]

VERSION = "1"
"""Part of the hash: raise it when the same colour shall give another file."""

DEFAULT_BRAND = "#0b5d6b"

STEPS: dict[str, tuple[float, float]] = {
    "background-default": (1, 0.009),
    "background-tinted": (0.9, 0.014),
    "surface-default": (1, 0.021),
    "surface-tinted": (0.81, 0.027),
    "surface-hover": (0.7, 0.036),
    "surface-active": (0.59, 0.056),
    "border-subtle": (0.5, 0.08),
    "border-default": (0.19, 0.22),
    "border-strong": (0.11, 0.39),
    "text-subtle": (0.11, 0.39),
    "text-default": (0.0245, 0.84),
}
"""Relative luminance of each step in light and dark."""

LIGHTEST_BASE = 48.5
DARKEST_BASE = 54.0


def scale(brand: str, scheme: Scheme, *, clamped: bool = False) -> dict[str, str]:
    """Sixteen named colours as `#rrggbb`; `clamped` keeps the fill safe for any brand."""
    rgb = parse_hex(brand)
    tint = scale_chroma(rgb, 0.7) if scheme == "dark" else rgb
    column = 0 if scheme == "light" else 1
    colours = {name: to_hex(with_luminance(tint, steps[column])) for name, steps in STEPS.items()}
    return colours | _base_colours(rgb, scheme, clamped=clamped)


def _base_colours(rgb: RGB, scheme: Scheme, *, clamped: bool) -> dict[str, str]:
    lstar = lightness(rgb)
    if scheme == "dark":
        lstar = 70 if lstar <= 30 else 100 - lstar
    wanted = min(lstar, LIGHTEST_BASE) if scheme == "light" else max(lstar, DARKEST_BASE)
    moved = clamped and wanted != lstar
    if clamped:
        lstar = wanted
    # 67 where theirs says 65: between them active would fall to L* 49, too dark for its black text.
    step = -8 if lstar <= 30 or 49 <= lstar <= (67 if clamped else 65) else 8
    base = rgb if scheme == "light" and not moved else with_luminance(rgb, luminance_of_lightness(lstar))
    return {
        "base-default": to_hex(base),
        "base-hover": to_hex(with_luminance(rgb, luminance_of_lightness(lstar - step))),
        "base-active": to_hex(with_luminance(rgb, luminance_of_lightness(lstar - 2 * step))),
        "base-contrast-subtle": to_hex(_contrast_subtle(base)),
        "base-contrast-default": to_hex(_readable_on(base)),
    }


def _readable_on(rgb: RGB) -> RGB:
    return WHITE if contrast(rgb, WHITE) >= contrast(rgb, BLACK) else BLACK


def _contrast_subtle(rgb: RGB) -> RGB:
    lstar = lightness(rgb)
    distance = 60 if lstar <= 40 or lstar >= 60 else 50
    wanted = lstar + distance if _readable_on(rgb) == WHITE else lstar - distance
    return with_luminance(rgb, luminance_of_lightness(wanted))


def scene_colours(brand: str, scheme: Scheme) -> dict[str, str]:
    """What the drawings are painted with: the door is the brand, moved only until it shows on the wall."""
    rgb = parse_hex(brand)
    quiet = scale_chroma(rgb, 0.9 if scheme == "light" else 0.6)
    bright = luminance(rgb)
    if scheme == "light":
        door = rgb if bright <= 0.42 else with_luminance(rgb, 0.42)
        wall, floor = with_luminance(quiet, 0.79), with_luminance(quiet, 0.68)
        frame, shade = WHITE, 0.55
    else:
        door = with_luminance(rgb, min(max(bright, 0.095), 0.34))
        wall, floor = with_luminance(quiet, 0.032), with_luminance(quiet, 0.02)
        frame, shade = with_luminance(quiet, 0.012), 0.5
    dark = with_luminance(door, luminance(door) * shade)
    named = {"wall": wall, "floor": floor, "door": door, "door-dark": dark, "frame": frame}
    return {name: to_hex(colour) for name, colour in named.items()}


def theme(brand: str, scheme: Scheme) -> dict[str, str]:
    """All custom properties of one scheme, without the leading dashes."""
    ours = scale(brand, scheme, clamped=True)
    properties = {f"ds-color-accent-{name}": colour for name, colour in ours.items()}
    return properties | scene_colours(brand, scheme)


@lru_cache(maxsize=2048)
def theme_css(brand: str) -> str:
    """The style sheet of one brand: custom properties only, dark by `prefers-color-scheme`.

    ValueError for what is not a colour.
    """
    raw = to_hex(parse_hex(brand))
    identity = {"brand": raw, "on-brand": to_hex(_readable_on(parse_hex(raw)))}
    light, dark = identity | theme(raw, "light"), theme(raw, "dark")
    in_the_dark = f"@media (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}}}"
    return f":root{{{_declarations(light)}}}{in_the_dark}"


def _declarations(properties: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in properties.items())


def theme_hash(brand: str) -> str:
    """Twelve hex digits naming `theme_css(brand)`, for `/theme.<hash>.css`."""
    raw = to_hex(parse_hex(brand))
    return hashlib.sha256(f"{VERSION}:{raw}:{theme_css(raw)}".encode()).hexdigest()[:12]
