"""Rules of secrecy as data: whose circle is whose, what opens it, what record is due. The expectations stand by
hand."""

from datetime import date
from itertools import product

import pytest

from tenants.municipalities.countries import COUNTRIES
from tenants.setup.models import Employer, School
from tenants.setup.role_texts import PROFESSIONS
from tenants.walls import Circle, circle_of, data, record_due, same_circle, sharing_of
from tenants.walls.circles import rule_for

FORMS, KINDS = School.Form.values, Employer.Kind.values
EVERYBODY = list(product(COUNTRIES, PROFESSIONS, FORMS, KINDS))

#: country, profession, employer → circle, employer that sets it apart, record elsewhere, a reason is enough
TABLE = [
    ("NO", "school_nurse", "municipality", "health", "", "patient_journal", True),
    ("NO", "school_nurse", "county", "health", "", "patient_journal", True),
    ("NO", "school_nurse", "private", "health", "", "patient_journal", True),
    ("NO", "psychologist", "county", "health", "", "patient_journal", True),
    ("NO", "counsellor", "county", "education", "county", None, True),
    ("NO", "counsellor", "municipality", "education", "municipality", None, True),
    ("NO", "guidance", "county", "education", "county", None, True),
    ("NO", "educational_psychology", "county", "education", "county", "case_file", True),
    ("NO", "other", "county", "administration", "county", None, False),
    ("SE", "school_nurse", "municipality", "medical", "municipality", "patient_journal", False),
    ("SE", "school_nurse", "private", "medical", "private", "patient_journal", False),
    ("SE", "psychologist", "municipality", "psychosocial", "municipality", "psychologist_journal", True),
    ("SE", "psychologist", "private", "psychosocial", "private", "psychologist_journal", False),
    ("SE", "counsellor", "municipality", "psychosocial", "municipality", "case_file", True),
    ("SE", "counsellor", "private", "psychosocial", "private", None, False),
    ("SE", "special_educator", "municipality", "psychosocial", "municipality", "case_file", True),
    ("SE", "guidance", "municipality", "school", "municipality", None, True),
    ("SE", "guidance", "private", "school", "private", None, False),
    ("DK", "school_nurse", "municipality", "health", "", "patient_journal", True),
    ("DK", "psychologist", "municipality", "psychology", "municipality", "psychologist_journal", True),
    ("DK", "ssp", "municipality", "ssp", "municipality", "case_file", True),
    ("DK", "guidance", "municipality", "administration", "municipality", None, True),
    ("FI", "school_nurse", "municipality", "health", "", "patient_journal", True),
    ("FI", "psychologist", "county", "psychosocial", "", "psychologist_journal", True),
    ("FI", "counsellor", "county", "psychosocial", "", "client_record", True),
    ("FI", "guidance", "municipality", "school", "municipality", None, False),
    ("IS", "school_nurse", "municipality", "administration", "municipality", None, False),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: "-".join(row[:3]))
def test_a_profession_stands_in_its_circle_and_owes_its_record(row: tuple) -> None:
    country, profession, employer, name, apart, system, reason_is_enough = row
    where = (country, profession, "compulsory", employer)
    circle, record = circle_of(*where), record_due(*where)
    assert (circle.country, circle.name, circle.employer) == (country, name, apart)
    assert (record and record.system) == system
    assert sharing_of(*where).by_reason is reason_is_enough


@pytest.mark.parametrize("where", EVERYBODY, ids=lambda where: "-".join(where))
def test_what_opens_without_a_yes_is_cited_and_never_a_yes(where: tuple) -> None:
    """Some law wherever a reason is enough, and none where only agreement opens; consent is no law without consent."""
    sharing = sharing_of(*where)
    assert bool(sharing.without) is sharing.by_reason
    for source in sharing.without:
        said = f"{source.law} {source.section}"
        assert not any(word in said for word in ("samtyck", "samtykke", "suostumus", "consent"))
        assert "10 kap. 1 §" not in said
        assert "§ 13 a" not in said
        assert "§ 22 " not in said or source.law != "helsepersonelloven"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # A nurse of the municipality and one of the county; a nurse and a psychologist; and the school.
        (("NO", "school_nurse", "municipality"), ("NO", "school_nurse", "county"), True),
        (("NO", "school_nurse", "municipality"), ("NO", "psychologist", "county"), True),
        (("NO", "school_nurse", "municipality"), ("NO", "counsellor", "municipality"), False),
        (("NO", "counsellor", "county"), ("NO", "educational_psychology", "county"), True),
        (("NO", "counsellor", "county"), ("NO", "educational_psychology", "municipality"), False),
        # Three circles, and secrecy runs both ways.
        (("SE", "school_nurse", "municipality"), ("SE", "psychologist", "municipality"), False),
        (("SE", "psychologist", "municipality"), ("SE", "counsellor", "municipality"), True),
        (("SE", "counsellor", "municipality"), ("SE", "guidance", "municipality"), False),
        (("SE", "counsellor", "municipality"), ("SE", "counsellor", "private"), False),
        (("DK", "school_nurse", "municipality"), ("DK", "ssp", "municipality"), False),
        (("FI", "psychologist", "county"), ("FI", "counsellor", "county"), True),
        (("FI", "school_nurse", "county"), ("FI", "counsellor", "county"), False),
        # No rule names them: nobody's circle but their own profession's.
        (("NO", "other", "county"), ("NO", "ssp", "county"), False),
        (("NO", "other", "county"), ("NO", "other", "county"), True),
        # Never across a border.
        (("NO", "school_nurse", "municipality"), ("DK", "school_nurse", "municipality"), False),
    ],
)
def test_who_shares_a_circle_with_whom(one: tuple, other: tuple, same: bool) -> None:
    def of(country: str, profession: str, employer: str) -> Circle:
        return circle_of(country, profession, "compulsory", employer)

    assert same_circle(of(*one), of(*other)) is same
    assert same_circle(of(*other), of(*one)) is same


def test_adults_in_finland_stand_outside_of_the_welfare_act() -> None:
    young, adult = (sharing_of("FI", "school_nurse", form, "county") for form in ("compulsory", "adult"))
    assert (young.by_reason, adult.by_reason) == (True, False)


def test_nobody_is_without_a_rule_and_no_rule_without_a_source_and_a_day() -> None:
    for where in EVERYBODY:
        rule = rule_for(*where)
        for source in filter(None, (rule.secrecy, rule.opening_source, rule.record_source)):
            assert source.law
            assert source.section
            assert source.read_on >= date(2026, 1, 1)
        assert (rule.record is None) == (rule.record_source is None)


def test_every_rule_is_somebodys() -> None:
    professions = {*PROFESSIONS, "school_doctor", "special_educator"}
    met = {rule_for(*where) for where in product(COUNTRIES, professions, FORMS, KINDS)}
    assert set(data.RULES) == met


def test_an_employer_that_is_not_said_is_the_municipality_itself() -> None:
    assert circle_of("no", "counsellor", "compulsory", "") == circle_of(
        "NO", "counsellor", "compulsory", "municipality"
    )


def test_a_country_without_rules_shares_nothing() -> None:
    with pytest.raises(LookupError):
        circle_of("GB", "school_nurse", "compulsory", "municipality")
