"""Whom to call at once: operator-kept numbers per country, with hours, source and the day they were checked.

Shown on the student's first screen, before anonymous sending, on error pages and offline; never chosen by a
municipality alone. Texts are msgids; `open_now()` reads the hours in the country's own zone. Order = order
on screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

ALL_DAY = ((time(0), time(0)),) * 7
"""Round the clock, Monday first; a span that ends at 00:00 ends at midnight."""


@dataclass(frozen=True)
class Number:
    """One number: `number` as people read it, `tel` as a phone dials it.

    `spans` has one (from, to) or None for each weekday, Monday first, in the country's zone. `checked` is
    the day on which the hours were last read at the source; None = the operator has yet to read them there
    (shown on the operator's list).
    """

    number: str
    name: str
    what: Text
    hours: Text
    spans: tuple[tuple[time, time] | None, ...]
    source: str
    checked: date | None
    danger: bool = False

    @property
    def shown(self) -> str:
        """The name, with soft hyphens where a narrow page may break a long word."""
        return SOFT.get(self.name, self.name)

    @property
    def tel(self) -> str:
        return self.number.replace(" ", "")

    def open_now(self, now: datetime, country: str) -> bool:
        """Whether somebody answers at `now` (aware)."""
        local = now.astimezone(ZoneInfo(ZONES.get(country, "Europe/Oslo")))
        span = self.spans[local.weekday()]
        if span is None:
            return False
        start, end = span
        return start <= local.time() and (end == time(0) or local.time() < end)


SOFT = {
    "Alarmtelefonen": "Alarm\u00adtelefonen",
    "Sjukvårdsrådgivningen": "Sjukvårds\u00adråd\u00adgivningen",
    "BørneTelefonen": "Børne\u00adTelefonen",
    "Alarmcentralen": "Alarm\u00adcentralen",
}
ZONES = {
    "NO": "Europe/Oslo",
    "SE": "Europe/Stockholm",
    "DK": "Europe/Copenhagen",
    "FI": "Europe/Helsinki",
    "IS": "Atlantic/Reykjavik",
}
DANGER = _("If life is in danger")
HURT = _("If somebody threatens or hurts you")
YOUNG = _("For children and young people")
DOCTOR = _("Doctor, when it cannot wait")
TALK = _("Someone to talk to")
ROUND_THE_CLOCK = _("All day and night")


def _always(
    number: str, name: str, what: Text, source: str, *, danger: bool = False, checked: date | None = None
) -> Number:
    return Number(number, name, what, ROUND_THE_CLOCK, ALL_DAY, source, checked, danger)


NUMBERS: dict[str, tuple[Number, ...]] = {
    "NO": (
        _always("116 111", "Alarmtelefonen", YOUNG, "https://www.116111.no/"),
        _always(
            "113",
            "Medisinsk nødtelefon",
            DANGER,
            "https://www.helsenorge.no/hjelpetilbud-i-kommunene/ring-113/",
            danger=True,
        ),
        _always("112", "Politiet", HURT, "https://www.politiet.no/"),
        _always(
            "116 117", "Legevakt", DOCTOR, "https://www.helsenorge.no/hjelpetilbud-i-kommunene/legevakt/"
        ),
        _always("116 123", "Mental Helse", TALK, "https://mentalhelse.no/fa-hjelp/hjelpetelefonen"),
    ),
    "SE": (
        _always("116 111", "Bris", YOUNG, "https://www.bris.se/", checked=date(2025, 8, 20)),
        _always("112", "SOS Alarm", DANGER, "https://www.sosalarm.se/112/", danger=True),
        _always("90101", "Mind Självmords\xadlinjen", TALK, "https://mind.se/hitta-hjalp/sjalvmordslinjen/"),
        _always("1177", "Sjukvårdsrådgivningen", DOCTOR, "https://www.1177.se/om-1177/nar-du-ringer-1177/"),
    ),
    "DK": (
        _always("116 111", "BørneTelefonen", YOUNG, "https://bornsvilkar.dk/bornetelefonen/"),
        _always("112", "Alarmcentralen", DANGER, "https://www.borger.dk/", danger=True),
        Number(
            "70 201 201",
            "Livslinien",
            TALK,
            _("Every day from 11"),
            ((time(11), time(0)),) * 7,
            "https://www.livslinien.dk/",
            None,
        ),
    ),
    "FI": (
        Number(
            "116 111",
            "Lasten ja nuorten puhelin",
            YOUNG,
            _("Every day until midnight"),
            ((time(14), time(0)),) * 5 + ((time(17), time(0)),) * 2,
            "https://www.nuortennetti.fi/apua-ja-tukea/lasten-ja-nuorten-puhelin/",
            date(2025, 11, 19),
        ),
        _always("112", "Hätäkeskus", DANGER, "https://112.fi/", danger=True),
        _always("116 117", "Päivystysapu", DOCTOR, "https://www.116117.fi/"),
        _always("09 2525 0111", "MIELI Kriisipuhelin", TALK, "https://mieli.fi/tukea-ja-apua/kriisipuhelin/"),
    ),
    "IS": (
        _always("1717", "Hjálparsími Rauða krossins", TALK, "https://www.1717.is/"),
        _always("112", "Neyðarlínan", DANGER, "https://www.112.is/", danger=True),
        _always("1700", "Heilsuvera", DOCTOR, "https://www.heilsuvera.is/"),
    ),
}


def numbers_for(country: str) -> tuple[Number, ...]:
    """The numbers of an ISO 3166-1 country; an unknown country gets Europe's 112."""
    return NUMBERS.get(country.upper()) or (_always("112", "112", DANGER, "https://112.eu/", danger=True),)
