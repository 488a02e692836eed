"""A picture from anybody, drawn anew: measured before it is decoded, one at a time in a process.

What is kept is a JPEG of ours: no place, no time, no camera, no second picture, no code, nothing after its end.
"""

import io
import struct
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from tenants.setup.logos import MOST_SCANS, jpeg_scans, png_chunks

#: What a picture may measure before it is decoded. A JPEG is decoded at a fraction of its size, the others whole.
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
MOST_SIDE = 16_000
#: A JPEG that comes in several passes (progressive) is held whole while it is decoded, six bytes for each of its
#: points, whatever fraction is drawn.
MOST_PIXELS_IN_PASSES = 16_000_000
#: A PNG of 8 MB in pieces of 4 kB has 2,000.
MOST_CHUNKS = 4000
#: The long side of what is kept: a photographed page can be read, and a student's page stays quick.
KEPT_SIDE = 2560
QUALITY = 85
#: Seconds that a picture waits for the one before it.
PATIENCE = 10.0
_SCAN = b"\xda"
_decoding = threading.Lock()


class CannotDraw(Exception):
    """`why`: too-big (in pixels) · moves · damaged · busy."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    width: int
    height: int


def drawn_anew(content: bytes, kind: str) -> Drawn:
    """The picture as a JPEG the right way up, its long side at most KEPT_SIDE. `kind`: JPEG, PNG or WEBP, as its first
    bytes say. Raises CannotDraw.
    """
    _look_through(content, kind)
    if not _decoding.acquire(timeout=PATIENCE):
        raise CannotDraw("busy")
    try:
        return _drawn(content, kind)
    except CannotDraw:
        raise
    except Image.DecompressionBombError:
        raise CannotDraw("too-big") from None
    except Exception:
        raise CannotDraw("damaged") from None
    finally:
        _decoding.release()


def _look_through(content: bytes, kind: str) -> None:
    """What its own table of contents says, with nothing decoded."""
    if kind == "WEBP":
        width, height, moves = _webp_says(content)
        _refuse_what_is_too_big(kind, width, height)
        if moves:
            raise CannotDraw("moves")
    if _exceeds(jpeg_scans(content), MOST_SCANS) or _exceeds(png_chunks(content), MOST_CHUNKS):
        raise CannotDraw("damaged")


def _webp_says(content: bytes) -> tuple[int, int, bool]:
    """Width, height and whether it moves: the decoder makes room for all of it before it tells (RFC 9649)."""
    try:
        if content[12:16] == b"VP8X":
            width = 1 + int.from_bytes(content[24:27], "little")
            return width, 1 + int.from_bytes(content[27:30], "little"), bool(content[20] & 0x02)
        if content[12:16] == b"VP8L":
            bits = struct.unpack_from("<I", content, 21)[0]
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), False
        if content[12:16] == b"VP8 ":
            width, height = struct.unpack_from("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF, False
    except (struct.error, IndexError):
        pass
    raise CannotDraw("damaged")


def _refuse_what_is_too_big(kind: str, width: int, height: int, *, most: int | None = None) -> None:
    if max(width, height) > MOST_SIDE or width * height > (most or MOST_PIXELS[kind]):
        raise CannotDraw("too-big")


def _comes_in_passes(picture: JpegImageFile, content: bytes) -> bool:
    """Progressive, or with a first scan that has not all of its colours: the decoder keeps every pass to the end."""
    first = next(jpeg_scans(content), None)
    if first is None:
        return False  # nothing to decode: damaged
    colours = content[content.index(_SCAN, first) + 3 :][:1]  # after the marker and its length
    return "progressive" in picture.info or colours != bytes([picture.layers])


def _exceeds(parts: Iterator[int], most: int) -> bool:
    return any(number > most for number, _part in enumerate(parts, start=1))


def _drawn(content: bytes, kind: str) -> Drawn:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own measure is stricter
        picture: Image.Image = Image.open(io.BytesIO(content), formats=(kind,))
        _refuse_what_is_too_big(kind, *picture.size)
        if isinstance(picture, JpegImageFile) and _comes_in_passes(picture, content):
            _refuse_what_is_too_big(kind, *picture.size, most=MOST_PIXELS_IN_PASSES)
        # A JPEG never moves: a phone's own second picture (MPO) is dropped like everything else.
        if kind != "JPEG" and getattr(picture, "is_animated", False):
            raise CannotDraw("moves")
        picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return _saved(upright)


def _saved(picture: Image.Image) -> Drawn:
    """On white where it is see-through."""
    if picture.mode.startswith("I"):  # 16 bits a point, as scanners save it
        picture = picture.convert("I").point(lambda point: point * (1 / 256)).convert("L")
    if picture.mode not in ("RGB", "L", "CMYK", "YCbCr"):
        picture = picture.convert("RGBA")
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    fresh = Image.new("RGB", picture.size, "white")
    if picture.mode == "RGBA":
        fresh.paste(picture, mask=picture)
    else:
        fresh.paste(picture.convert("RGB"))
    out = io.BytesIO()
    fresh.save(out, format="JPEG", quality=QUALITY, optimize=True)
    return Drawn(out.getvalue(), *fresh.size)
