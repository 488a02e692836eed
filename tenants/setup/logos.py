"""A logo from a stranger: looked through before anything is decoded, then drawn anew as a small PNG.

A file of 88 kB can ask for a quarter of a minute of a processor (a JPEG of 800 scans), so what a logo never
needs is refused by reading the file's own table of contents, and one picture at a time is decoded.
"""

import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.actor import Actor
from kernel.errors import FieldError, Invalid
from kernel.people import limits

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4000
#: Pictures one person (or one applicant) may have drawn in an hour: each costs a moment of a processor.
LOGOS_AN_HOUR = 20
#: A progressive JPEG as programs save it has 10 scans; each is a whole pass over the picture.
MOST_SCANS = 20
#: A PNG of 2 MB in the usual pieces of 8 kB has 260.
MOST_CHUNKS = 2000
#: A logo is kept no larger than a page ever shows it (twice, for sharp screens).
KEPT_WIDTH, KEPT_HEIGHT = 480, 160
#: A face is shown at 80 pixels at most, twice for sharp screens; so kept it is some 6 kB.
FACE_SIDE = 160
RASTERS = ("PNG", "JPEG", "WEBP")
_SCAN = 0xDA
#: The next marker in a JPEG's coded data: FF 00 is a coded FF, FF D0–D7 only restart.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_decoding = threading.Lock()

type Draw = Callable[[Image.Image], bytes]


def face_for(content: bytes, by: Actor) -> bytes:
    """A portrait as a small square, without where and when it was taken. As `drawn_for`. Raises Invalid (picture)."""
    try:
        return drawn_for(content, by, draw=_portrait)
    except Invalid as refused:
        raise Invalid([FieldError("picture", error.message) for error in refused.errors]) from None


def drawn_for(content: bytes, by: Actor, *, draw: Draw | None = None) -> bytes:
    """The picture drawn anew for somebody, who may have twenty an hour.

    Counted in the schema we are inside, outside of any transaction. Raises Invalid (logo).
    """
    if by.kind != "machine" and not limits.allowed("logo", str(by.id), most=LOGOS_AN_HOUR, seconds=3600):
        raise Invalid(logo=_("That was many pictures. Wait an hour, then try again."))
    return drawn_anew(content, draw=draw)


def drawn_anew(content: bytes, *, draw: Draw | None = None) -> bytes:
    """The picture as a small PNG: whatever else was in the file is gone.

    Raises Invalid (logo) for what is too large, moves, is not a picture, is a drawing with code in it (SVG), or
    comes while another is being drawn in this process.
    """
    _look_through(content)
    if not _decoding.acquire(blocking=False):
        raise Invalid(logo=_("We are drawing another picture. Try again in a moment."))
    try:
        return _decoded(content, draw or _redrawn)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(logo=_("This is not a picture we can read. Use PNG, JPEG or WebP.")) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise _damaged() from None
    finally:
        _decoding.release()


def _damaged() -> Invalid:
    return Invalid(logo=_("This picture is damaged. Save it again as PNG and try once more."))


def _look_through(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Invalid(logo=_("This file is too large. Use a picture of at most 2 MB."))
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in start:
        raise Invalid(logo=_("SVG files can hold code, so we do not take them. Save it as PNG."))
    if _exceeds(jpeg_scans(content), MOST_SCANS) or _exceeds(png_chunks(content), MOST_CHUNKS):
        raise _damaged()


def _exceeds(parts: Iterator[int], most: int) -> bool:
    return any(number > most for number, _part in enumerate(parts, start=1))


def jpeg_scans(content: bytes) -> Iterator[int]:
    """Where each scan of a JPEG begins; nothing for another file. Decodes nothing."""
    if not content.startswith(b"\xff\xd8"):
        return
    at = 2
    while found := _MARKER.search(content, at):
        kind, at = found.group(1)[0], found.end()
        if kind == _SCAN:
            yield found.start()
        if kind in (0x01, 0xD8, 0xD9):  # these stand alone: no length follows
            continue
        at += max(2, int.from_bytes(content[at : at + 2], "big"))


def png_chunks(content: bytes) -> Iterator[int]:
    """Where each chunk of a PNG begins; nothing for another file."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return
    at = 8
    while at + 8 <= len(content):
        yield at
        at += 12 + int.from_bytes(content[at : at + 4], "big")


def _decoded(content: bytes, draw: Draw) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(io.BytesIO(content), formats=RASTERS)
        if max(picture.size) > MOST_PIXELS:
            raise Invalid(logo=_("This picture is too big. Use at most 4000 pixels a side."))
        if getattr(picture, "is_animated", False):
            raise Invalid(logo=_("This picture moves. Save one still picture of it as PNG."))
        picture.load()
        return draw(picture)


def _portrait(picture: Image.Image) -> bytes:
    """Upright, cut to a square a little above its middle: that is where faces are."""
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    on_white = Image.new("RGB", upright.size, "white")
    on_white.paste(upright, mask=upright.getchannel("A"))
    square = ImageOps.fit(on_white, (FACE_SIDE, FACE_SIDE), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    out = io.BytesIO()
    square.save(out, format="WEBP", quality=72, method=6)
    return out.getvalue()


def _redrawn(picture: Image.Image) -> bytes:
    clean = picture.convert("RGBA")
    clean.thumbnail((KEPT_WIDTH, KEPT_HEIGHT), Image.Resampling.LANCZOS)
    fresh = Image.new("RGBA", clean.size)
    fresh.paste(clean)
    out = io.BytesIO()
    fresh.save(out, format="PNG", optimize=True)
    return out.getvalue()
