"""How retention stands in the checklist of set-up: whether the archive's decision is noted."""

from django.urls import reverse
from django.utils.translation import gettext as _

from services.retention import queries
from tenants.setup.checklist import Item


def item() -> Item:
    """Ready when somebody has noted what the municipality decided about its archive; before that nothing goes."""
    is_decided = queries.archive_decision() is not None
    note = (
        _("The archive's decision is noted.")
        if is_decided
        else _("Nothing goes before the archive has decided.")
    )
    return Item(_("Decide how long we keep it"), note, is_decided, reverse("retention:rules"))
