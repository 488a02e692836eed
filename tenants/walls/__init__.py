"""The walls between professions inside one municipality: who may read what about a student, and why.

Who uses it: services.contact and services.desk (every read of a request), and whoever moves a case from one
person to another (handover, substitute, closing).
Words: secrecy circle (people bound by the same rule of secrecy, who may share a case when it is needed), record
(what the law wants written elsewhere: a journal), rule (a row of law as data), grant (the one who has a case lets a
colleague read it until a day), opening (two persons open a case for one named helper for hours: break-glass in
danger, extraction otherwise). How it works: docs/how/walls.md.
Doors: here `circle_of`, `same_circle`, `record_due`, `sharing_of`, all pure; `policy` (the decision, pure); `facts`
(rows → the policy's values); `cases.register` (a room says how its cases are found); `queries`; `operations`; the
pages at /openings/.

Rules of law here are engineering input with a source and a date, never legal advice.
"""

from tenants.walls.circles import Circle, Record, Sharing, circle_of, record_due, same_circle, sharing_of
from tenants.walls.law import Source

__all__ = [
    "Circle",
    "Record",
    "Sharing",
    "Source",
    "circle_of",
    "record_due",
    "same_circle",
    "sharing_of",
]
