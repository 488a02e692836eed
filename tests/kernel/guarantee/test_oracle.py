"""Random calendars: the module and a minute-stepping oracle must give the same due, always.

1,000 calendars in the ordinary run; 20,000 with ENDURE=1. Moments are drawn around days on which clocks
change, spans around the hours in which they do.
"""

import os
from datetime import UTC, date, datetime, timedelta
from itertools import chain, pairwise

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from kernel.guarantee import CountedHours, WorkingCalendar, WorkingDays, is_open, next_open
from kernel.guarantee.vectors import Case
from tests.kernel.guarantee.oracle import expected_due, open_minutes
from tests.kernel.guarantee.plain import plain

CALENDARS = 20_000 if os.environ.get("ENDURE") == "1" else 600
ZONES = [
    "Europe/Oslo",
    "Europe/Stockholm",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Atlantic/Reykjavik",
    "Atlantic/Faroe",
    "America/Nuuk",
    "America/Scoresbysund",
    "Europe/Mariehamn",
    # not ours, but stranger: half an hour of summer time, a change at midnight, the far ends of the date
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "America/St_Johns",
]
CLOCK_CHANGES = [
    date(2024, 3, 31),
    date(2024, 10, 27),
    date(2025, 3, 30),
    date(2025, 10, 26),
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 10, 4),
]
OTHER_DAYS = [date(2024, 2, 29), date(2025, 12, 31), date(2026, 4, 2), date(2026, 6, 19), date(2027, 1, 1)]
EDGES = [0, 60, 90, 120, 150, 180, 240, 480, 690, 735, 720, 930, 960, 1380, 1410, 1440]

minutes_of_day = st.sampled_from(EDGES) | st.integers(0, 1440)


@st.composite
def day_spans(draw):
    """No, one or several spans that do not overlap; touching ones happen."""
    edges = sorted(set(draw(st.lists(minutes_of_day, min_size=0, max_size=6))))
    spans = list(pairwise(edges))
    return tuple(span for span in spans if draw(st.booleans())) if len(spans) > 1 else tuple(spans)


whole_day = st.just(((0, 1440),))
office_hours = st.just(((480, 690), (735, 930)))
hours_of_a_day = st.one_of(whole_day, office_hours, day_spans())


@st.composite
def weeks(draw):
    if draw(st.booleans()):
        hours = draw(hours_of_a_day)
        return dict.fromkeys(range(1, draw(st.sampled_from([5, 7])) + 1), hours)
    return draw(st.dictionaries(st.integers(1, 7), hours_of_a_day, max_size=7))


@st.composite
def cases(draw):
    anchor = draw(st.sampled_from(CLOCK_CHANGES * 2 + OTHER_DAYS))
    day_near = st.integers(-4, 20).map(lambda n: anchor + timedelta(days=n))
    starts = st.lists(st.tuples(day_near, st.integers(0, 10)), max_size=2)
    calendar = WorkingCalendar(
        timezone=draw(st.sampled_from(ZONES)),
        open_hours=draw(weeks()),
        public_holidays=draw(st.frozensets(day_near, max_size=4)),
        public_holidays_counted=draw(st.booleans()),
        breaks=tuple((first, first + timedelta(days=n)) for first, n in draw(starts)),
        school_breaks_counted=draw(st.booleans()),
        extra_closed_days=draw(st.frozensets(day_near, max_size=3)),
        special_hours=draw(st.dictionaries(day_near, hours_of_a_day, max_size=4)),
    )
    opened = draw(near(anchor, -4 * 1440, 3 * 1440))
    return Case(calendar, draw(guarantees), opened, draw(pauses(calendar, opened)), ())


def near(anchor, low, high):
    """A whole minute so many minutes from the anchor's midnight; often in the hours when clocks change."""
    midnight = datetime(anchor.year, anchor.month, anchor.day, tzinfo=UTC)
    offsets = st.integers(low, high) | st.integers(-180, 240)
    return offsets.map(lambda minutes: midnight + timedelta(minutes=minutes))


@st.composite
def pauses(draw, calendar, opened):
    """Up to three pauses: before, across, after; overlapping, touching, empty, sometimes still open.

    Many begin or end exactly when a day opens or closes.
    """
    edges = st.sampled_from(edges_after(calendar, opened))
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3]))):
        moments = minutes_after(opened, -2000, 8000) | edges
        start, end = sorted([draw(moments), draw(moments)])
        found.append((start, None if draw(st.integers(0, 7)) == 0 else end))
    return tuple(found)


def minutes_after(opened, low, high):
    minutes = st.sampled_from([0, 1, 60, 1440]) | st.integers(low, high)
    return minutes.map(lambda n: opened + timedelta(minutes=n))


def edges_after(calendar, opened):
    """When the coming ten days open and close by their clocks, and the request itself."""
    today = opened.astimezone(calendar.zone).replace(hour=0, minute=0)
    found = [opened]
    for n in range(10):
        for minutes in chain(*calendar.hours_of((today + timedelta(days=n)).date())):
            found.append((today + timedelta(days=n, minutes=minutes)).astimezone(UTC))
    return found


guarantees = st.one_of(
    st.builds(CountedHours, st.sampled_from([1, 2, 8, 24, 24, 48]) | st.integers(1, 240)),
    st.builds(
        WorkingDays,
        st.sampled_from([1, 1, 2, 5]) | st.integers(1, 30),
        st.sampled_from(["same_day", "next_open_day"]),
    ),
)


@settings(max_examples=CALENDARS, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_the_due_time_equals_the_oracle_s_on_random_calendars(case):
    due = case.due_at()
    event(f"{type(case.guarantee).__name__}, {'never' if due is None else 'due'}")
    assert due == expected_due(plain(case))


@settings(max_examples=CALENDARS // 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_open_now_and_opens_next_equal_the_oracle_s(case):
    first = next(open_minutes(plain(case)), None)
    opens = next_open(case.calendar, case.opened_at)
    expected = first and datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=first[0])
    assert opens == expected
    assert is_open(case.calendar, case.opened_at) == (opens == case.opened_at)


@settings(max_examples=CALENDARS // 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(0, 3000))
def test_asking_later_is_never_due_earlier_and_a_pause_never_hastens(case, minutes):
    due = case.due_at()
    later = Case(case.calendar, case.guarantee, case.opened_at + timedelta(minutes=minutes), case.pauses, ())
    unpaused = Case(case.calendar, case.guarantee, case.opened_at, (), ())
    if due is not None:
        assert due > case.opened_at
        assert unpaused.due_at() <= due
        later_due = later.due_at()
        assert later_due is None or later_due >= due


def test_the_last_day_is_400_for_the_oracle_as_well():
    """Day 0 is the request's own: a door that opens on day 400 alone is reached, one of day 401 is not."""
    opened = datetime(2026, 3, 9, 11, tzinfo=UTC)
    for guarantee in (CountedHours(8), WorkingDays(1)):
        for ahead in (400, 401):
            day = date(2026, 3, 9) + timedelta(days=ahead)
            calendar = WorkingCalendar("Europe/Oslo", {}, special_hours={day: ((480, 960),)})
            case = Case(calendar, guarantee, opened, (), ())
            due = case.due_at()
            assert due == expected_due(plain(case))
            assert (due is not None) == (ahead == 400)
