"""The promise as a sentence. Said from the moment of the knock, so that a retry shows the same words."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from kernel.ui.when import say_when


def promise_text(due: datetime, *, said_at: datetime, timezone: str, language: str) -> str:
    """ "You hear from us by Tuesday 7 April at 14:00." in the language, clock in the municipality's zone."""
    with translation.override(language):
        return _("You hear from us by %(when)s.") % {"when": say_when(due, said_at, timezone, language)}
