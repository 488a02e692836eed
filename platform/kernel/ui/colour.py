"""Colour arithmetic for the theme: sRGB, relative luminance, L* and OKLCH. Pure functions, no state.

Ported from what chroma.js 3 (BSD-3-Clause) and hsluv 1 (MIT) do inside Designsystemet, so that our scales
equal theirs to the last bit (tests/kernel/ui/golden_theme.json). Matrices: CSS Color 4, section 18.
Channels are 0-255 floats.
"""

from __future__ import annotations

import math
import re

type RGB = tuple[float, float, float]

BLACK: RGB = (0.0, 0.0, 0.0)
WHITE: RGB = (255.0, 255.0, 255.0)
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def parse_hex(text: str) -> RGB:
    """`#0b5d6b`, `0B5D6B` or `#abc` as channels; anything else is a ValueError that says so."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        raise ValueError(f"not a colour of the form #rrggbb: {text!r}")
    digits = found[1] if len(found[1]) == 6 else "".join(d * 2 for d in found[1])
    return (float(int(digits[0:2], 16)), float(int(digits[2:4], 16)), float(int(digits[4:6], 16)))


def to_hex(rgb: RGB) -> str:
    """`#rrggbb`, halves rounded up as JavaScript's Math.round does, channels clipped to the sRGB gamut."""
    return "#" + "".join(f"{math.floor(min(max(c, 0.0), 255.0) + 0.5):02x}" for c in rgb)


def _linear(channel: float) -> float:
    x = channel / 255
    return x / 12.92 if x <= 0.03928 else float(((x + 0.055) / 1.055) ** 2.4)


def luminance(rgb: RGB) -> float:
    """Relative luminance 0-1 as WCAG 2 defines it."""
    return 0.2126 * _linear(rgb[0]) + 0.7152 * _linear(rgb[1]) + 0.0722 * _linear(rgb[2])


def contrast(a: RGB, b: RGB) -> float:
    """WCAG 2 contrast ratio, 1-21."""
    hi, lo = sorted((luminance(a), luminance(b)), reverse=True)
    return (hi + 0.05) / (lo + 0.05)


def mix(a: RGB, b: RGB, part: float) -> RGB:
    """`part` of the way from a to b, straight in sRGB."""
    return (a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2]))


def with_luminance(rgb: RGB, wanted: float) -> RGB:
    """The colour mixed with black or white until its luminance is `wanted` (bisection as chroma.js does)."""
    if wanted <= 0:
        return BLACK
    if wanted >= 1:
        return WHITE
    low, high = (BLACK, rgb) if luminance(rgb) > wanted else (rgb, WHITE)
    for _ in range(21):
        middle = mix(low, high, 0.5)
        got = luminance(middle)
        if abs(wanted - got) < 1e-7:
            break
        low, high = (low, middle) if got > wanted else (middle, high)
    return parse_hex(to_hex(middle))


def lightness(rgb: RGB) -> float:
    """CIE L* 0-100, with hsluv's matrix row (a hair beside WCAG's: it shows in the last bit of hover)."""
    r, g, b = (_linear_precise(c) for c in rgb)
    y = 0.21263900587151027 * r + 0.715168678767756 * g + 0.07219231536073371 * b
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def luminance_of_lightness(lstar: float) -> float:
    """The luminance of the grey with that L*, of the 8-bit grey as hsluv writes it."""
    lstar = min(max(lstar, 0.0), 100.0)
    y = ((lstar + 16) / 116) ** 3 if lstar > 8 else lstar * 27 / 24389
    x = y * 12.92 if y <= 0.0031308 else 1.055 * y ** (1 / 2.4) - 0.055
    grey = float(math.floor(x * 255 + 0.5))
    return luminance((grey, grey, grey))


def scale_chroma(rgb: RGB, factor: float) -> RGB:
    """The same OKLCH lightness and hue with the chroma times `factor`, back in 8-bit sRGB (clipped)."""
    r, g, b = (_linear_precise(c) for c in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    light = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = (1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short) * factor
    o = (0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short) * factor
    l3 = (light + 0.3963377774 * a + 0.2158037573 * o) ** 3
    m3 = (light - 0.1055613458 * a - 0.0638541728 * o) ** 3
    s3 = (light - 0.0894841775 * a - 1.2914855480 * o) ** 3
    back = (
        4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
        -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
        -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
    )
    return parse_hex(to_hex((_companded(back[0]), _companded(back[1]), _companded(back[2]))))


def _linear_precise(channel: float) -> float:
    x = channel / 255
    return x / 12.92 if x <= 0.04045 else float(((x + 0.055) / 1.055) ** 2.4)


def _companded(x: float) -> float:
    size = abs(x)
    y = size * 12.92 if size <= 0.0031308 else 1.055 * size ** (1 / 2.4) - 0.055
    return math.copysign(y * 255, x)
