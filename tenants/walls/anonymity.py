"""To whom a student is anonymous, and where that ends: by which law an adult keeps a secret, and by which one they must
tell. Per country, profession, school form and employer, from `data`; engineering input, not legal advice.
"""

from dataclasses import dataclass
from datetime import date

from kernel.tenancy import require_current
from tenants.setup.models import HelperRole
from tenants.walls.circles import rule_for
from tenants.walls.law import Source, language_of

_READ = date(2026, 11, 26)

#: By which law an adult must tell child welfare that a child is harmed or neglected, whoever the child has told it to.
MUST_TELL: dict[str, Source] = {
    "NO": Source("barnevernsloven (2021)", "§ 13-2", _READ),
    "SE": Source("socialtjänstlagen (2025:400)", "19 kap. 1 §", _READ),
    "DK": Source("barnets lov", "§ 133", _READ),
    "FI": Source("lastensuojelulaki (417/2007)", "25 § 1 mom.", _READ),
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A law as it is named in its own country, and in which language that is (for `lang=`)."""

    law: str
    section: str
    language: str


@dataclass(frozen=True, slots=True)
class Secrecy:
    """How far somebody of a role can keep what a student tells. `strict`: the secrecy of a profession, not only that of
    the administration. `by` and `must_tell` are None where we have no row: then nothing is said of a law.
    """

    strict: bool
    by: Cited | None
    must_tell: Cited | None


def secrecy_of(role: HelperRole, school_form: str) -> Secrecy:
    """Of a role at a school of this form here, by the kind of its employer (else the municipality's own)."""
    place = require_current()
    own = "county" if place.kind == "county" else "municipality"
    return secrecy(place.country, role.profession, school_form, role.employer.kind if role.employer else own)


def secrecy(country: str, profession: str, school_form: str, employer: str) -> Secrecy:
    """The same, of plain values. The narrower of two readings where a country has no row."""
    tells = MUST_TELL.get(country.upper())
    must_tell = _cited(tells, country) if tells else None
    try:
        rule = rule_for(country, profession, school_form, employer)
    except LookupError:
        return Secrecy(False, None, must_tell)
    return Secrecy(rule.strict, _cited(rule.secrecy, country), must_tell)


def _cited(source: Source, country: str) -> Cited:
    return Cited(source.law, source.section, language_of(country))
