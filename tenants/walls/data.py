"""Rules of secrecy and of records per country, profession, school form and employer, as rows with their source.

**Engineering input, not legal advice.** It says which people the platform treats as bound by one rule, how a
person outside of it can be let in, and where the law wants a record. When in doubt a row is the narrower of two
readings. A municipality's data-protection officer decides what holds there; a row changes by changing this
file, with the day it was read.

Abbreviations in the country's own words: OSL offentlighets- och sekretesslag (2009:400); PDL patientdatalag
(2008:355). Where a country has no row for a profession (`other`, or one of the municipality's own), its last row
counts: the secrecy of the administration, in a circle of that profession alone (circles.circle_of).
"""

from datetime import date

from tenants.walls.law import ANY, Opening, Rule, Source, SystemKind

_READ = date(2026, 11, 26)
_PUBLIC = frozenset({"municipality", "county", "state"})
_PRIVATE = frozenset({"private"})
_YOUNG = frozenset({"compulsory", "upper_secondary", "vocational", "other"})

#: (law, section)
type _Cited = tuple[str, str]


def _rule(
    country: str,
    professions: set[str] | frozenset[str],
    circle: str,
    *,
    secrecy: _Cited,
    opening: Opening,
    opens_by: _Cited,
    without: tuple[_Cited, ...] = (),
    record: SystemKind | None = None,
    record_by: _Cited | None = None,
    forms: frozenset[str] = ANY,
    employers: frozenset[str] = ANY,
    apart: bool = False,
    strict: bool = False,
) -> Rule:
    """One row, its citations dated."""
    return Rule(
        country=country,
        professions=frozenset(professions),
        forms=forms,
        employers=employers,
        circle=circle,
        apart=apart,
        strict=strict,
        secrecy=Source(*secrecy, _READ),
        opening=opening,
        opening_source=Source(*opens_by, _READ),
        without=tuple(Source(*one, _READ) for one in without),
        record=record,
        record_source=Source(*record_by, _READ) if record_by else None,
    )


#: Norway. School nurse and psychologist are health personnel wherever they are employed, and bound stricter than
#: the school. Counsellor, PPT and guidance are bound by the administration's secrecy, each authority by itself.
_NORWAY = (
    _rule(
        "NO", {"school_nurse", "school_doctor", "psychologist"}, "health", strict=True,
        secrecy=("helsepersonelloven", "§ 21 ff."),
        opening="agreement_or_reason",
        opens_by=("helsepersonelloven", "§ 22 (samtykke), § 23, § 25 (samarbeidende personell)"),
        without=(("helsepersonelloven", "§ 25 (samarbeidende personell)"), ("helsepersonelloven", "§ 23")),
        record="patient_journal", record_by=("helsepersonelloven", "§ 39 og § 40"),
    ),
    _rule(
        "NO", {"educational_psychology"}, "education", apart=True,
        secrecy=("forvaltningsloven og opplæringslova", "§ 13 ff.; opplæringslova § 11-13 (PPT)"),
        opening="agreement_or_reason",
        opens_by=("forvaltningsloven", "§ 13 a (samtykke), § 13 b"),
        without=(("forvaltningsloven", "§ 13 b"),),
        record="case_file", record_by=("arkivlova og forvaltningsloven", "§ 11 d (nedtegning)"),
    ),
    _rule(
        "NO", {"counsellor", "guidance", "special_educator"}, "education", apart=True,
        secrecy=("forvaltningsloven og opplæringslova", "§ 13 ff.; opplæringslova § 12-4 (plikt til å varsle)"),
        opening="agreement_or_reason",
        opens_by=("forvaltningsloven", "§ 13 a (samtykke), § 13 b"),
        without=(("forvaltningsloven", "§ 13 b"),),
    ),
    _rule(
        "NO", ANY, "administration", apart=True,
        secrecy=("forvaltningsloven", "§ 13 ff."),
        opening="agreement",
        opens_by=("forvaltningsloven", "§ 13 a (samtykke)"),
    ),
)  # fmt: skip

