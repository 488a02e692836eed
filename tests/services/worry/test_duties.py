"""Duties as data, per country, role, employer and form of school: T11's rows for NO, SE, DK and FI."""

import re
from datetime import date

import pytest

from services.worry import data
from services.worry.duties import duties_of, ground, grounds_in, points_at
from tests.tenants.walls.table import DUTIES

COUNTRIES = ("NO", "SE", "DK", "FI")


@pytest.mark.parametrize(("country", "profession", "form", "employer", "wanted"), DUTIES)
def test_the_duties_shown_are_the_tables(
    country: str, profession: str, form: str, employer: str, wanted: str
) -> None:
    found = duties_of(country, profession, form, employer)
    assert " ".join(duty.key + ("" if duty.is_sure else "?") for duty in found) == wanted


def test_every_row_is_somewhere_in_the_table() -> None:
    written = {key.rstrip("?") for *_where, keys in DUTIES for key in keys.split()}
    assert written == {duty.key for duty in data.DUTIES}


@pytest.mark.parametrize("country", COUNTRIES)
def test_somebody_in_every_country_has_a_duty_to_child_welfare_the_police_and_the_emergency(
    country: str,
) -> None:
    for profession in (
        "school_nurse",
        "psychologist",
        "counsellor",
        "educational_psychology",
        "ssp",
        "other",
    ):
        for employer in ("", "municipality", "county", "state", "private", "neighbour"):
            found = duties_of(country, profession, "compulsory", employer)
            assert {"child_welfare", "police", "emergency"} <= {duty.to for duty in found}


def test_a_row_has_a_source_a_day_and_says_that_no_lawyer_has_read_it() -> None:
    for row in (*data.DUTIES, *data.GROUNDS):
        assert row.source.law, row.key
        assert re.search(r"\d", row.source.section), row.key
        assert row.source.read_on <= date(2026, 11, 26)
        assert row.is_reviewed is False
        assert row.key.startswith(f"{row.country.lower()}-")
    keys = [row.key for row in (*data.DUTIES, *data.GROUNDS)]
    assert len(keys) == len(set(keys))


def test_two_rows_of_one_law_never_hold_for_the_same_person() -> None:
    """`but` keeps the general row away from those the special one is for."""
    for profession in ("school_nurse", "counsellor"):
        for employer in ("municipality", "private"):
            found = points_at(duties_of("NO", profession, "compulsory", employer), "child_welfare")
            assert len(found) == 1


def test_a_ground_belongs_to_its_country() -> None:
    assert {len(grounds_in(country)) for country in COUNTRIES} == {2}
    assert ground("no", "no-harm") is not None
    assert ground("SE", "no-harm") is None
    assert grounds_in("IS") == ()
