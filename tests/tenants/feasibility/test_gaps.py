"""What a gap is, by an oracle that goes half hour by half hour, and by cases worked by hand. No database."""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from kernel.guarantee import CountedHours, WorkingCalendar, WorkingDays
from tenants.feasibility.gaps import Almanac, outlook
from tenants.feasibility.plan import (
    Plan,
    gaps_left,
    with_guarantee,
    with_post,
    with_role,
    with_substitutes,
    with_weekdays,
    without_post,
)
from tenants.presence.presence import Away, Held, Roster, mask_of
from tests.tenants.feasibility.oracle import HALF, Person, Times, there

CASES = 3_000 if os.environ.get("ENDURE") == "1" else 150
#: Dates an example looks ahead, and those on which its calendar may open.
AHEAD, KNOWN = 6, 40
STARTS = [date(2026, 3, 26), date(2026, 10, 22), date(2026, 11, 30), date(2026, 9, 14)]
SPANS = [((480, 960),), ((0, 1440),), ((480, 690), (750, 930)), ((600, 630),), ((1320, 1440),), ()]
NAMES = ["nora", "signe", "olga", "per"]
HERE, THERE = "here", "there"
IDS = {name: UUID(int=n) for n, name in enumerate([*NAMES, HERE, THERE, "nurse"], start=1)}


@st.composite
def calendars(draw, first):
    days = st.integers(0, AHEAD + 4).map(lambda n: first + timedelta(days=n))
    weekly = {day: draw(st.sampled_from(SPANS)) for day in range(1, 8) if draw(st.integers(0, 4))}
    return WorkingCalendar(
        draw(st.sampled_from(["Europe/Oslo", "Atlantic/Reykjavik", "America/Nuuk", "Asia/Beirut"])),
        weekly,
        public_holidays=frozenset(draw(st.lists(days, max_size=2))),
        breaks=tuple((day, day + timedelta(days=2)) for day in draw(st.lists(days, max_size=1))),
        special_hours=dict.fromkeys(draw(st.lists(days, max_size=1)), ((600, 720),)),
    )


@st.composite
def rosters(draw, first):
    days = st.integers(0, AHEAD + 6).map(lambda n: first + timedelta(days=n))
    people = []
    for number in range(draw(st.integers(1, 4))):
        account = draw(st.sampled_from(NAMES))
        others = [name for name in NAMES if name != account]
        people.append(
            Person(
                post=f"post {number}",
                account=account,
                school=draw(st.sampled_from([HERE, HERE, THERE])),
                first=draw(st.sampled_from([first - timedelta(days=9), first, first + timedelta(days=3)])),
                last=draw(st.none() | days),
                weekdays=set(draw(st.lists(st.integers(1, 7), min_size=1, max_size=7))),
                substitutes=draw(st.lists(st.sampled_from(others), max_size=2, unique=True)),
            )
        )
    away = [
        (draw(st.sampled_from(NAMES)), day, day + timedelta(days=draw(st.integers(0, 3))))
        for day in draw(st.lists(days, max_size=3))
    ]
    return people, away


def as_roster(people, away) -> Roster:
    return Roster(
        tuple(
            Held(
                UUID(int=100 + n), IDS[one.account], IDS["nurse"], IDS[one.school],
                one.first, one.last, mask_of(one.weekdays),
            )
            for n, one in enumerate(people)
        ),
        tuple(Away(IDS[who], first, last) for who, first, last in away),
        {UUID(int=100 + n): tuple(IDS[who] for who in one.substitutes) for n, one in enumerate(people)},
    )  # fmt: skip


def half_hours(calendar: WorkingCalendar, first: date) -> Times:
    """By the wall clock alone: no interval of the module's."""
    zone = ZoneInfo(calendar.timezone)
    instant = datetime.combine(first, time(), UTC) - timedelta(days=2)
    found = []
    while instant.astimezone(zone).date() < first + timedelta(days=KNOWN):
        local = instant.astimezone(zone)
        minutes = local.hour * 60 + local.minute
        spans = calendar.special_hours.get(local.date(), calendar.open_hours.get(local.isoweekday(), ()))
        closed = local.date() in calendar.public_holidays or any(
            begins <= local.date() <= ends for begins, ends in calendar.breaks
        )
        if not closed and any(opens <= minutes < closes for opens, closes in spans):
            found.append(instant)
        instant += HALF
    return Times(zone, found)


guarantees = st.one_of(
    st.tuples(st.just("hours"), st.sampled_from([1, 2, 8, 24, 24, 30]), st.just("")),
    st.tuples(st.just("days"), st.integers(1, 4), st.sampled_from(["same_day", "next_open_day"])),
)


@st.composite
def cases(draw):
    first = draw(st.sampled_from(STARTS))
    return (
        first,
        draw(calendars(first)),
        draw(guarantees),
        draw(rosters(first)),
        draw(st.sampled_from([0, 0, 17, 32, 47])),
    )


@settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_every_date_is_what_the_oracle_finds_half_hour_by_half_hour(case) -> None:
    first, calendar, (kind, amount, received), (people, away), halves = case
    times, roster = half_hours(calendar, first), as_roster(people, away)
    now = datetime.combine(first, time(), times.zone).astimezone(UTC) + halves * HALF
    last = datetime.combine(first + timedelta(days=AHEAD + 1), time(), times.zone).astimezone(UTC)
    assume(
        not times.open or times.due(kind, amount, received, last)
    )  # else the oracle does not look far enough
    guarantee = CountedHours(amount) if kind == "hours" else WorkingDays(amount, received)
    gone: dict[str, set[date]] = {}
    for who, begins, ends in away:
        gone.setdefault(who, set()).update(
            begins + timedelta(days=n) for n in range((ends - begins).days + 1)
        )
    coming = outlook(Almanac(calendar, now, AHEAD), guarantee, roster, IDS["nurse"], IDS[HERE])

    @cache
    def on(day, but):
        return there(people, gone, HERE, day, but)

    def answers(days, but=""):
        return set().union(*(on(day, but) for day in days))

    for day in coming.days:
        asked, fails, alone = now if day.day == times.local(now) else None, False, False
        asked = asked or datetime.combine(day.day, time(), times.zone).astimezone(UTC)
        while times.local(asked) == day.day:
            due = times.due(kind, amount, received, asked)
            days = times.in_time(asked, due) if due else frozenset()
            here = answers(days)
            fails = fails or not here
            alone = alone or (len(here) == 1 and not answers(days, next(iter(here))))
            asked += HALF
        is_open = day.day in times.closing
        here = on(day.day, "")
        expected = (
            "gap"
            if fails
            else "closed"
            if not is_open
            else "empty"
            if not here
            else "alone"
            if alone
            else "fine"
        )
        event(expected)
        assert day.state == expected, day.day
        assert set(day.people) == {IDS[who] for who in here}
    _the_gaps_say_the_same(coming, people, gone, times)


def _the_gaps_say_the_same(coming, people, gone, times) -> None:
    """Each date with a failing knock is in one gap, and a gap's open dates have nobody."""
    knocks = [day for gap in coming.gaps for day in gap.knocks]
    assert sorted(knocks) == [day.day for day in coming.days if day.state == "gap"]
    for gap in coming.gaps:
        assert gap.knock.asked.astimezone(times.zone).date() == gap.knocks[0]
        if gap.first is None:
            assert gap.knock.due is None
            continue
        n = (gap.last - gap.first).days + 1
        for day in (gap.first + timedelta(days=one) for one in range(n)):
            assert not (day in times.closing and there(people, gone, HERE, day)), (
                f"somebody is there on {day}"
            )


# --- by hand -------------------------------------------------------------------------------------------

#: A Monday in Oslo, 09:00.
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
WEEK = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((480, 960),)))
NORA, SIGNE, NURSE, SCHOOL, OTHER = (UUID(int=n) for n in range(201, 206))
LONG_AGO = date(2020, 1, 1)


def held(who: UUID, *weekdays: int, school: UUID = SCHOOL, **more) -> Held:
    mask = mask_of(weekdays) if weekdays else 127
    return Held(UUID(int=who.int * 1000 + school.int), who, NURSE, school, LONG_AGO, more.get("ends"), mask)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


ONE_DAY = WorkingDays(1)


def of(roster: Roster, guarantee=ONE_DAY, calendar=WEEK):
    return outlook(Almanac(calendar, NOW, 12), guarantee, roster, NURSE, SCHOOL)


def states(roster: Roster, **more) -> list[str]:
    return [one.state for one in of(roster, **more).days]


def test_thursday_and_friday_without_anybody_break_what_wednesday_evening_is_promised() -> None:
    found = of(Roster((held(NORA, 1, 2, 3),)))
    first = found.gaps[0]
    assert (first.first, first.last, first.knocks) == (day(3), day(4), (day(2), day(3)))
    oslo = ZoneInfo("Europe/Oslo")
    assert first.knock.asked.astimezone(oslo) == datetime(2026, 12, 2, 16, 0, tzinfo=oslo)
    assert first.knock.due.astimezone(oslo) == datetime(2026, 12, 3, 16, 0, tzinfo=oslo)
    assert states(Roster((held(NORA, 1, 2, 3),)))[:7] == [
        "alone", "alone", "gap", "gap", "empty", "closed", "closed",
    ]  # fmt: skip


def test_friday_alone_is_empty_and_no_gap_where_the_promise_has_two_days() -> None:
    roster = Roster((held(NORA, 1, 2, 3, 4), held(SIGNE, 1, 2, 3, 4)))
    assert states(roster, guarantee=WorkingDays(2))[:5] == ["fine"] * 4 + ["empty"]
    assert of(roster, guarantee=WorkingDays(2)).gaps == ()


