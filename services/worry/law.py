"""What a duty and a ground for not telling are: the shape of the rows in `data`. Pure."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise as LazyText

from tenants.walls.law import Source

#: Whom a duty points at.
type To = Literal["principal", "child_welfare", "police", "emergency"]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. Empty sets mean "any"; every row that fits counts, in the order of the file.

    but        professions that another row of the same duty is for
    says       what it asks for, in one sentence
    under_18   it is about children: under 18 in all four countries
    is_sure    False: we could not make out that it holds here. The page then says that it may, and to ask
    is_reviewed  whether a lawyer has gone through the row
    """

    key: str
    country: str
    to: To
    says: LazyText
    source: Source
    professions: frozenset[str]
    but: frozenset[str]
    forms: frozenset[str]
    employers: frozenset[str]
    under_18: bool
    is_sure: bool
    is_reviewed: bool

    def fits(self, country: str, profession: str, school_form: str, employer_kind: str) -> bool:
        if self.country != country or profession in self.but:
            return False
        wanted = (
            (self.professions, profession),
            (self.forms, school_form),
            (self.employers, employer_kind),
        )
        return all(not some or value in some for some, value in wanted)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a student may lawfully not be told, for now."""

    key: str
    country: str
    says: LazyText
    source: Source
    is_reviewed: bool
