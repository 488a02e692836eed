"""How the next 30 days stand in the checklist of set-up: whether somebody is there for every promise."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock
from tenants.feasibility.queries import current_plan
from tenants.setup.checklist import Item


def item() -> Item:
    """Ready while no promise of the next 30 days has nobody to keep it; it leads to where, when and what helps."""
    coming = current_plan().outlooks(clock.now())
    n = sum(bool(one.gaps) for one in coming.values())
    if n:
        note = ngettext(
            "At %(n)d door nobody is there in time on some days.",
            "At %(n)d doors nobody is there in time on some days.",
            n,
        ) % {"n": n}
    else:
        note = _("Somebody is there for every promise.") if coming else _("Give helpers posts first.")
    return Item(
        _("See that somebody is there every day"),
        note,
        bool(coming) and not n,
        reverse("feasibility:overview"),
    )
