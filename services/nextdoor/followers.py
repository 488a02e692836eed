"""What a student said of the next door goes with the case, and is given to them."""

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.audit.operations import Reading
from services.contact.following import Follower, Item, Section, because
from services.contact.models import ContactRequest, NextDoor
from services.nextdoor.words import CODES
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in


def _said(request: ContactRequest, _reading: Reading) -> Iterable[Section]:
    rows = (
        NextDoor.objects.filter(request=request)
        .select_related("from_role", "to_role", "school")
        .order_by("at")
    )
    found = tuple(_one(row) for row in rows)
    if found:
        yield Section("next_doors", _("When we were late, and whom you asked instead"), found)


def _one(row: NextDoor) -> tuple[Item, ...]:
    at = "contact.NextDoor"
    return (
        Item(f"{at}.at", _("When"), row.at),
        Item(f"{at}.from_role", _("Who was late"), _name(row.from_role)),
        Item(f"{at}.to_role", _("Whom you asked instead"), _name(row.to_role) if row.to_role else None),
        Item(f"{at}.school", _("School"), row.school.name),
        Item(f"{at}.shares", _("What they could read"), row.shares),
    )


def _name(role: HelperRole) -> str:
    return text_in(role.names, get_language() or "en") or role.key


NEXT_DOORS = Follower(
    name="next_doors",
    order=31,
    models=("contact.NextDoor",),
    gives=frozenset(
        f"contact.NextDoor.{name}" for name in ("at", "from_role", "to_role", "school", "shares")
    ),
    excused=because(
        "ties rows together and says nothing",
        "contact.NextDoor.request",
        "contact.NextDoor.broken",
        "contact.NextDoor.promise",
    ),
    words=CODES,
    export=_said,
)
