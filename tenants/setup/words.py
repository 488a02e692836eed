"""Calendars and guarantees in words, in the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.utils.translation import pgettext_lazy as lazily
from kernel.guarantee import CountedHours, Guarantee

WEEKDAYS = {
    1: lazily("weekday", "Monday"),
    2: lazily("weekday", "Tuesday"),
    3: lazily("weekday", "Wednesday"),
    4: lazily("weekday", "Thursday"),
    5: lazily("weekday", "Friday"),
    6: lazily("weekday", "Saturday"),
    7: lazily("weekday", "Sunday"),
}


def weekday_name(weekday: int) -> str:
    """ISO weekday (1 = Monday) in the reader's language."""
    return str(WEEKDAYS[weekday])


def in_words(guarantee: Guarantee) -> str:
    """ "within 24 open hours", "within 2 working days"."""
    if isinstance(guarantee, CountedHours):
        hours = int(guarantee.hours)
        return ngettext("within %(n)d open hour", "within %(n)d open hours", hours) % {"n": hours}
    days = guarantee.days
    if days == 1:
        return _("by the end of the next working day")
    return ngettext("within %(n)d working day", "within %(n)d working days", days) % {"n": days}
