"""Which duties may hold for somebody, and on which grounds a student may be told later: questions to `data`. Pure."""

from services.worry import data
from services.worry.law import Duty, Ground, To


def duties_of(country: str, profession: str, school_form: str, employer_kind: str) -> tuple[Duty, ...]:
    """Every duty that may hold, in the order in which it is shown. Empty for a country without rows.

    `country` ISO 3166-1, `profession` as in setup.HelperRole, `school_form` as in setup.School, `employer_kind` as in
    setup.Employer ("" = not said: the municipality's own).
    """
    where = (country.upper(), profession, school_form, employer_kind or "municipality")
    return tuple(duty for duty in data.DUTIES if duty.fits(*where))


def points_at(duties: tuple[Duty, ...], to: To) -> tuple[Duty, ...]:
    """Those of them that point at one kind of recipient."""
    return tuple(duty for duty in duties if duty.to == to)


def grounds_in(country: str) -> tuple[Ground, ...]:
    """The grounds on which a student may be told later. Empty where we have no row: then the student is told."""
    return tuple(ground for ground in data.GROUNDS if ground.country == country.upper())


def ground(country: str, key: str) -> Ground | None:
    """The ground of this key in this country."""
    return next((one for one in grounds_in(country) if one.key == key), None)
