"""The municipality's look for every page, registered with kernel.ui: from the process cache, never
raising."""

import logging
from typing import Any

from django.db import DatabaseError

from kernel.tenancy import inside
from kernel.ui.look import Look
from tenants.setup.queries import recent_portal

log = logging.getLogger("lavterskel.setup")


def look_of_municipality(municipality: Any) -> Look | None:
    """Colour, logo, exit and languages (the default first); None when nothing is known of it."""
    try:
        with inside(municipality):
            portal = recent_portal()
    except DatabaseError:
        log.warning("No look for municipality %s: the database is away", municipality.id)
        return None
    if portal.version is None:
        return None
    default = portal.default_language
    others = (code for code in portal.door_languages if code != default)
    return Look(
        brand=portal.look.brand,
        logo_url=portal.look.logo_url,
        exit_url=portal.look.exit_url,
        languages=(default, *others),
        unread=frozenset(one.code for one in portal.languages if not one.reviewed),
    )
