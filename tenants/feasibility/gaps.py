"""What a gap is, and where the next 30 days have one. Pure: calendar, guarantee and roster come in as values.

A *knock* is made at any minute of a local date, open or closed, and is promised an answer by `due_at`. It can be kept
on the *days in time*: the local dates with open time between the knock and its due time, today's rest included.

A **gap** is a date on which a knock can be made whose days in time all have nobody of the role at the school: no
holder of a post who is there, and no substitute who stands in. An answer is promised that nobody is there to give.
Weaker, it is **alone**: every knock has somebody in time, but for one of them it is always the same person, and were
that person away, nobody would stand in. An open date with nobody on it is **empty**, whoever answers its knocks, and
no gap while each of them has somebody on another day in time. A date on which the calendar is closed needs nobody; a
knock on it may still be a gap.

Two knocks stand for all of a date: the first minute of it (or now), and its closing. Between two of these the due
time only grows, so the days in time only become more. What a calendar never reaches is a gap of every date.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from uuid import UUID

from kernel.guarantee import Guarantee, WorkingCalendar, due_at
from kernel.guarantee.calendar import Closed, Interval
from tenants.presence.presence import Roster

#: How many local dates an outlook has, today included.
HORIZON = 30

type State = Literal["gap", "alone", "empty", "fine", "closed"]
#: Worst first.
STATES: tuple[State, ...] = ("gap", "alone", "empty", "fine", "closed")


@dataclass(frozen=True, slots=True)
class Knock:
    """One that stands for others: `due` None is never reached. `days` in time, in order."""

    asked: datetime
    due: datetime | None
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One local date at a door. `people`: who answers, and as what. `fails`: its first knock nobody is there for."""

    day: date
    closed: Closed | None
    people: Mapping[UUID, Literal["holder", "substitute"]]
    state: State
    due: datetime | None
    fails: Knock | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Open dates one after another with nobody, long enough that a promise runs out on them: `first` to `last`.

    `knock` is the first that is promised an answer on them, `knocks` are the dates on which there is such a one. None
    of `first` and `last`: the calendar never gets as far as the promise.
    """

    first: date | None
    last: date | None
    knock: Knock
    knocks: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The coming dates of a door, in order, and its gaps."""

    days: tuple[Day, ...]
    gaps: tuple[Gap, ...]

    @property
    def state(self) -> State:
        """The worst of its open dates and of its knocks."""
        return min((day.state for day in self.days), key=STATES.index)

    def count(self, state: State) -> int:
        return sum(day.state == state for day in self.days)

    @property
    def badness(self) -> tuple[int, int, int]:
        """The greater, the worse: dates with a gap, dates that hang on one, dates with nobody."""
        return (self.count("gap"), self.count("alone"), self.count("empty"))


class Almanac:
    """The open time of a calendar by local date, and the knocks of the coming dates; each asked once."""

    def __init__(self, calendar: WorkingCalendar, now: datetime, horizon: int = HORIZON) -> None:
        self.calendar, self.now = calendar, now
        self.today = now.astimezone(calendar.zone).date()
        self.dates = tuple(self.today + timedelta(days=n) for n in range(horizon))
        self.open_on = cache(calendar.open_intervals)
        self.knocks = cache(self._knocks)

    def _knocks(self, guarantee: Guarantee) -> tuple[tuple[Knock, ...], ...]:
        """For each coming date the two knocks that stand for all of its own."""
        return tuple(
            tuple(self._knock(guarantee, asked) for asked in self._moments(day)) for day in self.dates
        )

    def _moments(self, day: date) -> Iterator[datetime]:
        """The first minute of the date that is not over, and its closing."""
        begins = max(datetime.combine(day, time(), self.calendar.zone).astimezone(UTC), self.now)
        yield begins
        stretches = self.open_on(day)
        if stretches and begins < stretches[-1].end < self._begins(day + timedelta(days=1)):
            yield stretches[-1].end

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.calendar.zone).astimezone(UTC)

    def _knock(self, guarantee: Guarantee, asked: datetime) -> Knock:
        due = due_at(self.calendar, guarantee, asked)
        return Knock(asked, due, () if due is None else tuple(self._in_time(asked, due)))

    def _in_time(self, asked: datetime, due: datetime) -> Iterator[date]:
        zone = self.calendar.zone
        day, last = asked.astimezone(zone).date(), due.astimezone(zone).date()
        while day <= last:
            if any(_meet(one, asked, due) for one in self.open_on(day)):
                yield day
            day += timedelta(days=1)


