"""Public holidays of a country and year, as rows a municipality can own and change.

From the `holidays` package (category and version noted as the source), with what it leaves out or files
elsewhere
(docs/how/guarantee.md): Midsommarafton, Julafton and Nyårsafton are `de_facto` in Sweden; Grundlovsdag and
Juleaftensdag
`optional` in Denmark; Norway's Julaften and Nyttårsaften are in no list. Never asked while a promise is
computed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Holiday:
    """One suggested row. `state` closed, half (open until `closes_at`, minutes after midnight) or open."""

    day: date
    name: str
    category: str
    source: str
    state: str = "closed"
    closes_at: int = NOON


#: category → (state, closes_at), in the order they are read; the first to name a day keeps it.
_CATEGORIES: dict[str, dict[str, tuple[str, int]]] = {
    "NO": {"public": ("closed", NOON)},
    "SE": {"public": ("closed", NOON), "de_facto": ("closed", NOON), "optional": ("open", 14 * 60)},
    "DK": {"public": ("closed", NOON), "optional": ("closed", NOON)},
    "FI": {"public": ("closed", NOON)},
    "IS": {"public": ("closed", NOON), "half_day": ("half", 13 * 60)},
}
#: Days in no list, as (month, day): name and state.
_OURS: dict[str, dict[tuple[int, int], tuple[str, str]]] = {
    "NO": {(12, 24): ("Julaften", "half"), (12, 31): ("Nyttårsaften", "half")},
}
#: Optional days that are half days by custom.
_HALF = {("DK", "Arbejdernes kampdag"), ("DK", "Nytårsaften")}


def holidays_of(country: str, year: int) -> list[Holiday]:
    """The country's holidays of one year in order, one row a day. Raises LookupError for an unknown
    country."""
    rows: dict[date, Holiday] = {}
    for row in (*_from_package(country.upper(), year), *_of_ours(country.upper(), year)):
        rows.setdefault(row.day, row)
    return [rows[day] for day in sorted(rows)]


def _from_package(country: str, year: int) -> Iterator[Holiday]:
    import holidays  # a second of start-up that only founding and imports need

    source = f"holidays {version('holidays')}"
    for category, (state, closes_at) in _CATEGORIES[country].items():
        listed = holidays.country_holidays(country, years=year, categories=(category,))
        for day, name in sorted(listed.items()):
            actual = "half" if (country, name) in _HALF else state
            yield Holiday(day, name, category, f"{source} {country} {category}", actual, closes_at)


def _of_ours(country: str, year: int) -> Iterator[Holiday]:
    for (month, day), (name, state) in _OURS.get(country, {}).items():
        yield Holiday(date(year, month, day), name, "custom", f"custom in {country}", state)
