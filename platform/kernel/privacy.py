"""The privacy register: what each field says about a person. Every field of every table is in it.

Each app has a `privacy.py` with `REGISTER: dict[str, Kind]`, keys "Model.field". A field that nobody
classified fails the suite (docs/how/security.md, T13).
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a field can tell about somebody."""

    TECHNICAL = "technical"  # ids, versions, states of the machine: nobody
    SETTING = "setting"  # what a municipality decided: nobody
    STAFF = "staff"  # identifies or describes an employee
    STUDENT = "student"  # about a student, without content: role, school, time, state
    CONTENT = "content"  # a student's or helper's words, or how to reach a student: sealed
    SECRET = "secret"  # noqa: S105  hashes and wrapped keys
