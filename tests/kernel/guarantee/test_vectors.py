"""The worked cases everybody agreed on by hand. None is ever skipped."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from kernel.guarantee import WorkingCalendar, guarantee_from_json, guarantee_to_json
from kernel.guarantee.vectors import read_case
from tests.kernel.guarantee.oracle import expected_due
from tests.kernel.guarantee.plain import plain

CASES = json.loads((Path(__file__).parent / "vectors.json").read_text())["cases"]


def instant(text):
    return text and datetime.fromisoformat(text)


def test_all_65_cases_are_here():
    assert len({case["id"] for case in CASES}) == 65


@pytest.mark.parametrize("data", CASES, ids=lambda data: f"{data['id']} {data['title']}")
def test_a_worked_case_is_due_when_the_hand_table_says(data):
    case = read_case(data)
    assert case.unknown == ()
    assert case.due_at() == instant(data["expected_due_at"]) == instant(data["expected_due_utc"])


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["id"])
def test_the_oracle_agrees_with_the_hand_table_too(data):
    assert expected_due(plain(read_case(data))) == instant(data["expected_due_at"])


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["id"])
def test_calendar_and_guarantee_survive_being_stored_as_json(data):
    case = read_case(data)
    stored = json.loads(json.dumps(case.calendar.to_json()))
    assert WorkingCalendar.from_json(stored) == case.calendar
    assert guarantee_from_json(json.loads(json.dumps(guarantee_to_json(case.guarantee)))) == case.guarantee
