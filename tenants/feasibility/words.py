"""Gaps and outlooks in words, in the reader's language and the municipality's zone."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from kernel import clock
from kernel.tenancy import require_current
from kernel.ui.when import say_date, say_when
from tenants.feasibility.gaps import Day, Gap, Outlook, State

#: What a date is called in the picture, and what that means.
STATES: dict[State, tuple[Any, Any]] = {
    "gap": (
        gettext_lazy("Gap"),
        gettext_lazy("Somebody who knocks on this day is promised an answer that nobody is there to give."),
    ),
    "alone": (
        gettext_lazy("One person"),
        gettext_lazy("The promise hangs on one person. If they fall ill, nobody stands in."),
    ),
    "empty": (
        gettext_lazy("Nobody"),
        gettext_lazy("Nobody is there on this day. The promise is kept on another day, in time."),
    ),
    "fine": (
        gettext_lazy("Somebody"),
        gettext_lazy("Somebody is there, or somebody stands in."),
    ),
    "closed": (gettext_lazy("Closed"), gettext_lazy("The calendar is closed. Nobody has to be there.")),
}
TONES: dict[State, str] = {
    "gap": "danger",
    "alone": "warning",
    "empty": "neutral",
    "fine": "success",
    "closed": "neutral",
}
WHY_CLOSED = {
    "weekday": gettext_lazy("Closed"),
    "special_hours": gettext_lazy("Closed"),
    "extra_closed_day": gettext_lazy("Closed day"),
    "public_holiday": gettext_lazy("Public holiday"),
    "school_break": gettext_lazy("School break"),
}
AS_WHAT = {"holder": gettext_lazy("post"), "substitute": gettext_lazy("substitute")}


def said_day(day: date) -> str:
    """ "today", "Thursday 3 December"."""
    zone = require_current().timezone
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return say_date(noon, clock.now(), zone, get_language() or "en")


def said_instant(instant: datetime) -> str:
    """With the clock; the first minute of a day is that day."""
    zone = require_current().timezone
    local = instant.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return said_day(local.date())
    return say_when(instant, clock.now(), zone, get_language() or "en")


def said_due(due: datetime) -> str:
    return say_when(due, clock.now(), require_current().timezone, get_language() or "en")


def said_gap(gap: Gap) -> str:
    """ "Thursday 3 December to Friday 4 December: nobody is there. Who knocks … is promised an answer by …"."""
    if gap.first is None or gap.last is None or gap.knock.due is None:
        return _("Your calendar opens too seldom to keep this. Open more hours first.")
    days = said_day(gap.first)
    if gap.last != gap.first:
        days = _("%(first)s to %(last)s") % {"first": days, "last": said_day(gap.last)}
    said = {"days": days, "asked": said_instant(gap.knock.asked), "due": said_due(gap.knock.due)}
    text = _("%(days)s: nobody is there. Who knocks %(asked)s is promised an answer by %(due)s.") % said
    return capfirst(text)


def said_gaps(gaps: Iterable[Gap]) -> list[str]:
    return [said_gap(gap) for gap in gaps]


def and_more(n: int) -> str:
    return ngettext("and %(n)d more", "and %(n)d more", n) % {"n": n}


def days_with_a_gap(n: int) -> str:
    if not n:
        return _("No gap")
    return ngettext("%(n)d day with a gap", "%(n)d days with a gap", n) % {"n": n}


def left_of_it(n: int) -> str:
    """After what is tried."""
    if not n:
        return _("no gap is left")
    return ngettext("%(n)d day with a gap is left", "%(n)d days with a gap are left", n) % {"n": n}


def in_short(coming: Outlook) -> tuple[str, str]:
    """What a cell of the overview says, and its tone."""
    state = coming.state
    n = coming.count(state)
    if state == "gap":
        return days_with_a_gap(n), TONES[state]
    if state == "alone":
        return str(STATES[state][0]), TONES[state]
    if state == "closed":
        return _("Closed"), TONES[state]
    return _("Can be kept"), TONES["fine"]


def on_that_day(day: Day) -> str:
    """What a date of the picture says."""
    if day.state == "fine":
        n = len(day.people)
        return ngettext("%(n)d there", "%(n)d there", n) % {"n": n}
    if day.state == "closed" and day.closed is not None:
        return str(WHY_CLOSED[day.closed])
    return str(STATES[day.state][0])
