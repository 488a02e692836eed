"""`manage.py due`, run as a stranger would: a pipe in, a pipe out, and no database anywhere."""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from kernel.guarantee import InvalidField
from kernel.guarantee.vectors import read_document

ROOT = Path(__file__).resolve().parents[3]
VECTORS = Path(__file__).parent / "vectors.json"
CASE = {
    "id": "X1",
    "timezone": "Europe/Oslo",
    "calendar": {"open_hours": {"1": [["08:00", "12:00"], ["12:30", "24:00"]]}},
    "guarantee": {"kind": "counted_hours", "hours": 5},
    "opened_at": "2026-03-09T07:00:00Z",
}


def due(document):
    """Runs the command with a database address at which nobody answers."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    environment = os.environ | {
        "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:1/none",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
    }
    command = [sys.executable, "manage.py", "due"]
    run = subprocess.run(command, input=text, capture_output=True, cwd=ROOT, env=environment, timeout=60)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def test_the_worked_cases_come_out_in_order_with_their_due_times():
    code, out, err = due(VECTORS.read_bytes())
    cases = json.loads(VECTORS.read_text())["cases"]
    assert (code, err) == (0, "")
    answers = json.loads(out)
    assert [answer["id"] for answer in answers] == [case["id"] for case in cases]
    for answer, case in zip(answers, cases, strict=True):
        assert set(answer) == {"id", "due_at"}
        if case["expected_due_at"] is None:
            assert answer["due_at"] is None
        else:
            assert datetime.fromisoformat(answer["due_at"]) == datetime.fromisoformat(case["expected_due_at"])


def test_what_may_be_absent_may_be_absent_and_expected_values_are_not_believed():
    cases = [
        CASE,
        CASE | {"id": 2, "expected_due_at": "1999-01-01T00:00Z", "paused": None},
        CASE | {"id": "Ø", "paused": [["2026-03-09T08:30:00+01:00", None]]},
        CASE | {"id": "offset", "opened_at": "2026-03-09T12:45+05:45"},
        CASE | {"id": "restricted", "calendar": CASE["calendar"] | {"weekdays": [2, 3]}},
        CASE | {"id": "days", "guarantee": {"kind": "working_days", "days": 1, "received_when_closed": None}},
        CASE | {"id": "end of day", "opened_at": "2026-03-08T24:00+01:00"},
    ]
    code, out, err = due(b"\xef\xbb\xbf" + json.dumps({"cases": cases}).encode())
    assert (code, err) == (0, "")
    assert {answer["id"]: answer["due_at"] for answer in json.loads(out)} == {
        "X1": "2026-03-09T12:30:00Z",
        2: "2026-03-09T12:30:00Z",
        "Ø": None,
        "offset": "2026-03-09T12:30:00Z",
        "restricted": None,
        "days": "2026-03-16T23:00:00Z",
        "end of day": "2026-03-09T12:30:00Z",
    }


def test_a_case_that_cannot_be_read_is_named_with_its_field_and_the_others_are_answered():
    hours = CASE["calendar"]
    broken = [
        ({"id": "a", "opened_at": "2026-03-09T08:00"}, "a: opened_at:"),
        ({"id": "b", "timezone": "Mars/Olympus"}, "b: timezone:"),
        ({"id": "c", "guarantee": {"kind": "counted_hours", "hours": 0}}, "c: guarantee.hours:"),
        ({"id": "d", "calendar": {"open_hours": {"1": [["16:00", "08:00"]]}}}, "d: calendar.open_hours[1]:"),
        (
            {"id": "e", "calendar": hours | {"public_holidays_in_window": ["1 May"]}},
            "e: calendar.public_holidays_in_window[0]:",
        ),
        (
            {"id": "f", "calendar": hours | {"school_breaks": [["2026-02-20", "2026-02-16"]]}},
            "f: calendar.school_breaks[0]:",
        ),
        ({"id": "g", "paused": [["2026-03-09T10:00Z", "2026-03-09T09:00Z"]]}, "g: paused[0]:"),
        ({"id": "h", "timezone": None}, "h: timezone: is missing"),
        (
            {"id": "i", "calendar": hours | {"open_hours": {"8": [["08:00", "16:00"]]}}},
            "i: calendar.open_hours[8]:",
        ),
        (
            {"id": "j", "calendar": hours | {"open_hours": {"8": [["08:00", "16:00"]]}, "weekdays": [1]}},
            "j: calendar.open_hours[8]:",
        ),
        ({"id": "l", "guarantee": ["counted_hours", 5]}, "l: guarantee"),
    ]
    code, out, err = due({"cases": [*(CASE | change for change, _ in broken), CASE, "nonsense"]})
    answers = json.loads(out)
    assert code == 2
    assert answers[-2] == {"id": "X1", "due_at": "2026-03-09T12:30:00Z"}
    assert [set(answer) for answer in answers] == [{"id", "due_at"}] * len(answers)
    assert all(answer["due_at"] is None for answer in [*answers[:-2], answers[-1]])
    expected = [*(named for _, named in broken), "case 13: case: must be an object"]
    for line, named in zip(err.splitlines(), expected, strict=True):
        assert named in line


def test_a_field_nobody_knows_is_said_aloud_and_left_out():
    strange = CASE | {
        "calendar": CASE["calendar"] | {"lunch": "12:00"},
        "guarantee": CASE["guarantee"] | {"minutes": 5},
        "opens_at": "12:00",
    }
    code, out, err = due({"cases": [strange], "case": []})
    assert code == 0
    assert json.loads(out) == [{"id": "X1", "due_at": "2026-03-09T12:30:00Z"}]
    assert err.splitlines() == [
        "due: case: unknown, not used",
        "due: case X1: opens_at: unknown, not used",
        "due: case X1: calendar.lunch: unknown, not used",
        "due: case X1: guarantee.minutes: unknown, not used",
    ]


def test_input_that_is_no_json_of_cases_is_refused_with_exit_code_2():
    code, out, err = due(b'{"cases": [')
    assert (code, out) == (2, "")
    assert err.startswith("due: input: is not JSON")


@pytest.mark.parametrize("text", ["", "42", '{"cases": 1}', '{"cases": null}', "[" * 100_000])
def test_a_document_without_a_list_of_cases_is_refused(text):
    with pytest.raises(InvalidField):
        read_document(text)


def test_the_arithmetic_needs_no_django():
    script = "import sys, kernel.guarantee.vectors; sys.exit('django' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "platform")}
    assert subprocess.run([sys.executable, "-c", script], env=environment, timeout=60).returncode == 0
