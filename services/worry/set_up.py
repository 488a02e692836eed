"""How worry stands in the checklist of set-up: whether helpers have somebody to call."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from services.worry import queries
from services.worry.models import LocalNumber
from tenants.setup.checklist import Item
from tenants.setup.queries.answers import open_schools


def item() -> Item:
    """Ready when each kind of number is kept, and each open school's principal has one."""
    rows = queries.all_numbers()
    kinds = {row.kind for row in rows}
    with_principal = {row.school_id for row in rows if row.kind == LocalNumber.Kind.PRINCIPAL}
    without = sum(school.pk not in with_principal for school in open_schools())
    if without:
        note = ngettext(
            "%(n)d school has no number of its principal.",
            "%(n)d schools have no number of their principal.",
            without,
        ) % {"n": without}
    elif kinds < set(LocalNumber.Kind.values):
        note = _("Some numbers are missing.")
    else:
        note = _("Helpers know whom to call.")
    ready = not without and kinds >= set(LocalNumber.Kind.values)
    return Item(_("Keep the numbers for a worry"), note, ready, reverse("worry:setup"))
