"""School breaks from a file: CSV with a row a day or a range, or a calendar (ICS). Days are local; both ends inclusive.

A calendar that gives each school a row counts what most of its schools have. Weekends belong to a break only between
its days. A first or last day of school, a public holiday and a meeting in the afternoon are no breaks.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from tenants.setup.registers.sheets import Row, Unreadable, cells_of, plain, text_of

DAY = timedelta(days=1)
_DATE = ("date", "dato", "datum", "day", "dag", "pvm", "paiva", "paivamaara")
_FIRST = ("first_day", "start", "from", "fra", "fran", "begin", "first", "startdate", "startdato", "startdatum", "alku",
          "alkaa", "dtstart", "fom")  # fmt: skip
_LAST = ("last_day", "end", "to", "til", "till", "last", "enddate", "sluttdato", "slutdato", "slutdatum", "slut",
         "loppu", "paattyy", "dtend", "tom")  # fmt: skip
_NAME = ("name", "navn", "namn", "nimi", "break", "ferie", "lov", "loma", "title", "tittel", "titel", "summary",
         "kommentar", "comment", "beskrivelse", "description", "tekst", "text")  # fmt: skip
_SCHOOL = ("school", "skole", "skola", "skule", "koulu", "skolenavn")
_PUPILS = ("elevdag", "pupils", "elever", "elev", "student_day", "skoledag", "skoldag", "koulupaiva")
_WEEKDAYS = frozenset(
    map(
        plain,
        (
            "lørdag",
            "søndag",
            "laurdag",
            "sundag",
            "lauantai",
            "sunnuntai",
            "saturday",
            "sunday",
            "helg",
            "weekend",
        ),
    )
)
_NO_BREAK = re.compile(
    r"(første|fyrste|siste|første|första|sista|sidste|first|last|ensimmäinen|viimeinen)\s+(skole|skol|skul|dag|day|koulu|school|elev)"
    r"|skolestart|skoleslutt|skolstart|skolavslutning|skoleafslutning|term begins|term ends|lukukausi",
    re.IGNORECASE,
)
_BREAK = re.compile(r"ferie|lov\b|lovet|loma|break|vacation|fri\b|feriar", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Break:
    name: str
    first_day: date
    last_day: date


@dataclass(slots=True)
class Found:
    """`skipped`: (where, why)."""

    breaks: list[Break] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


def read(data: bytes, *, zone: str, holidays: Collection[date], unnamed: str) -> Found:
    """Every break in the file, in order of time. `holidays`: public ones, which are no school break by themselves.
    `unnamed`: what one is called that the file does not name. Raises Unreadable.
    """
    if text_of(data).lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR"):
        found = _calendar(data, ZoneInfo(zone))
    else:
        found = _table(data, unnamed)
    kept = {one for one in found.breaks if not _holidays_alone(one, holidays)}
    found.breaks = sorted(kept, key=lambda one: (one.first_day, one.last_day, one.name))
    return found


def _holidays_alone(one: Break, holidays: Collection[date]) -> bool:
    days = [one.first_day + n * DAY for n in range((one.last_day - one.first_day).days + 1)]
    return all(day in holidays or day.isoweekday() > 5 for day in days)


# --- CSV ---------------------------------------------------------------------------------------------------


def day_of(text: str) -> date | None:
    """2026-10-05, 20261005, 5.10.2026, 05/10/2026, 5-10-2026 (the day before the month, as Nordic people write), with a
    time behind it or none. None for anything else.
    """
    bare = re.split(r"[T ]", text.strip(), maxsplit=1)[0]
    if found := re.fullmatch(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})", bare):
        parts = [int(part) for part in found.groups()]
    elif found := re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", bare):
        parts = [int(part) for part in reversed(found.groups())]
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _table(data: bytes, unnamed: str) -> Found:
    found, rows = Found(), _rows(data)
    days: list[tuple[date, str, str, bool]] = []  # day, name, school, are pupils away
    for row in rows:
        where = f"row {row.number}"
        first = day_of(row.get(*_FIRST) or row.get(*_DATE))
        said_last = row.get(*_LAST)
        last = day_of(said_last) if said_last else first
        name = row.get(*_NAME)
        if first is None or last is None:
            found.skipped.append((where, "no day that can be read; write it like 2026-10-05"))
        elif last < first:
            found.skipped.append((where, f"it ends on {last}, before it begins on {first}"))
        elif said_last:
            if why := _no_break(name):
                found.skipped.append((where, why))
            else:
                found.breaks.append(Break(name or unnamed, first, last))
        else:
            away = not row.has(*_PUPILS) or row.get(*_PUPILS).lower() in (
                "nei",
                "nej",
                "no",
                "0",
                "false",
                "ei",
                "fri",
            )
            days.append((first, name, row.get(*_SCHOOL), away))
    if days:
        by_pupils = any(row.has(*_PUPILS) for row in rows)
        found.breaks += _of_schools(days, unnamed) if by_pupils else _of_days(days, unnamed, found)
    return found


def _no_break(name: str) -> str:
    return f"“{name}” is no break" if _NO_BREAK.search(name) else ""


def _rows(data: bytes) -> list[Row]:
    """Rows under a header; one without a header is (day, name) or (first, last, name)."""
    table = cells_of(data)
    if not table:
        raise Unreadable("The file is empty.")
    if day_of(table[0][1][0]):
        is_range = len(table[0][1]) > 1 and day_of(table[0][1][1]) is not None
        names = ["first_day", "last_day", "name"] if is_range else ["date", "name"]
        return [Row(n, dict(zip(map(plain, names), cells, strict=False))) for n, cells in table]
    header = [plain(cell) for cell in table[0][1]]
    if not {plain(name) for name in (*_DATE, *_FIRST)} & set(header):
        raise Unreadable(
            "The file has no column of days (date, dato, datum; or first_day and last_day, fra and til)."
        )
    return [Row(n, dict(zip(header, cells, strict=False))) for n, cells in table[1:]]


def _of_days(days: list[tuple[date, str, str, bool]], unnamed: str, found: Found) -> Iterator[Break]:
    """A row a day: what has one name and no school day between is one break. Where schools are told apart, what most of
    them have."""
    schools = {school for _day, _name, school, _away in days if school}
    having: dict[str, dict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    called: dict[str, str] = {}
    for day, name, school, _away in days:
        if plain(name) in _WEEKDAYS:
            continue
        if why := _no_break(name):
            found.skipped.append((str(day), why))
            continue
        key = name.casefold()
        called.setdefault(key, name or unnamed)
        having[key][day].add(school)
    for key, by_day in having.items():
        most = [day for day, those in by_day.items() if len(those) * 2 > len(schools)]
        for run in _runs(most):
            yield Break(called[key], run[0], run[-1])


def _of_schools(days: list[tuple[date, str, str, bool]], unnamed: str) -> Iterator[Break]:
    """A row for each school and day that says whether pupils come: days on which most of them stay away."""
    told: dict[date, dict[str, bool]] = defaultdict(dict)
    names: dict[date, Counter[str]] = defaultdict(Counter)
    for day, name, school, away in days:
        told[day][school] = away
        if name and plain(name) not in _WEEKDAYS and not _NO_BREAK.search(name):
            names[day][name[:1].upper() + name[1:]] += 1
    most = [day for day, schools in told.items() if sum(schools.values()) * 2 > len(schools)]
    for run in _runs([day for day in most if day.isoweekday() < 6]):
        counted: Counter[str] = Counter()
        for day in run:
            counted.update(names[day])
        yield Break(_called(counted, sum(len(told[day]) for day in run), unnamed), run[0], run[-1])


def _called(counted: Counter[str], rows: int, unnamed: str) -> str:
    """The commonest word for a break; any other word only where half of the rows have it."""
    for name, _count in counted.most_common():
        if _BREAK.search(name):
            return name
    name, count = next(iter(counted.most_common(1)), ("", 0))
    return name if count * 2 >= rows else unnamed


def _runs(days: Iterable[date]) -> Iterator[list[date]]:
    """Days in a row; a weekend between two of them does not part them."""
    run: list[date] = []
    for day in sorted(set(days)):
        if run and not all((run[-1] + n * DAY).isoweekday() > 5 for n in range(1, (day - run[-1]).days)):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


# --- ICS ---------------------------------------------------------------------------------------------------


def _calendar(data: bytes, zone: ZoneInfo) -> Found:
    """All-day events. DTEND is the day after (RFC 5545, 3.6.1); an event at midnight in some zone is a day in ours."""
    found = Found()
    try:
        events = Calendar.from_ical(text_of(data).lstrip("\ufeff \r\n")).walk("VEVENT")
    except (ValueError, IndexError, KeyError) as error:
        raise Unreadable(f"The calendar cannot be read: {error}.") from None
    for number, event in enumerate(events, 1):
        name = " ".join(str(event.get("SUMMARY", "")).split())
        where = f"event {number}" + (f" “{name}”" if name else "")
        try:
            span = _span(event, zone)
        except (ValueError, KeyError, AttributeError, TypeError):
            span = None
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            found.skipped.append((where, "it is cancelled"))
        elif "RRULE" in event:
            found.skipped.append((where, "it repeats; write each time by itself"))
        elif span is None:
            found.skipped.append((where, "it is no whole day"))
        elif not name:
            found.skipped.append((where, "it has no name"))
        elif why := _no_break(name):
            found.skipped.append((where, why))
        else:
            found.breaks.append(Break(name, *span))
    return found


def _span(event: object, zone: ZoneInfo) -> tuple[date, date] | None:
    """First and last day, None where it is no whole day."""
    begins = event["DTSTART"].dt  # type: ignore[index]
    ends = event["DTEND"].dt if "DTEND" in event else None  # type: ignore[index, operator]
    if ends is None and "DURATION" in event:  # type: ignore[operator]
        ends = begins + event["DURATION"].dt  # type: ignore[index]
    if not isinstance(begins, datetime):
        last = ends - DAY if ends is not None else begins
        return begins, max(begins, last)
    if ends is None:
        return None
    first, after = _local(begins, zone), _local(ends, zone)
    if first.hour or first.minute or after.hour or after.minute or after.date() <= first.date():
        return None
    return first.date(), after.date() - DAY


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)
