"""What a municipality starts with, per country: roles, opening hours, promise. Data, not law.

Everything here is copied into rows the municipality owns and may change; nothing here is asked when a
promise is
computed. Roles and their texts: role_texts.py. Holidays: holiday_import.py.
"""

from dataclasses import dataclass

#: Languages we have reviewed ourselves; the others need a named person in each municipality (kernel/ui/README.md,
#: Languages).
REVIEWED_BY_US = frozenset({"nb", "nn", "sv", "da", "fi", "en"})

ALL_WEEKDAYS = {str(day): [["00:00", "24:00"]] for day in range(1, 6)}


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A country's beginning. `roles` are keys of role_texts.ROLES, in the order students meet them."""

    roles: dict[str, tuple[str, ...]]
    open_hours: dict[str, list[list[str]]]
    hours_promised: int = 24


COUNTRIES: dict[str, StartingPoint] = {
    "NO": StartingPoint(
        roles={
            "municipality": ("nurse", "counsellor"),
            "county": ("nurse", "counsellor", "ppt", "psychologist"),
        },
        open_hours=ALL_WEEKDAYS,
    ),
    "SE": StartingPoint(
        roles={"municipality": ("nurse", "counsellor", "psychologist")},
        open_hours=ALL_WEEKDAYS,
    ),
    "DK": StartingPoint(
        roles={"municipality": ("nurse", "ssp", "guidance")},
        open_hours=ALL_WEEKDAYS,
    ),
    "FI": StartingPoint(
        roles={"municipality": ("nurse", "counsellor", "psychologist")},
        open_hours=ALL_WEEKDAYS,
    ),
    "IS": StartingPoint(
        roles={"municipality": ("nurse", "counsellor", "psychologist")},
        open_hours=ALL_WEEKDAYS,
    ),
}


def starting_point(country: str) -> StartingPoint:
    """The country's beginning. Raises LookupError for a country we do not serve."""
    return COUNTRIES[country.upper()]


def roles_for(country: str, kind: str) -> tuple[str, ...]:
    """Role keys for this kind of municipality; a county without a list of its own starts like a
    municipality."""
    roles = starting_point(country).roles
    return roles.get(kind) or roles["municipality"]
