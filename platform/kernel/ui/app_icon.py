"""The icon on a phone's home screen: the municipality's logo on white, else the door in its colour (mark.py)."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageDraw

from kernel.ui.look import Look
from kernel.ui.theme import scene_colours

VERSION = "1"
"""Part of the address: raise it when the same look shall give another picture."""

SIZES = (192, 512)
LIGHT = "#ffe3a3"
#: How much of the square a logo may fill: an icon that a phone cuts to a circle keeps the middle 80 % only.
ROOM, ROOM_TO_CUT = 0.84, 0.56
_FINER = 4  # drawn this many times larger, then made small: Pillow's own edges are steps


def icon_stamp(look: Look) -> str:
    """Twelve hex digits naming the icons of this look, for `/app-icon.<stamp>-<size>.png`."""
    return hashlib.sha256(f"{VERSION}:{look.brand}:{look.logo_url}".encode()).hexdigest()[:12]


def icon_url(look: Look, size: int, *, cut: bool = False) -> str:
    """The address of one icon; `cut`: with room around it, for phones that cut icons to their own shape."""
    return f"/app-icon.{icon_stamp(look)}-{size}{'-cut' if cut else ''}.png"


@lru_cache(maxsize=256)
def icon_png(brand: str, logo: bytes, size: int, *, cut: bool = False) -> bytes:
    """The icon as PNG. `logo`: the municipality's own (tenants/setup/logos.py has drawn it), b"" for the door.

    The door needs no room of its own: it stands within the middle of its wall.
    """
    picture = _with_logo(logo, size, ROOM_TO_CUT if cut else ROOM) if logo else _door(brand, size)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _with_logo(logo: bytes, size: int, room: float) -> Image.Image:
    mark = Image.open(io.BytesIO(logo), formats=("PNG",)).convert("RGBA")
    scale = size * room / max(mark.size)
    wide, high = (max(1, round(side * scale)) for side in mark.size)
    mark = mark.resize((wide, high), Image.Resampling.LANCZOS)
    picture = Image.new("RGB", (size, size), "#ffffff")
    picture.paste(mark, ((size - wide) // 2, (size - high) // 2), mark)
    return picture


def _door(brand: str, size: int) -> Image.Image:
    """The same drawing as mark.icon_svg, in its 64 by 64."""
    colour = scene_colours(brand, "light")
    side = size * _FINER
    unit = side / 64
    picture = Image.new("RGB", (side, side), colour["wall"])
    pen = ImageDraw.Draw(picture)

    def shape(fill: str, *points: tuple[float, float]) -> None:
        pen.polygon([(x * unit, y * unit) for x, y in points], fill=fill)

    shape(colour["floor"], (0, 51), (64, 51), (64, 64), (0, 64))
    shape(LIGHT, (26, 51), (46, 51), (60, 64), (18, 64))
    shape("#ffffff", (18, 11), (46, 11), (46, 51), (18, 51))
    shape(LIGHT, (21, 14), (43, 14), (43, 51), (21, 51))
    shape(colour["door"], (21, 14), (34, 11), (34, 57), (21, 51))
    pen.ellipse([(x * unit) for x in (29.2, 33.2, 32.8, 36.8)], fill=LIGHT)
    return picture.resize((size, size), Image.Resampling.LANCZOS)
