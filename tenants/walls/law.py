"""What a rule of secrecy is: the shape of the rows in `data`. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: In what kind of system the law wants a record. "case_file": the authority's own archive of cases.
type SystemKind = Literal["patient_journal", "psychologist_journal", "client_record", "case_file"]
#: How a person outside the circle may be let in: only with the student's agreement recorded, or also with a
#: written reason where the law itself opens.
type Opening = Literal["agreement", "agreement_or_reason"]

ANY: frozenset[str] = frozenset()


#: The language in which a country's laws are named and cited, as `lang=` of a page wants it.
_LANGUAGES = {"NO": "no", "SE": "sv", "DK": "da", "FI": "fi", "IS": "is"}


def language_of(country: str) -> str:
    """The language of a country's law; "" where we do not know it."""
    return _LANGUAGES.get(country.upper(), "")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: the act and its section in the country's own words.

    `read_on` is the day an engineer of ours last went through the row. No lawyer has: the municipality's
    data-protection officer decides what holds there.
    """

    law: str
    section: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. Empty sets mean "any"; the first row that fits is the one that counts, so narrow rows come first.

    circle        names the secrecy circle inside the country
    apart         True: the same circle at another kind of employer is another circle
    strict        secrecy of a profession (True), or of the administration (False)
    secrecy       where the duty stands
    opening       how somebody outside the circle may be let in, with the source
    without       the sections that open without the student's yes, what fits a helper's reason best first; none where
                  only agreement does
    record        the record that is due elsewhere (None: none that we know), with the source
    """

    country: str
    professions: frozenset[str]
    forms: frozenset[str]
    employers: frozenset[str]
    circle: str
    apart: bool
    strict: bool
    secrecy: Source
    opening: Opening
    opening_source: Source
    without: tuple[Source, ...]
    record: SystemKind | None
    record_source: Source | None

    def fits(self, country: str, profession: str, school_form: str, employer_kind: str) -> bool:
        wanted = (
            (self.professions, profession),
            (self.forms, school_form),
            (self.employers, employer_kind),
        )
        return self.country == country and all(not some or value in some for some, value in wanted)
