"""A form that is sent twice is done once, also without JavaScript: each form carries a mark of its own."""

import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction

#: Seconds a mark is remembered: longer than any form stays open (a staff session ends after 8 hours).
REMEMBERED = 9 * 3600


def mark() -> str:
    """A new mark for a form."""
    return secrets.token_urlsafe(16)


@transaction.atomic
def once(sent_mark: str, act: Callable[[], object]) -> bool:
    """Do `act` unless a form with this mark ("verb:mark") has done it. True when it was done now.

    The mark is remembered in the transaction of the act: what fails may be sent again. No mark: always done.
    """
    if not sent_mark.endswith(":") and not cache.add(f"desk:once:{sent_mark[:80]}", 1, REMEMBERED):
        return False
    act()
    return True