#: Sweden. Three circles, and secrecy runs both ways between them. Private schools stand outside of OSL.
_SWEDEN = (
    _rule(
        "SE", {"school_nurse", "school_doctor"}, "medical", employers=_PRIVATE, apart=True, strict=True,
        secrecy=("patientsäkerhetslagen (2010:659)", "6 kap. 12 §"),
        opening="agreement", opens_by=("patientsäkerhetslagen (2010:659)", "6 kap. 12 §"),
        record="patient_journal", record_by=("PDL", "3 kap. 1–3 §§"),
    ),
    _rule(
        "SE", {"school_nurse", "school_doctor"}, "medical", apart=True, strict=True,
        secrecy=("OSL", "25 kap. 1 §"),
        opening="agreement", opens_by=("OSL", "10 kap. 1 § (samtycke), 12 kap. 2 §"),
        record="patient_journal", record_by=("PDL", "3 kap. 1–3 §§"),
    ),
    _rule(
        "SE", {"psychologist"}, "psychosocial", employers=_PRIVATE, apart=True, strict=True,
        secrecy=("skollagen (2010:800)", "29 kap. 14 §"),
        opening="agreement", opens_by=("skollagen (2010:800)", "29 kap. 14 §"),
        record="psychologist_journal", record_by=("PDL", "3 kap. 1–3 §§"),
    ),
    _rule(
        "SE", {"psychologist"}, "psychosocial", apart=True, strict=True,
        secrecy=("OSL", "23 kap. 2 § första stycket"),
        opening="agreement_or_reason", opens_by=("OSL", "10 kap. 1 § (samtycke), 10 kap. 2 och 27 §§"),
        without=(("OSL", "10 kap. 27 §"), ("OSL", "10 kap. 2 §")),
        record="psychologist_journal", record_by=("PDL", "3 kap. 1–3 §§"),
    ),
    _rule(
        "SE", {"counsellor", "special_educator"}, "psychosocial", employers=_PRIVATE, apart=True, strict=True,
        secrecy=("skollagen (2010:800)", "29 kap. 14 §"),
        opening="agreement", opens_by=("skollagen (2010:800)", "29 kap. 14 §"),
    ),
    _rule(
        "SE", {"counsellor", "special_educator"}, "psychosocial", apart=True, strict=True,
        secrecy=("OSL", "23 kap. 2 § första stycket"),
        opening="agreement_or_reason", opens_by=("OSL", "10 kap. 1 § (samtycke), 10 kap. 2 och 27 §§"),
        without=(("OSL", "10 kap. 27 §"), ("OSL", "10 kap. 2 §")),
        record="case_file", record_by=("OSL och förvaltningslagen (2017:900)", "5 kap. 1 § OSL; 27 §"),
    ),
    _rule(
        "SE", ANY, "school", employers=_PRIVATE, apart=True,
        secrecy=("skollagen (2010:800)", "29 kap. 14 §"),
        opening="agreement", opens_by=("skollagen (2010:800)", "29 kap. 14 §"),
    ),
    _rule(
        "SE", ANY, "school", apart=True,
        secrecy=("OSL", "23 kap. 2 § i övrigt"),
        opening="agreement_or_reason", opens_by=("OSL", "10 kap. 1 § (samtycke), 10 kap. 2 och 27 §§"),
        without=(("OSL", "10 kap. 27 §"), ("OSL", "10 kap. 2 §")),
    ),
)  # fmt: skip

