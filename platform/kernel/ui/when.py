"""How the platform says when: pure functions from an instant to words, in the reader's language and the
municipality's zone.

Instants are aware datetimes; naive ones are refused. The six languages of the platform have their own
patterns (Språkrådet's, Språkrådet SE's, Dansk Sprognævn's and Kotus' ways of writing clock times); the
languages of the student's door alone have the names of CLDR in patterns of ours; every other language gets CLDR's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta, get_day_names, get_month_names


@dataclass(frozen=True)
class Words:
    """The patterns of one language. `{}` is a clock time, a stretch of time, or nothing. `night`: a clock time at which
    most people sleep."""

    yesterday: str
    today: str
    tomorrow: str
    at: str
    day: str
    clock: str
    left: str
    over: str
    night: str


WORDS = {
    "nb": Words(
        "i går",
        "i dag",
        "i morgen",
        "{0} kl. {1}",
        "{weekday} {day}. {month}",
        "{0}.{1:02}",
        "{} igjen",
        "{} over tiden",
        "{} om natten",
    ),
    "nn": Words(
        "i går",
        "i dag",
        "i morgon",
        "{0} kl. {1}",
        "{weekday} {day}. {month}",
        "{0}.{1:02}",
        "{} att",
        "{} over tida",
        "{} om natta",
    ),
    "sv": Words(
        "i går",
        "i dag",
        "i morgon",
        "{0} kl. {1}",
        "{weekday} {day} {month}",
        "{0}.{1:02}",
        "{} kvar",
        "{} över tiden",
        "{} på natten",
    ),
    "da": Words(
        "i går",
        "i dag",
        "i morgen",
        "{0} kl. {1}",
        "{weekday} {day}. {month}",
        "{0}.{1:02}",
        "{} tilbage",
        "{} over tiden",
        "{} om natten",
    ),
    "fi": Words(
        "eilen",
        "tänään",
        "huomenna",
        "{0} klo {1}",
        "{weekday} {day}. {month}",
        "{0}.{1:02}",
        "{} jäljellä",
        "{} myöhässä",
        "{} yöllä",
    ),
    "en": Words(
        "yesterday",
        "today",
        "tomorrow",
        "{0} at {1}",
        "{weekday} {day} {month}",
        "{0:02}:{1:02}",
        "{} left",
        "{} late",
        "{}, in the night",
    ),
    "se": Words(
        "ikte",
        "odne",
        "ihttin",
        "{0} dii. {1}",
        "{weekday} {month} {day}. b.",
        "{0:02}.{1:02}",
        "{} vel",
        "{} badjel áiggi",
        "{} ihkku",
    ),
    "ar": Words(
        "أمس",
        "اليوم",
        "غدًا",
        "{0} الساعة {1}",
        "{weekday} {day} {month}",
        "{0:02}:{1:02}",
        "بقي {}",
        "تأخّر {}",
        "{} ليلًا",
    ),
    "uk": Words(
        "вчора",
        "сьогодні",
        "завтра",
        "{0}, {1}",
        "{weekday}, {day} {month}",
        "{0:02}:{1:02}",
        "ще {}",
        "запізнення {}",
        "{} ночі",
    ),
    "pl": Words(
        "wczoraj",
        "dzisiaj",
        "jutro",
        "{0}, godz. {1}",
        "{weekday}, {day} {month}",
        "{0:02}:{1:02}",
        "zostało: {}",
        "spóźnienie: {}",
        "{} w nocy",
    ),
    "so": Words(
        "shalay",
        "maanta",
        "berri",
        "{0} saacadda {1}",
        "{weekday} {day} {month}",
        "{0:02}:{1:02}",
        "{} ayaa hartay",
        "{} ayuu dib u dhacay",
        "{} habeenkii",
    ),
    "ti": Words(
        "ትማሊ",
        "ሎሚ",
        "ጽባሕ",
        "{0} ሰዓት {1}",
        "{weekday} {day} {month}",
        "{0:02}:{1:02}",
        "{} ተሪፉ",
        "{} ደንጕዩ",
        "{} ለይቲ",
    ),
}
#: The hour, by the municipality's clock, at which it is night no more.
NIGHT_ENDS = 5
FINNISH_ON = {
    0: "maanantaina",
    1: "tiistaina",
    2: "keskiviikkona",
    3: "torstaina",
    4: "perjantaina",
    5: "lauantaina",
    6: "sunnuntaina",
}


def say_when(instant: datetime, now: datetime, tz: str, lang: str) -> str:
    """ "i dag kl. 14.05", or "tirsdag 7. april kl. 14.00" for any day but yesterday, today and tomorrow.

    Midnight is said as 23.59 of the day before ("mandag 6. april kl. 23.59"): 24.00 and 00.00 are read as two
    different nights, and the earlier minute is honest to whoever waits. In words only: an instant stays exact.
    From then until NIGHT_ENDS it is said to be in the night ("tirsdag 7. april kl. 2.15 om natten"): a promise of a
    calendar that counts all hours runs out then as well, and nobody takes it for the afternoon, or waits up unwarned.
    """
    words = WORDS.get(lang)
    instant, clock = _day_and_clock(instant, tz, lang)
    day = say_date(instant, now, tz, lang)
    if words is None:
        return f"{day} {clock}"
    if _local(instant, tz).hour < NIGHT_ENDS:
        clock = words.night.format(clock)
    return words.at.format(day, clock)


def say_from(instant: datetime, now: datetime, tz: str, lang: str) -> str:
    """When something begins: as `say_when`, but midnight is the day that begins then ("mandag 6. april"), and no clock
    time of the day before."""
    local = _local(instant, tz)
    if (local.hour, local.minute) == (0, 0):
        return say_date(instant, now, tz, lang)
    return say_when(instant, now, tz, lang)


def say_in_full(instant: datetime, tz: str, lang: str) -> str:
    """ "26. november 2026 kl. 22.48": for paper, which is read on another day."""
    day, clock = _day_and_clock(instant, tz, lang)
    words = WORDS.get(lang)
    date = str(format_skeleton("yMMMMd", _local(day, tz), locale=_locale(lang)))
    return words.at.format(date, clock) if words else f"{date} {clock}"


def say_date(instant: datetime, now: datetime, tz: str, lang: str) -> str:
    """ "i dag", "tirsdag 7. april", with the year when it is not this one."""
    local, today = _local(instant, tz), _local(now, tz).date()
    words = WORDS.get(lang)
    if words is None:
        return str(
            format_skeleton(
                "yMMMMEEEEd" if local.year != today.year else "MMMMEEEEd", local, locale=_locale(lang)
            )
        )
    near = {-1: words.yesterday, 0: words.today, 1: words.tomorrow}.get((local.date() - today).days)
    if near:
        return near
    locale = _locale(lang)
    weekday = (
        FINNISH_ON[local.weekday()] if lang == "fi" else get_day_names("wide", locale=locale)[local.weekday()]
    )
    month = get_month_names("wide", locale=locale)[local.month]
    if lang == "se":  # of April, the 7th
        month = month.replace("mánnu", "mánu")
    text = words.day.format(weekday=weekday, day=local.day, month=month)
    return text if local.year == today.year else f"{text} {local.year}"


def say_date_shortly(instant: datetime, now: datetime, tz: str, lang: str) -> str:
    """ "i dag", "ons. 25. nov.": for a narrow column, where a long name of a day would break inside the word."""
    local, today, words = _local(instant, tz), _local(now, tz).date(), WORDS.get(lang)
    if words is None or abs((local.date() - today).days) <= 1:
        return say_date(instant, now, tz, lang)
    locale = _locale(lang)
    weekday = get_day_names("abbreviated", locale=locale)[local.weekday()]
    month = get_month_names("abbreviated", locale=locale)[local.month]
    text = words.day.format(weekday=weekday, day=local.day, month=month)
    return text if local.year == today.year else f"{text} {local.year}"


def say_time(instant: datetime, tz: str, lang: str) -> str:
    """ "14.05" (24 hours in all our languages)."""
    local = _local(instant, tz)
    words = WORDS.get(lang)
    return words.clock.format(local.hour, local.minute) if words else f"{local:%H:%M}"


def say_near(instant: datetime, now: datetime, tz: str, lang: str) -> str:
    """For the desk's lists: "kl. 14.05" today, "tir. 14.00" another day."""
    instant, clock = _day_and_clock(instant, tz, lang)
    local, words = _local(instant, tz), WORDS.get(lang)
    if local.date() == _local(now, tz).date():
        return words.at.format("", clock).strip() if words else clock
    weekday = get_day_names("abbreviated", locale=_locale(lang))[local.weekday()]
    return f"{weekday} {clock}"


