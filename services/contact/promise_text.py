"""The promise as a sentence. Said from the moment of the knock, so that a retry shows the same words."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from kernel.ui.when import say_when


def promise_text(
    due: datetime, *, said_at: datetime, timezone: str, language: str, here: bool = False
) -> str:
    """ "You hear from us by Tuesday 7 April at 14:00." in the language, clock in the municipality's zone.

    `here`: the student wants to meet and we cannot find them, so the answer stands in the conversation.
    """
    with translation.override(language):
        sentence = (
            _("An adult answers in the conversation by %(when)s. Your code opens it.")
            if here
            else _("You hear from us by %(when)s.")
        )
        return sentence % {"when": say_when(due, said_at, timezone, language)}
