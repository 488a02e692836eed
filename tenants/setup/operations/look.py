"""The colour of the door, the logo, and what students see of the helpers."""

import hashlib
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.permissions import require
from kernel.ui.colour import parse_hex, to_hex
from tenants.setup.logos import drawn_for
from tenants.setup.models import Look
from tenants.setup.operations.change import change


def checked_brand(brand: str) -> str:
    """`#rrggbb`, lower case. Raises Invalid (brand)."""
    try:
        return to_hex(parse_hex(brand.strip()))
    except ValueError:
        raise Invalid(brand=_("Write the colour as # and six digits, such as #0b5d6b.")) from None


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
    require(by, "setup.change_look")
    picture = drawn_for(logo, by) if logo else None
    with change(by, "change_look") as this:
        row = Look.objects.get()
        changed = []
        if brand is not None and (colour := checked_brand(brand)) != row.brand:
            row.brand = colour
            changed.append("brand")
        if picture:
            row.logo = picture
            row.logo_hash = hashlib.sha256(picture).hexdigest()[:16]
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
