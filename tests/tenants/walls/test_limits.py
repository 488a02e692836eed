"""What is said to a student about secrecy is no more than the rules give."""

import pytest
from django.utils import translation

from tenants.walls import data, limits
from tenants.walls.limits import limits_of

LANGUAGES = ("nb", "nn", "sv", "da", "fi", "en")
PROFESSIONS = (
    "school_nurse",
    "psychologist",
    "counsellor",
    "educational_psychology",
    "guidance",
    "ssp",
    "other",
)
COUNTRIES = sorted({rule.country for rule in data.RULES})


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("profession", PROFESSIONS)
def test_everybody_says_that_a_life_in_danger_and_a_child_who_is_hurt_are_told(
    country: str, profession: str
) -> None:
    said = limits_of(country, profession, "compulsory")
    assert limits.DANGER in said.tells
    assert limits.AT_HOME[country] in said.tells
    assert limits.FIRST in said.tells
    assert said.writes


@pytest.mark.parametrize("country", COUNTRIES)
def test_where_students_may_be_adults_the_duty_to_tell_of_a_child_says_whom_it_is_about(country: str) -> None:
    said = limits_of(country, "school_nurse", "upper_secondary")
    assert limits.AT_HOME_UNDER_18[country] in said.tells
    assert limits.AT_HOME[country] not in said.tells


@pytest.mark.parametrize("country", COUNTRIES)
def test_only_whom_a_rule_binds_strictly_says_that_the_law_keeps_it(country: str) -> None:
    for profession in PROFESSIONS:
        rule = limits.rule_for(country, profession, "compulsory", "")
        assert (limits.BY_LAW in limits_of(country, profession, "compulsory").keeps) is rule.strict


def test_a_country_without_rules_promises_the_least() -> None:
    said = limits_of("XX", "school_nurse", "compulsory")
    assert limits.BY_LAW not in said.keeps
    assert limits.DANGER in said.tells


def test_where_a_record_is_due_it_is_said() -> None:
    assert "health record" in str(limits_of("NO", "school_nurse", "compulsory").writes)
    assert "no record" in str(limits_of("NO", "counsellor", "compulsory").writes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_never_promise_always(language: str) -> None:
    with translation.override(language):
        for text in _all():
            for sentence in str(text).replace("?", ".").split("."):
                assert len(sentence.split()) <= 12, sentence
            assert not {"always", "alltid", "altid", "aina", "never", "aldri", "aldrig"} & set(
                str(text).lower().split()
            )


def _all() -> list[object]:
    said = [
        limits_of(country, profession, form)
        for country in COUNTRIES
        for profession in PROFESSIONS
        for form in ("compulsory", "upper_secondary")
    ]
    return [text for one in said for text in (*one.keeps, *one.tells, one.writes)]
