"""The 30 days drawn: a strip for a cell of the overview, and weeks for a door. Worse is taller: no colour is needed."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from babel import Locale
from babel.dates import get_day_names, get_month_names
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tenants.feasibility.gaps import Day, State
from tenants.feasibility.words import on_that_day

_WIDE, _HIGH = 8, 24
#: How tall a date stands in the strip.
TALL: dict[State, int] = {"gap": 24, "alone": 14, "empty": 8, "fine": 8, "closed": 3}


class Stretch(NamedTuple):
    """Dates one after another in the same state."""

    state: State
    at: int
    length: int


def strip(days: Sequence[Day]) -> SafeString:
    """A row of bars, one a date. Hidden from who hears the page: the words beside it say the same."""
    stretches, at = [], 0
    for state, found in groupby(days, key=lambda day: day.state):
        length = sum(1 for _day in found)
        stretches.append(Stretch(state, at, length))
        at += length
    bars = format_html_join(
        "",
        '<rect class="of-{}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (one.state, one.at * _WIDE, _HIGH - TALL[one.state], one.length * _WIDE - 1, TALL[one.state])
            for one in stretches
        ),
    )
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        len(days) * _WIDE,
        _HIGH,
        bars,
    )


def weekday_heads() -> list[dict[str, str]]:
    """Monday first: short to see, whole to hear."""
    locale = _locale()
    short = get_day_names("abbreviated", context="stand-alone", locale=locale)
    whole = get_day_names("wide", context="stand-alone", locale=locale)
    return [{"short": short[n].rstrip("."), "whole": whole[n]} for n in range(7)]


def weeks(days: Sequence[Day]) -> list[list[dict[str, Any]]]:
    """Rows from Monday to Sunday; dates that are not looked at are empty."""
    known = {day.day: day for day in days}
    first = days[0].day - timedelta(days=days[0].day.weekday())
    n = (days[-1].day - first).days // 7 + 1
    return [
        [_cell(known, first + timedelta(days=7 * row + column)) for column in range(7)] for row in range(n)
    ]


def _cell(known: dict[date, Day], day: date) -> dict[str, Any]:
    found = known.get(day)
    if found is None:
        return {"state": "outside"}
    month = ""
    if day.day == 1 or day == min(known):
        month = get_month_names("abbreviated", locale=_locale())[day.month].rstrip(".")
    return {"state": found.state, "number": day.day, "month": month, "words": on_that_day(found), "day": day}


def _locale() -> Locale:
    return Locale.parse((get_language() or "en").replace("-", "_"))
