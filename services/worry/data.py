"""Duties of those who learn that a student may be in trouble, and grounds for not telling the student: rows with
their source.

**Engineering input, not legal advice.** No lawyer has gone through a row unless it says so (`is_reviewed`). A row
says which duty may hold for somebody in a role, with an employer, at a form of school; whether it does, the
person decides with the law and those who know it. When in doubt a row is left in and marked `is_sure=False`: a duty
that is shown once too often costs a minute, one that is missing can cost a child. A row changes by changing this file,
with the day it was read. Its key stands in audits and is never used again for another duty.
"""

from datetime import date

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from services.worry.law import Duty, Ground, To
from tenants.walls.law import ANY, Source

_READ = date(2026, 11, 26)
_SCHOOLS = frozenset({"compulsory", "upper_secondary", "vocational"})
_PUBLIC = frozenset({"municipality", "county", "state", "neighbour"})
_PRIVATE = frozenset({"private"})
_HEALTH = frozenset({"school_nurse", "school_doctor", "psychologist"})

_AVERT = _(
    "Everybody must try to avert certain serious crimes that are coming, by telling the police or otherwise."
)
_HELP = _("Everybody must get help for somebody whose life is in danger.")


def _duty(
    key: str,
    to: To,
    says: LazyText,
    law: str,
    section: str,
    *,
    professions: frozenset[str] = ANY,
    but: frozenset[str] = ANY,
    forms: frozenset[str] = ANY,
    employers: frozenset[str] = ANY,
    under_18: bool = False,
    is_sure: bool = True,
    is_reviewed: bool = False,
) -> Duty:
    """One row. The first two letters of the key are the country."""
    source = Source(law, section, _READ)
    country = key[:2].upper()
    return Duty(
        key, country, to, says, source, professions, but, forms, employers, under_18, is_sure, is_reviewed
    )


#: Norway. The duty to child welfare is each person's own: having told the principal does not fulfil it.
_NO_CHILD = _(
    "You must tell child welfare yourself when you have reason to believe that a child is abused, badly neglected "
    "or in serious trouble."
)
_NORWAY = (
    _duty(
        "no-principal", "principal",
        _("You must tell the principal when you suspect that a student is not safe and well at school."),
        "opplæringslova (2023)", "§ 12-4", forms=_SCHOOLS, employers=_PUBLIC, but=_HEALTH,
    ),
    _duty(
        "no-principal-health", "principal",
        _("Whoever works at the school must tell the principal. Your own secrecy may come first: ask the student."),
        "opplæringslova (2023)", "§ 12-4, jf. helsepersonelloven § 21", professions=_HEALTH, forms=_SCHOOLS,
        is_sure=False,
    ),
    _duty(
        "no-principal-private", "principal",
        _("You must tell the principal when you suspect that a student is not safe and well at school."),
        "privatskolelova", "§ 2-4, jf. opplæringslova kapittel 12", forms=_SCHOOLS, employers=_PRIVATE, but=_HEALTH,
        is_sure=False,
    ),
    _duty(
        "no-child", "child_welfare", _NO_CHILD, "barnevernsloven (2021)", "§ 13-2", but=_HEALTH, employers=_PUBLIC,
        under_18=True,
    ),
    _duty(
        "no-child-private", "child_welfare", _NO_CHILD, "barnevernsloven (2021)", "§ 13-2", but=_HEALTH,
        employers=_PRIVATE, under_18=True, is_sure=False,
    ),
    _duty(
        "no-child-health", "child_welfare", _NO_CHILD, "helsepersonelloven", "§ 33", professions=_HEALTH,
        under_18=True,
    ),
    _duty(
        "no-warn-health", "emergency",
        _("Health personnel must warn the police and the fire service when that is needed to avert serious harm."),
        "helsepersonelloven", "§ 31", professions=_HEALTH,
    ),
    _duty("no-help", "emergency", _HELP, "straffeloven (2005)", "§ 287"),
    _duty("no-avert", "police", _AVERT, "straffeloven (2005)", "§ 196"),
)  # fmt: skip

