"""Which secrecy circle somebody stands in, and what the law wants written elsewhere: questions to `data`. Pure."""

from dataclasses import dataclass

from tenants.walls import data
from tenants.walls.law import Opening, Rule, Source, SystemKind


@dataclass(frozen=True, slots=True)
class Circle:
    """A secrecy circle. Two people share one when their circles are equal (`same_circle`).

    country   ISO 3166-1; circles never cross countries
    name      as in the rules: health, education, medical, psychosocial …
    employer  the kind of employer, where the same circle at another kind is another one; else ""
    alone     the profession, when no rule names it: it shares a circle with nobody but itself; else ""
    """

    country: str
    name: str
    employer: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record the law wants elsewhere than here: in what kind of system, and where that stands."""

    system: SystemKind
    source: Source


@dataclass(frozen=True, slots=True)
class Sharing:
    """How somebody outside of the circle may be let in, and where that stands. `without`: what opens without the
    student's yes; agreement is none of it."""

    opening: Opening
    source: Source
    without: tuple[Source, ...] = ()

    @property
    def by_reason(self) -> bool:
        """Whether a written reason is enough, without the student's agreement."""
        return self.opening == "agreement_or_reason"


def rule_for(country: str, profession: str, school_form: str, employer_kind: str) -> Rule:
    """The first row that fits. Raises LookupError for a country without rows: then nothing may be shared.

    `country` ISO 3166-1 ("NO"), `profession` as in setup.HelperRole, `school_form` as in setup.School,
    `employer_kind` as in setup.Employer ("" = not said: the municipality's own).
    """
    where = (country.upper(), profession, school_form, employer_kind or "municipality")
    found = next((rule for rule in data.RULES if rule.fits(*where)), None)
    if found is None:
        raise LookupError(f"no rule of secrecy for {country}")
    return found


def circle_of(country: str, profession: str, school_form: str, employer_kind: str) -> Circle:
    """The secrecy circle of somebody of this profession, at a school of this form, with this kind of employer."""
    rule = rule_for(country, profession, school_form, employer_kind)
    return Circle(
        country=rule.country,
        name=rule.circle,
        employer=(employer_kind or "municipality") if rule.apart else "",
        alone="" if rule.professions else profession,
    )


def same_circle(a: Circle, b: Circle) -> bool:
    """Whether the two may share a case when it is needed, without asking the student first."""
    return a == b


def record_due(country: str, profession: str, school_form: str, employer_kind: str) -> Record | None:
    """The record that is due elsewhere when somebody of this profession has helped; None: none that we know."""
    rule = rule_for(country, profession, school_form, employer_kind)
    if rule.record is None or rule.record_source is None:
        return None
    return Record(rule.record, rule.record_source)


def sharing_of(country: str, profession: str, school_form: str, employer_kind: str) -> Sharing:
    """How the one who has a case may let somebody outside of the circle read it."""
    rule = rule_for(country, profession, school_form, employer_kind)
    return Sharing(rule.opening, rule.opening_source, rule.without)