def _meet(stretch: Interval, asked: datetime, due: datetime) -> bool:
    return stretch.start < due and asked < stretch.end


class AtDoor:
    """Who of the role is at the school, by date; each asked of the roster once."""

    def __init__(self, roster: Roster, role_id: UUID, school_id: UUID) -> None:
        self._roster, self._door = roster, (role_id, school_id)
        self.on = cache(self._on)
        self._somebody_but = cache(self._any_but)

    def _on(self, day: date) -> Mapping[UUID, Literal["holder", "substitute"]]:
        return self._roster.there(*self._door, day)

    def _any_but(self, day: date, who: UUID) -> bool:
        return bool(self._roster.there(*self._door, day, but=who))

    def fails(self, knock: Knock) -> bool:
        return not any(self.on(day) for day in knock.days)

    def hangs_on_one(self, knock: Knock) -> bool:
        """Whether it is always the same person, whom nobody would stand in for."""
        people = {who for day in knock.days for who in self.on(day)}
        if len(people) != 1:
            return False
        (who,) = people
        return not any(self._somebody_but(day, who) for day in knock.days)


def outlook(
    almanac: Almanac, guarantee: Guarantee, roster: Roster, role_id: UUID, school_id: UUID
) -> Outlook:
    """The coming dates of one door."""
    door = AtDoor(roster, role_id, school_id)
    knocks = almanac.knocks(guarantee)
    days = tuple(_day(almanac, door, day, of_day) for day, of_day in zip(almanac.dates, knocks, strict=True))
    return Outlook(days, tuple(_gaps(almanac, door, days)))


def _day(almanac: Almanac, door: AtDoor, day: date, knocks: tuple[Knock, ...]) -> Day:
    fails = next((knock for knock in knocks if door.fails(knock)), None)
    closed = almanac.calendar.why_closed(day)
    people = door.on(day)
    state: State
    if fails is not None:
        state = "gap"
    elif closed is not None:
        state = "closed"
    elif not people:
        state = "empty"
    else:
        state = "alone" if any(door.hangs_on_one(knock) for knock in knocks) else "fine"
    return Day(day, closed, people, state, knocks[0].due, fails)


def _gaps(almanac: Almanac, door: AtDoor, days: tuple[Day, ...]) -> Iterator[Gap]:
    """Failing knocks by the stretch of empty open dates on which their promises run out."""
    failing = [(day.day, day.fails) for day in days if day.fails is not None]
    never = [(day, knock) for day, knock in failing if not knock.days]
    if never:
        yield Gap(None, None, never[0][1], tuple(day for day, _knock in never))
    stretches: dict[date, list[tuple[date, Knock]]] = {}
    for day, knock in failing:
        if knock.days:
            stretches.setdefault(_first_of(almanac, door, knock.days[0]), []).append((day, knock))
    for first, found in stretches.items():
        last = _last_of(almanac, door, max(knock.days[-1] for _day, knock in found))
        yield Gap(first, last, found[0][1], tuple(day for day, _knock in found))


def _first_of(almanac: Almanac, door: AtDoor, day: date) -> date:
    """The first of the empty open dates that lead up to this one, from today on."""
    back = (day - timedelta(days=n) for n in range(1, (day - almanac.today).days + 1))
    return _end_of(almanac, door, day, back)


def _last_of(almanac: Almanac, door: AtDoor, day: date) -> date:
    """The last of the empty open dates that follow this one, as far as we look."""
    return _end_of(almanac, door, day, (one for one in almanac.dates if one > day))


def _end_of(almanac: Almanac, door: AtDoor, end: date, following: Iterable[date]) -> date:
    for day in following:
        if almanac.open_on(day):
            if door.on(day):
                break
            end = day
    return end
