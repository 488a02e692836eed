"""The colour of the door, the logo, and what students see of the helpers."""

import hashlib
import io
import warnings
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.ui.colour import parse_hex, to_hex
from tenants.setup.models import Look
from tenants.setup.operations.change import change

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4000
#: A logo is kept no larger than a page ever shows it (twice, for sharp screens).
KEPT_WIDTH, KEPT_HEIGHT = 480, 160
RASTERS = ("PNG", "JPEG", "WEBP")


def checked_brand(brand: str) -> str:
    """`#rrggbb`, lower case. Raises Invalid (brand)."""
    try:
        return to_hex(parse_hex(brand.strip()))
    except ValueError:
        raise Invalid(brand=_("Write the colour as # and six digits, such as #0b5d6b.")) from None


def checked_logo(content: bytes) -> bytes:
    """The picture, drawn anew as a small PNG: whatever else was in the file is gone.

    Raises Invalid (logo) for what is too large, not a picture, or a drawing with code in it (SVG).
    """
    if len(content) > MOST_BYTES:
        raise Invalid(logo=_("This file is too large. Use a picture of at most 2 MB."))
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype")) or b"<svg" in start:
        raise Invalid(logo=_("SVG files can hold code, so we do not take them. Save it as PNG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=RASTERS)
            if max(picture.size) > MOST_PIXELS:
                raise Invalid(logo=_("This picture is too big. Use at most 4000 pixels a side."))
            picture.load()
            return _redrawn(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(logo=_("This is not a picture we can read. Use PNG, JPEG or WebP.")) from None
    except (OSError, ValueError, SyntaxError, EOFError):
        raise Invalid(logo=_("This picture is damaged. Save it again as PNG and try once more.")) from None


def _redrawn(picture: Image.Image) -> bytes:
    clean = picture.convert("RGBA")
    clean.thumbnail((KEPT_WIDTH, KEPT_HEIGHT), Image.Resampling.LANCZOS)
    fresh = Image.new("RGBA", clean.size)
    fresh.paste(clean)
    out = io.BytesIO()
    fresh.save(out, format="PNG", optimize=True)
    return out.getvalue()


def change_look(
    *,
    brand: str | None = None,
    logo: bytes | None = None,
    show_names: bool | None = None,
    exit_url: str | None = None,
    by: Actor,
) -> None:
    """Change what is given, leave the rest. `logo` is the file as uploaded; `exit_url` "" = the country's
    own.

    Raises Invalid (brand, logo, exit_url), naming everything that is wrong.
    """
    with change(by, "change_look") as this:
        row = Look.objects.get()
        changed = []
        if brand is not None and (colour := checked_brand(brand)) != row.brand:
            row.brand = colour
            changed.append("brand")
        if logo:
            row.logo = checked_logo(logo)
            row.logo_hash = hashlib.sha256(row.logo).hexdigest()[:16]
            changed.append("logo")
        if show_names is not None and show_names != row.show_names:
            row.show_names = show_names
            changed.append("show_names")
        if exit_url is not None and (address := _checked_exit(exit_url)) != row.exit_url:
            row.exit_url = address
            changed.append("exit_url")
        if changed:
            row.save()
            this.record("look", row.pk, changed=changed)


def _checked_exit(address: str) -> str:
    address = address.strip()
    if not address:
        return ""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or len(address) > 200:
        raise Invalid(exit_url=_("Write a whole address that begins with https://."))
    return address


def remove_logo(*, by: Actor) -> None:
    """Show the name alone again."""
    with change(by, "remove_logo") as this:
        row = Look.objects.get()
        if row.logo_hash:
            row.logo, row.logo_hash = None, ""
            row.save()
            this.record("look", row.pk, changed=["logo"])