#: Sweden. The duty to social services holds for public and private work with children alike, and each person's own.
_SWEDEN = (
    _duty(
        "se-principal", "principal",
        _("School staff must tell the principal when they learn that a student feels degraded by others."),
        "skollagen (2010:800)", "6 kap. 10 §",
    ),
    _duty(
        "se-child", "child_welfare",
        _("You must tell social services at once when you learn or suspect that a child is harmed or neglected."),
        "socialtjänstlagen (2025:400)", "19 kap. 1 §", under_18=True,
    ),
    _duty("se-help", "emergency", _HELP, "lagen (2003:778) om skydd mot olyckor", "2 kap. 1 §", is_sure=False),
    _duty("se-avert", "police", _AVERT, "brottsbalken", "23 kap. 6 §"),
)  # fmt: skip

#: Denmark. Public service carries the sharper duty; the general one is everybody's.
_DENMARK = (
    _duty(
        "dk-child", "child_welfare",
        _("You must tell the municipality when you have reason to think that somebody under 18 needs special support "
          "or has been abused."),
        "barnets lov", "§ 133", employers=_PUBLIC, under_18=True,
    ),
    _duty(
        "dk-child-private", "child_welfare",
        _("You must tell the municipality when you have reason to think that somebody under 18 needs special support "
          "or has been abused."),
        "barnets lov", "§ 133, stk. 3, og bekendtgørelse", employers=_PRIVATE, under_18=True, is_sure=False,
    ),
    _duty(
        "dk-child-everybody", "child_welfare",
        _("Everybody must tell the municipality when a child is neglected, degraded or lives in danger."),
        "barnets lov", "§ 135", under_18=True,
    ),
    _duty("dk-help", "emergency", _HELP, "straffeloven", "§ 250 og § 253"),
    _duty("dk-avert", "police", _AVERT, "straffeloven", "§ 141"),
)  # fmt: skip

#: Finland. Child welfare first, the police as well where a child may be the victim of a crime.
_FINLAND = (
    _duty(
        "fi-child", "child_welfare",
        _("You must tell child welfare without delay when a child's care, surroundings or own behaviour call for it."),
        "lastensuojelulaki (417/2007)", "25 § 1 mom.", under_18=True,
    ),
    _duty(
        "fi-police-child", "police",
        _("You must tell the police as well when you have reason to suspect a sexual or violent crime against a "
          "child."),
        "lastensuojelulaki (417/2007)", "25 § 3 mom.", under_18=True,
    ),
    _duty("fi-help", "emergency", _HELP, "rikoslaki (39/1889)", "21 luku 15 §"),
    _duty("fi-avert", "police", _AVERT, "rikoslaki (39/1889)", "15 luku 10 §"),
)  # fmt: skip

DUTIES: tuple[Duty, ...] = (*_NORWAY, *_SWEDEN, *_DENMARK, *_FINLAND)

_HEALTH_GROUND = _("Knowing it now would clearly harm the student")
_CRIME_GROUND = _("Knowing it now would spoil the investigation of a crime")


def _ground(key: str, says: LazyText, law: str, section: str) -> Ground:
    return Ground(key, key[:2].upper(), says, Source(law, section, _READ), is_reviewed=False)


GROUNDS: tuple[Ground, ...] = (
    _ground("no-harm", _HEALTH_GROUND, "personopplysningsloven", "§ 16 første ledd bokstav c"),
    _ground("no-crime", _CRIME_GROUND, "personopplysningsloven", "§ 16 første ledd bokstav b"),
    _ground("se-harm", _HEALTH_GROUND, "dataskyddslagen (2018:218) och OSL", "5 kap. 1 §; OSL 25 kap. 6 §"),
    _ground("se-crime", _CRIME_GROUND, "dataskyddslagen (2018:218) och OSL", "5 kap. 1 §; OSL 18 kap. 1 §"),
    _ground("dk-harm", _HEALTH_GROUND, "databeskyttelsesloven", "§ 22, stk. 1"),
    _ground("dk-crime", _CRIME_GROUND, "databeskyttelsesloven", "§ 22, stk. 2"),
    _ground("fi-harm", _HEALTH_GROUND, "tietosuojalaki (1050/2018)", "34 § 1 mom. 2 kohta"),
    _ground("fi-crime", _CRIME_GROUND, "tietosuojalaki (1050/2018)", "34 § 1 mom. 1 kohta"),
)
