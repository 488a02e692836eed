"""Files as strangers send them, made here: good ones, and every bad one we know of."""

import io
import struct
import zlib

from PIL import Image

from services.attachments.intake import Taken, Upload, take_in

#: Words that must be nowhere once the picture is drawn anew.
HIDDEN = b"KANARI-GPS-59.9139N-10.7522E"
SCRIPT = b"<html><script>alert('kanari')</script></html>"
PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\('kanari'\\))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 64
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 20), *, mode: str = "RGB", **save: object
) -> bytes:
    """Its left half is red, its right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, format=kind, **save)
    return out.getvalue()


def with_place(orientation: int = 1) -> bytes:
    """A JPEG as a phone saves it: EXIF with a place, a description, XMP and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = HIDDEN.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (59.0, 54.0, 50.0), "E", (10.0, 45.0, 8.0)
    return picture(
        "JPEG", (400, 200), exif=exif, xmp=b"<x:xmpmeta>" + HIDDEN + b"</x:xmpmeta>", comment=HIDDEN
    )


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (10, 10), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, format=kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that says it is so large, with these chunks before an empty picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"".join(more) + chunk(b"IDAT", zlib.compress(b"\x00" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body


def text_bomb() -> bytes:
    """A compressed text of 200 MB in a PNG of a few hundred kB."""
    squeezed = zlib.compressobj(9)
    packed = b"".join(squeezed.compress(b"\x00" * 1_000_000) for _n in range(200)) + squeezed.flush()
    return png_of(10, 10, chunk(b"zTXt", b"Comment\x00\x00" + packed))


def webp_of(width: int, height: int) -> bytes:
    """A WebP that says it is so large (VP8X), and holds nothing."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x00" * 4 + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def upload(content: bytes, name: str = "bilde.jpg") -> Upload:
    return Upload(name, content, len(content))


def taken(*contents: bytes, name: str = "bilde.jpg", documents: bool = False) -> tuple[Taken, ...]:
    return take_in([upload(content, name) for content in contents], documents=documents)