def say_left(instant: datetime, now: datetime, lang: str) -> str:
    """ "2 timer igjen", or "40 minutter over tiden" when the instant is past. Rounded down, never below one
    minute.
    """
    words = WORDS.get(lang, WORDS["en"])
    pattern = words.left if instant >= now else words.over
    return pattern.format(_stretch(abs(instant - now), lang, short=False))


def say_left_shortly(instant: datetime, now: datetime, lang: str) -> str:
    """The stretch alone and short, for the desk's lists: "2 t", "40 min"."""
    return _stretch(abs(_aware(instant) - _aware(now)), lang, short=True)


def _day_and_clock(instant: datetime, tz: str, lang: str) -> tuple[datetime, str]:
    """An instant of the day to be named, and the clock time to be said with it: midnight a minute earlier."""
    local = _local(instant, tz)
    if (local.hour, local.minute) == (0, 0):
        instant -= timedelta(minutes=1)
    return instant, say_time(instant, tz, lang)


def _stretch(gap: timedelta, lang: str, *, short: bool) -> str:
    minutes = max(int(gap.total_seconds()) // 60, 1)
    if minutes < 60:
        whole = timedelta(minutes=minutes)
    elif minutes < 48 * 60:
        whole = timedelta(hours=minutes // 60)
    else:
        whole = timedelta(days=minutes // (24 * 60))
    unit: Literal["minute", "hour", "day"] = (
        "minute" if minutes < 60 else "hour" if minutes < 48 * 60 else "day"
    )
    text = format_timedelta(
        whole, granularity=unit, threshold=10_000, format="short" if short else "long", locale=_locale(lang)
    )
    return str(text).replace("\xa0", " ")


def _locale(lang: str) -> Locale:
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant needs its time zone: naive datetimes are not said aloud")
    return instant


def _local(instant: datetime, tz: str) -> datetime:
    return _aware(instant).astimezone(ZoneInfo(tz))
