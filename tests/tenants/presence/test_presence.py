"""The pure heart: who is there, who stands in, who answers. No database."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tenants.presence.presence import Away, Held, Roster, mask_of, weekdays_of

MONDAY = date(2026, 9, 14)
NURSE, COUNSELLOR = UUID(int=1), UUID(int=2)
HERE, THERE = UUID(int=11), UUID(int=12)
NORA, SIGNE, OLGA, PER = (UUID(int=n) for n in range(21, 25))


def post(who: UUID, school: UUID = HERE, role: UUID = NURSE, **more) -> Held:
    number = who.int * 100 + school.int + role.int * 10_000
    return Held(UUID(int=number), who, role, school, date(2020, 1, 1), **more)


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def test_weekdays_and_their_bits_say_the_same() -> None:
    for mask in range(128):
        assert mask_of(weekdays_of(mask)) == mask


def test_both_ends_belong_to_an_absence() -> None:
    roster = Roster((post(NORA),), (Away(NORA, day(1), day(3)),))
    assert [bool(roster.present(NURSE, HERE, day(n))) for n in range(6)] == [
        True,
        False,
        False,
        False,
        True,
        True,
    ]


def test_a_part_timer_is_there_on_their_weekdays_alone() -> None:
    roster = Roster((post(NORA, weekdays=mask_of([1, 3])),))
    assert [n for n in range(7) if roster.present(NURSE, HERE, day(n))] == [0, 2]
    assert roster.back_on(NORA, NURSE, HERE, day(3), is_open=lambda _day: True) == day(7)
    assert roster.back_on(NORA, NURSE, HERE, day(3), is_open=lambda one: one > day(7)) == day(9)


def test_the_first_substitute_who_is_there_stands_in_and_only_while_it_lasts() -> None:
    nora = post(NORA)
    roster = Roster(
        (nora, post(SIGNE, THERE), post(OLGA, THERE, weekdays=mask_of([2]))),
        (Away(NORA, day(0), day(2)), Away(SIGNE, day(1), day(1))),
        {nora.post_id: (SIGNE, OLGA)},
    )
    assert [roster.stand_in(nora, day(n)) for n in range(4)] == [SIGNE, OLGA, SIGNE, None]
    assert roster.stand_ins(day(1)) == {(OLGA, NURSE, HERE)}
    assert roster.stand_ins(day(3)) == frozenset()


def test_where_no_substitute_is_there_theirs_are_asked_and_nobody_twice() -> None:
    nora, signe = post(NORA), post(SIGNE, THERE)
    roster = Roster(
        (nora, signe, post(OLGA, THERE)),
        (Away(NORA, day(0), day(0)), Away(SIGNE, day(0), day(0))),
        {nora.post_id: (SIGNE,), signe.post_id: (OLGA,)},
    )
    assert roster.stand_in(nora, day(0)) == OLGA


def test_nobody_stands_in_in_another_role() -> None:
    nora = post(NORA)
    roster = Roster(
        (nora, post(PER, HERE, COUNSELLOR)), (Away(NORA, day(0), day(0)),), {nora.post_id: (PER,)}
    )
    assert roster.stand_in(nora, day(0)) is None
    assert roster.responsible_on(NURSE, HERE, day(0)).how == "nobody"


def test_holder_then_substitute_then_pool_then_the_lead() -> None:
    nora = post(NORA)
    everybody = (nora, post(SIGNE), post(OLGA, THERE))

    def how(*away: UUID) -> tuple[str, tuple[UUID, ...]]:
        absences = tuple(Away(who, day(0), day(0)) for who in away)
        found = Roster(everybody, absences, {nora.post_id: (OLGA,)}).responsible_on(
            NURSE, HERE, day(0), holder=NORA
        )
        return found.how, found.people

    assert how() == ("holder", (NORA,))
    assert how(NORA) == ("substitute", (OLGA,))
    assert how(NORA, OLGA) == ("pool", (SIGNE,))
    assert how(NORA, OLGA, SIGNE) == ("nobody", ())


@pytest.mark.parametrize(
    ("wanted", "chain"),
    [
        ((SIGNE,), (NORA, SIGNE, OLGA, NORA)),
        ((PER, OLGA), (NORA, OLGA, NORA)),
        ((PER,), None),
    ],
)
def test_a_chain_that_comes_back_is_found_and_named(wanted, chain) -> None:
    nora, signe, olga = post(NORA), post(SIGNE, THERE), post(OLGA, THERE)
    roster = Roster((nora, signe, olga, post(PER)), (), {signe.post_id: (OLGA,), olga.post_id: (NORA,)})
    assert roster.circle(nora, wanted) == chain


def test_the_first_day_with_somebody_is_looked_for_to_the_last_day_included() -> None:
    roster = Roster((post(NORA),), (Away(NORA, day(0), day(4)),))
    always = {"is_open": lambda _day: True}
    assert roster.first_day_with_somebody(NURSE, HERE, day(0), day(4), **always) is None
    assert roster.first_day_with_somebody(NURSE, HERE, day(0), day(5), **always) == day(5)


def test_a_closed_day_is_none_with_somebody_unless_all_of_them_are() -> None:
    roster = Roster((post(NORA),), (Away(NORA, day(7), day(8)),))  # there on the weekend
    weekdays = {"is_open": lambda one: one.isoweekday() < 6}
    assert roster.first_day_with_somebody(NURSE, HERE, day(5), day(8), **weekdays) is None
    assert roster.first_day_with_somebody(NURSE, HERE, day(5), day(9), **weekdays) == day(9)
    assert roster.first_day_with_somebody(NURSE, HERE, day(5), day(6), **weekdays) == day(5)
