"""What a country gives a municipality to begin with: time zone, languages (the first is the default); and how
its official numbers look."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CountryDefaults:
    timezone: str
    languages: tuple[str, ...]
    brand: str


#: IANA zones; languages are those the interface speaks. A municipality changes them in its set-up.
COUNTRIES = {
    "NO": CountryDefaults("Europe/Oslo", ("nb", "nn", "en"), "#1f4e79"),
    "SE": CountryDefaults("Europe/Stockholm", ("sv", "en"), "#0a5c63"),
    "DK": CountryDefaults("Europe/Copenhagen", ("da", "en"), "#8a2a2b"),
    "FI": CountryDefaults("Europe/Helsinki", ("fi", "sv", "en"), "#23467d"),
    "IS": CountryDefaults("Atlantic/Reykjavik", ("en", "da"), "#2b4a72"),
}

#: Municipality and county, by the registers of the countries (SSB, SCB, Danmarks Statistik, Tilastokeskus,
#: Þjóðskrá). Whether a number is in use is not our business: they change every new year. A county that has no
#: number of its own in a register goes by a name like SE-R-BL. Iceland has no counties.
_NAMED = r"|{country}-R-[A-Z]{{2}}"
_SHAPES = {
    ("NO", "municipality"): r"\d{4}",
    ("NO", "county"): r"\d{2}",
    ("SE", "municipality"): r"\d{4}",
    ("SE", "county"): r"\d{2}",
    ("DK", "municipality"): r"\d{3}",
    ("DK", "county"): r"10\d{2}",
    ("FI", "municipality"): r"\d{3}",
    ("FI", "county"): r"\d{2}",
    ("IS", "municipality"): r"\d{4}",
    ("IS", "county"): r"\d",
}
EXAMPLES = {
    ("NO", "municipality"): "3301",
    ("NO", "county"): "33",
    ("SE", "municipality"): "0188",
    ("SE", "county"): "01",
    ("DK", "municipality"): "316",
    ("DK", "county"): "1085",
    ("FI", "municipality"): "091",
    ("FI", "county"): "01",
    ("IS", "municipality"): "0001",
    ("IS", "county"): "1",
}


def is_code(country: str, kind: str, code: str) -> bool:
    """Whether an official number has the shape it has in that country."""
    shape = _SHAPES[country, kind] + (_NAMED.format(country=country) if kind == "county" else "")
    return re.fullmatch(shape, code, re.ASCII) is not None
