"""Calendars and guarantees in words, in the reader's language."""

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel.guarantee import CountedHours, Guarantee

SCHOOL_FORMS = {
    "compulsory": gettext_lazy("Compulsory school"),
    "upper_secondary": gettext_lazy("Upper-secondary school"),
    "vocational": gettext_lazy("Vocational school"),
    "adult": gettext_lazy("School for adults"),
    "other": gettext_lazy("Another kind"),
}
EMPLOYER_KINDS = {
    "municipality": gettext_lazy("Municipality"),
    "county": gettext_lazy("County or region"),
    "state": gettext_lazy("State"),
    "private": gettext_lazy("Private"),
    "neighbour": gettext_lazy("Another municipality, by agreement"),
}
PROFESSION_NAMES = {
    "school_nurse": gettext_lazy("Nurse"),
    "counsellor": gettext_lazy("Counsellor or social worker"),
    "psychologist": gettext_lazy("Psychologist"),
    "educational_psychology": gettext_lazy("Educational psychology service"),
    "ssp": gettext_lazy("SSP adviser"),
    "guidance": gettext_lazy("Guidance counsellor"),
    "other": gettext_lazy("Another profession"),
}
#: How urgent helper and student agreed it is.
URGENCIES = {
    "today": gettext_lazy("It cannot wait"),
    "days": gettext_lazy("It can wait some days"),
    "weeks": gettext_lazy("It can wait some weeks"),
}
#: Who may send pictures and files in a conversation, and what that means.
WHO_SENDS_FILES = {
    "nobody": gettext_lazy("Nobody"),
    "named": gettext_lazy("Helpers, and students who gave a name"),
    "everybody": gettext_lazy("Everybody, also students without a name"),
}
FILES_MEAN = {
    "nobody": gettext_lazy("Words alone. So it is until you choose."),
    "named": gettext_lazy("Whoever gave their name has less to give away by a picture."),
    "everybody": gettext_lazy(
        "Place, time and camera hidden in a picture are taken away. What it shows may still say who somebody is."
    ),
}
DAY_STATES = {
    "closed": gettext_lazy("Closed"),
    "half": gettext_lazy("Half day"),
    "open": gettext_lazy("Open as usual"),
}


def weekday_name(weekday: int) -> str:
    """ISO weekday (1 = Monday) in the reader's language."""
    return capfirst(str(WEEKDAYS[weekday - 1]))


def in_words(guarantee: Guarantee) -> str:
    """ "within 24 open hours", "within 2 working days"."""
    if isinstance(guarantee, CountedHours):
        hours = int(guarantee.hours)
        return ngettext("within %(n)d open hour", "within %(n)d open hours", hours) % {"n": hours}
    days = guarantee.days
    if days == 1:
        return _("by the end of the next working day")
    return ngettext("within %(n)d working day", "within %(n)d working days", days) % {"n": days}
