"""What a country gives a municipality to begin with: time zone, languages (the first is the default)."""

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
