"""The shape of the law rows in `data`: how long, what the student may be given, what may be erased. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.functional import Promise as LazyText

type What = Literal["keep_time", "archive", "access", "erasure", "staff"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where it stands, in the law's own words. `says`: what it means for a student, in a plain sentence. `language`:
    of `law` and `section`; "" where they have none (the GDPR). `read_on`: the day an engineer of ours last went
    through the row. `reviewed`: whether a lawyer has; until then the municipality's data-protection officer decides
    what holds there."""

    law: str
    section: str
    read_on: date
    language: str = ""
    says: LazyText | str = ""
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Of one country and one outcome: what holds unless the municipality decides otherwise, and how far it may go.

    months, method   the default
    shortest         months: no rule may be shorter: a student comes back with the code they were promised works
    longest          months: no rule may be longer: what is not needed is not kept (GDPR art. 5, 1 e)
    sources          for the time, and for what the archive law says of destroying
    """

    country: str
    outcome: str
    months: int
    method: str
    shortest: int
    longest: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Rights:
    """Of one country: what its student may be given and have erased.

    gives_notes      whether working notes of one adult are given to the student by right
    access, erasure  where that stands
    staff            why the log keeps what an employee did after they have left
    """

    country: str
    gives_notes: bool
    access: tuple[Source, ...]
    erasure: tuple[Source, ...]
    staff: tuple[Source, ...]