def test_a_knock_on_a_closed_day_can_be_a_gap() -> None:
    roster = Roster((held(NORA),), (Away(NORA, day(7), day(7)),))
    found = states(roster)
    assert (found[4], found[5], found[6], found[7]) == ("gap", "gap", "gap", "empty")


def test_a_substitute_who_would_come_makes_two_of_one() -> None:
    nora, signe = held(NORA), held(SIGNE, school=OTHER)
    assert set(states(Roster((nora, signe)))) == {"alone", "closed"}
    stands_in = Roster((nora, signe), (), {nora.post_id: (SIGNE,)})
    assert set(states(stands_in)) == {"fine", "closed"}
    assert set(states(Roster(stands_in.posts, (Away(NORA, day(0), day(60)),), stands_in.substitutes))) == {
        "alone",
        "closed",
    }


def test_the_rest_of_today_counts_and_what_is_over_does_not() -> None:
    roster = Roster((held(NORA, 1),))
    late = Almanac(WEEK, datetime(2026, 11, 30, 15, 30, tzinfo=UTC), 3)  # 16:30 in Oslo
    assert outlook(late, WorkingDays(1), roster, NURSE, SCHOOL).days[0].state == "gap"
    early = Almanac(WEEK, NOW, 3)
    assert outlook(early, CountedHours(4), roster, NURSE, SCHOOL).days[0].fails.asked.hour == 15


def test_what_runs_out_at_midnight_is_not_kept_on_the_day_that_begins_then() -> None:
    always = WorkingCalendar("Europe/Oslo", dict.fromkeys(range(1, 6), ((0, 1440),)))
    found = of(Roster((held(NORA, 1, 3),)), calendar=always, guarantee=CountedHours(24))
    assert found.days[1].fails.days == (day(1),)


def test_a_calendar_that_never_gets_there_is_a_gap_of_every_date() -> None:
    never = WorkingCalendar("Europe/Oslo", {})
    found = of(Roster((held(NORA),)), calendar=never)
    assert {one.state for one in found.days} == {"gap"}
    assert [(gap.first, gap.last, gap.knock.due) for gap in found.gaps] == [(None, None, None)]


# --- what a change would leave ---------------------------------------------------------------------------


def plan(*posts: Held, **more) -> Plan:
    return Plan(WEEK, {(None, None): WorkingDays(1)}, Roster(posts, **more), (SCHOOL, OTHER), (NURSE,))


def left(before: Plan, *steps) -> dict:
    after = before
    for step in steps:
        after = step(after)
    return gaps_left(before, after, NOW)


def test_a_change_leaves_only_what_was_not_there_before() -> None:
    nora = held(NORA, 1, 2, 3)
    before = plan(nora, held(SIGNE, school=OTHER))
    assert left(before, with_weekdays(nora.post_id, mask_of([1, 2, 3, 4, 5]))) == {}
    assert left(before, with_weekdays(nora.post_id, mask_of([2, 3]))).keys() == {(NURSE, SCHOOL)}
    assert left(before) == {}


@pytest.mark.parametrize("last", [day(-1), day(9)])
def test_the_last_post_of_a_door_leaves_a_gap_when_it_ends(last) -> None:
    nora, signe = held(NORA), held(SIGNE)
    assert left(plan(nora), without_post(nora.post_id, last)).keys() == {(NURSE, SCHOOL)}
    assert left(plan(nora, signe), without_post(nora.post_id, last)) == {}


def test_a_door_that_opens_with_somebody_who_comes_later_leaves_a_gap() -> None:
    later = Held(UUID(int=9), NORA, NURSE, SCHOOL, day(5))
    assert left(plan(), with_post(later)).keys() == {(NURSE, SCHOOL)}
    assert left(plan(), with_post(held(NORA))) == {}


def test_a_shorter_promise_leaves_a_gap_and_a_longer_one_none() -> None:
    before = plan(held(NORA, 1, 2, 3, 4))
    relaxed = with_guarantee((SCHOOL, None), WorkingDays(2))(before)
    assert left(relaxed, with_guarantee((SCHOOL, None), None)).keys() == {(NURSE, SCHOOL)}
    assert left(before, with_guarantee((None, NURSE), WorkingDays(2))) == {}


def test_a_substitute_less_leaves_a_gap_at_another_s_door() -> None:
    nora, signe = held(NORA), held(SIGNE, school=OTHER)
    before = plan(nora, signe, absences=(Away(NORA, day(2), day(9)),), substitutes={nora.post_id: (SIGNE,)})
    assert left(before, with_substitutes(nora.post_id, ())).keys() == {(NURSE, SCHOOL)}
    assert left(before, with_weekdays(signe.post_id, mask_of([1]))).keys() == {
        (NURSE, SCHOOL),
        (NURSE, OTHER),
    }


def test_a_role_that_opens_again_brings_its_doors() -> None:
    closed = Plan(WEEK, {(None, None): WorkingDays(1)}, Roster((held(NORA, 1),)), (SCHOOL,), ())
    assert left(closed, with_role(NURSE)).keys() == {(NURSE, SCHOOL)}