#: Denmark. Health personnel by sundhedsloven; the others by the administration's secrecy and straffeloven.
_DENMARK = (
    _rule(
        "DK", {"school_nurse", "school_doctor"}, "health", strict=True,
        secrecy=("sundhedsloven", "§ 40"),
        opening="agreement_or_reason", opens_by=("sundhedsloven", "§ 41 og § 43"),
        without=(("sundhedsloven", "§ 41, stk. 2"), ("sundhedsloven", "§ 43, stk. 2")),
        record="patient_journal", record_by=("autorisationsloven", "§ 21 og § 22"),
    ),
    _rule(
        "DK", {"psychologist"}, "psychology", apart=True, strict=True,
        secrecy=("psykologloven og straffeloven", "psykologloven § 21, stk. 2; straffeloven § 152"),
        opening="agreement_or_reason", opens_by=("forvaltningsloven", "§ 28, stk. 2"),
        without=(("forvaltningsloven", "§ 28, stk. 2, nr. 2 og 3"),),
        record="psychologist_journal", record_by=("psykologloven", "§ 14 (ordnede optegnelser)"),
    ),
    _rule(
        "DK", {"educational_psychology"}, "psychology", apart=True, strict=True,
        secrecy=("forvaltningsloven og straffeloven", "§ 27; straffeloven § 152"),
        opening="agreement_or_reason", opens_by=("forvaltningsloven", "§ 28, stk. 2"),
        without=(("forvaltningsloven", "§ 28, stk. 2, nr. 2 og 3"),),
        record="case_file", record_by=("offentlighedsloven", "§ 13 (notatpligt)"),
    ),
    _rule(
        "DK", {"ssp"}, "ssp", apart=True,
        secrecy=("forvaltningsloven og straffeloven", "§ 27; straffeloven § 152"),
        opening="agreement_or_reason", opens_by=("forvaltningsloven og retsplejeloven", "§ 28; retsplejeloven § 115"),
        without=(("retsplejeloven", "§ 115"), ("forvaltningsloven", "§ 28, stk. 2, nr. 2 og 3")),
        record="case_file", record_by=("offentlighedsloven", "§ 13 (notatpligt)"),
    ),
    _rule(
        "DK", ANY, "administration", apart=True,
        secrecy=("forvaltningsloven og straffeloven", "§ 27; straffeloven § 152"),
        opening="agreement_or_reason", opens_by=("forvaltningsloven", "§ 28, stk. 2"),
        without=(("forvaltningsloven", "§ 28, stk. 2, nr. 2 og 3"),),
    ),
)  # fmt: skip

#: Finland. Within a student's own welfare what is indispensable may be shared; the nurse keeps patient records, the
#: psychologist too, the counsellor (kuraattori) client records. Adults' general education stands outside of the act.
_WELFARE = "oppilas- ja opiskelijahuoltolaki (1287/2013)"
_FINLAND = (
    _rule(
        "FI", {"school_nurse", "school_doctor"}, "health", strict=True,
        secrecy=(_WELFARE, "22 §; potilastiedot"),
        opening="agreement_or_reason", opens_by=(_WELFARE, "22 §; muuten suostumus"),
        without=((_WELFARE, "22 §"),),
        record="patient_journal", record_by=(_WELFARE, "20 ja 21 § (potilaskertomus)"), forms=_YOUNG,
    ),
    _rule(
        "FI", {"school_nurse", "school_doctor"}, "health", strict=True,
        secrecy=("laki sosiaali- ja terveydenhuollon asiakastiedoista (703/2023)", "salassapito"),
        opening="agreement",
        opens_by=("laki sosiaali- ja terveydenhuollon asiakastiedoista (703/2023)", "suostumus"),
        record="patient_journal",
        record_by=("laki sosiaali- ja terveydenhuollon asiakastiedoista (703/2023)", "kirjaamisvelvollisuus"),
    ),
    _rule(
        "FI", {"psychologist"}, "psychosocial", strict=True,
        secrecy=(_WELFARE, "22 §"),
        opening="agreement_or_reason", opens_by=(_WELFARE, "22 §; muuten suostumus"),
        without=((_WELFARE, "22 §"),),
        record="psychologist_journal", record_by=(_WELFARE, "20 ja 21 § (potilaskertomus)"),
    ),
    _rule(
        "FI", {"counsellor"}, "psychosocial", strict=True,
        secrecy=(_WELFARE, "22 §"),
        opening="agreement_or_reason", opens_by=(_WELFARE, "22 §; muuten suostumus"),
        without=((_WELFARE, "22 §"),),
        record="client_record", record_by=(_WELFARE, "20 ja 21 § (asiakaskertomus)"),
    ),
    _rule(
        "FI", ANY, "school", apart=True,
        secrecy=("perusopetuslaki (628/1998) ja julkisuuslaki (621/1999)", "40 §; julkisuuslaki 24 §"),
        opening="agreement", opens_by=("julkisuuslaki (621/1999)", "26 § (suostumus)"),
    ),
)  # fmt: skip

#: Of any other country we serve: everybody a circle of their own profession, opened by agreement alone.
_NO_RULE_YET: _Cited = ("GDPR", "art. 9 and 6; no national row is written down yet")
_ELSEWHERE = tuple(
    _rule(
        country, ANY, "administration", apart=True, strict=True,
        secrecy=_NO_RULE_YET, opening="agreement", opens_by=_NO_RULE_YET,
    )
    for country in ("IS",)
)  # fmt: skip

RULES: tuple[Rule, ...] = (*_NORWAY, *_SWEDEN, *_DENMARK, *_FINLAND, *_ELSEWHERE)
