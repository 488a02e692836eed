"""How long, and what may be asked for, per country, as rows with their source.

**Engineering input, not legal advice.** No row has been reviewed by a lawyer yet (`reviewed`), and the page says so.
What is kept here is the conversation of a low-threshold service, not the record: that one is due elsewhere
(tenants.walls.data) and lives by its own law. Where the archive laws forbid to destroy without a decision, the
municipality's decision about its archive comes first: without one nothing goes (`ArchiveDecision`).
"""

from datetime import date

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from services.retention.law import Rights, Row, Source
from services.retention.models import OUTCOMES, Method
from tenants.walls.law import language_of

_READ = date(2026, 11, 26)
#: Months. Somebody helped may come back within the school year; who took it back wants it gone.
_LONGEST, _LONGEST_WITHDRAWN = 120, 24


def _source(law: str, section: str, country: str = "", says: LazyText | str = "") -> Source:
    return Source(law, section, _READ, language_of(country), says)


_GDPR_TIME = _source("GDPR", "art. 5 (1) e; art. 9")
_GDPR_ACCESS = _source("GDPR", "art. 15")
_GDPR_ERASURE = _source(
    "GDPR",
    "art. 17 (1), art. 17 (3) b, d",
    says=_("You may have it deleted. Some things the law makes us keep."),
)
_GDPR_STAFF = _source("GDPR", "art. 17 (3) b, e; art. 32")

_ARCHIVE_SAYS = _("What belongs to an archive is deleted only after a decision.")


def _archive(country: str, law: str, section: str) -> Source:
    return _source(law, section, country, _ARCHIVE_SAYS)


#: What each country's archive law says of destroying what an authority has.
ARCHIVE: dict[str, Source] = {
    "NO": _archive("NO", "arkivlova (2025)", "bevaring og kassasjon: bare etter vedtak eller forskrift"),
    "SE": _archive("SE", "arkivlagen (1990:782)", "10 § (gallring); kommunens gallringsbeslut"),
    "DK": _archive("DK", "arkivloven", "kassation: kun efter fastsatte bestemmelser"),
    "FI": _archive("FI", "arkistolaki (831/1994)", "8 ja 13 § (arkistonmuodostussuunnitelma, hävittäminen)"),
    "IS": _archive("IS", "lög um opinber skjalasöfn (77/2014)", "grisjun: aðeins með heimild"),
}


def _rows(country: str) -> tuple[Row, ...]:
    found = []
    for outcome in OUTCOMES:
        withdrawn = outcome == "withdrawn"
        found.append(
            Row(
                country=country,
                outcome=outcome,
                months=1 if withdrawn else 6,
                method=Method.DELETE if withdrawn else Method.ANONYMISE,
                shortest=1 if withdrawn else 3,
                longest=_LONGEST_WITHDRAWN if withdrawn else _LONGEST,
                sources=(_GDPR_TIME, ARCHIVE[country]),
            )
        )
    return tuple(found)


ROWS: tuple[Row, ...] = tuple(row for country in ARCHIVE for row in _rows(country))

#: In all four countries one adult's working notes are internal documents: not given by right, taken out by two
#: persons when a law asks for it. What is written *to* the student is always theirs.
_NOTES = {
    "NO": _source("forvaltningsloven", "§ 18 a (organinterne dokumenter)", "NO"),
    "SE": _source("tryckfrihetsförordningen", "2 kap. 12 § (minnesanteckningar)", "SE"),
    "DK": _source("forvaltningsloven", "§ 12 (interne dokumenter)", "DK"),
    "FI": _source("julkisuuslaki (621/1999)", "5 § 3 mom. (sisäiset muistiinpanot), 12 §", "FI"),
    "IS": _source("stjórnsýslulög (37/1993)", "16. gr. (vinnuskjöl)", "IS"),
}
_RECORDS = {
    "NO": _source("arkivlova (2025)", "dokumentasjonsplikt", "NO"),
    "SE": _source("OSL (2009:400)", "5 kap. (registrering)", "SE"),
    "DK": _source("offentlighedsloven", "§ 13 (notatpligt)", "DK"),
    "FI": _source("julkisuuslaki (621/1999)", "18 § (hyvä tiedonhallintatapa)", "FI"),
    "IS": _source("upplýsingalög (140/2012)", "27. gr. (skráning)", "IS"),
}
RIGHTS: dict[str, Rights] = {
    country: Rights(
        country,
        gives_notes=False,
        access=(_GDPR_ACCESS, _NOTES[country]),
        erasure=(_GDPR_ERASURE, ARCHIVE[country]),
        staff=(_GDPR_STAFF, _RECORDS[country]),
    )
    for country in ARCHIVE
}


def row_of(country: str, outcome: str) -> Row:
    """The law row. Raises LookupError for a country or an outcome that has none."""
    for row in ROWS:
        if (row.country, row.outcome) == (country, outcome):
            return row
    raise LookupError(f"no row of retention for {country} {outcome}")
