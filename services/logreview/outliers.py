"""What is worth a question among a month's reads, and which reads are drawn. Pure: no database, no clock.

The limits are engineering's, to be moved by experience: none of them is a rule of law, and an outlier is no accusation.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from heapq import nsmallest
from statistics import median
from typing import Literal
from uuid import UUID

type Kind = Literal["many", "without_taking", "at_night", "one_by_many"]

SAMPLE = 20  # reads drawn for a month
MANY, MANY_TIMES_MEDIAN = (
    40,
    3,
)  # a person's reads: more than this, and than so many times the median person's
WITHOUT_TAKING = 3  # reads by one person of what they never took
NIGHT_FROM, NIGHT_TO = 22, 6  # o'clock, where the municipality is
BY_MANY = 4  # people of one employer who have read one case


@dataclass(frozen=True, slots=True)
class Read:
    """One read, as the log has it. `untaken`: of what was free, and this person never took it."""

    id: int
    person: UUID
    role: UUID | None
    case: UUID
    at: datetime
    why: str
    untaken: bool = False


@dataclass(frozen=True, slots=True)
class Outlier:
    """Something to ask about. `person` is a number of this month's list (0: several); `cases` different cases."""

    kind: Kind
    person: int
    roles: frozenset[UUID | None]
    reads: int
    cases: int
    people: int
    first: datetime
    last: datetime
    whys: tuple[str, ...]


def numbers(reads: Iterable[Read], draw: Callable[[bytes], bytes]) -> dict[UUID, int]:
    """A number for each person, by lot: neither the alphabet nor who reads most can be told from it."""
    people = {read.person for read in reads}
    return {person: n for n, person in enumerate(sorted(people, key=lambda one: draw(one.bytes)), 1)}


def sample(reads: Sequence[Read], draw: Callable[[bytes], bytes]) -> list[Read]:
    """SAMPLE reads by lot, in the order of time. The same lot gives the same reads."""
    drawn = nsmallest(SAMPLE, reads, key=lambda read: draw(str(read.id).encode()))
    return sorted(drawn, key=lambda read: (read.at, read.id))


def outliers(reads: Sequence[Read], number: dict[UUID, int], zone: tzinfo) -> list[Outlier]:
    """All of them, the most reads first within each kind."""
    by_person: dict[UUID, list[Read]] = defaultdict(list)
    by_case: dict[UUID, list[Read]] = defaultdict(list)
    for read in reads:
        by_person[read.person].append(read)
        if read.why != "search":  # a search opens all one holds; that others hold it too says nothing
            by_case[read.case].append(read)
    limit = max(MANY, MANY_TIMES_MEDIAN * median(map(len, by_person.values()))) if by_person else 0
    found: list[Outlier] = []
    for person, theirs in by_person.items():
        if len(theirs) > limit:
            found.append(_outlier("many", number[person], theirs))
        untaken = [read for read in theirs if read.untaken]
        if len(untaken) >= WITHOUT_TAKING:
            found.append(_outlier("without_taking", number[person], untaken))
        night = [read for read in theirs if is_night(read.at, zone)]
        if night:
            found.append(_outlier("at_night", number[person], night))
    for of_one in by_case.values():
        if len({read.person for read in of_one}) >= BY_MANY:
            found.append(_outlier("one_by_many", 0, of_one))
    return sorted(found, key=lambda one: (_ORDER.index(one.kind), -one.reads, one.first))


_ORDER: tuple[Kind, ...] = ("many", "without_taking", "at_night", "one_by_many")


def is_night(at: datetime, zone: tzinfo) -> bool:
    """Whether it was night where the municipality is."""
    hour = at.astimezone(zone).hour
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def _outlier(kind: Kind, person: int, reads: list[Read]) -> Outlier:
    whys = Counter(read.why for read in reads)
    return Outlier(
        kind=kind,
        person=person,
        roles=frozenset(read.role for read in reads),
        reads=len(reads),
        cases=len({read.case for read in reads}),
        people=len({read.person for read in reads}),
        first=min(read.at for read in reads),
        last=max(read.at for read in reads),
        whys=tuple(why for why, _count in whys.most_common()),
    )
