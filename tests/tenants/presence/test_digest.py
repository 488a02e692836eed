"""Once a day, in working hours, whoever can mend it hears what is broken: counts, and nothing when all is well."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.errors import NotAllowed
from kernel.outbox import rendering
from kernel.outbox.models import Message
from kernel.tenancy import inside
from tenants.presence import operations as presence
from tenants.presence.digest import Troubles, troubles
from tenants.presence.models import ToldGap
from tenants.setup.actors import today
from tenants.setup.models import ClosedDay, Post

#: A Tuesday in Oslo: 10:00 by day, 23:00 at night; a Sunday.
DAY, NIGHT, SUNDAY = (
    datetime(2026, 9, 15, 8, tzinfo=UTC),
    datetime(2026, 9, 15, 21, tzinfo=UTC),
    datetime(2026, 9, 13, 8, tzinfo=UTC),
)


@pytest.fixture
def alpha(world):
    with inside(world.alpha), time_machine.travel(DAY, tick=False):
        yield world


def nobody_at_fjellvang(world) -> None:
    presence.begin_absence(
        account_id=world.people["other_nurse"],
        first_day=today(),
        last_day=today() + timedelta(days=30),
        by=MACHINE,
    )


def told() -> set[str]:
    rows = Message.objects.filter(template="presence/digest").select_related("account")
    return {row.account.get_short_name() for row in rows}


def test_nothing_is_said_when_all_is_well(alpha) -> None:
    assert not troubles()
    assert presence.send_digest(by=MACHINE) == 0
    assert told() == set()


def test_administrators_and_leads_hear_once_a_day_what_is_broken(alpha) -> None:
    nobody_at_fjellvang(alpha)
    assert presence.send_digest(by=MACHINE) == 2
    assert told() == {"Adam", "Lena"}
    assert presence.send_digest(by=MACHINE) == 0
    with time_machine.travel(DAY + timedelta(days=1), tick=False):
        assert presence.send_digest(by=MACHINE) == 2


@pytest.mark.parametrize("when", [NIGHT, SUNDAY])
def test_it_is_quiet_at_night_and_on_closed_days(alpha, when) -> None:
    nobody_at_fjellvang(alpha)
    with time_machine.travel(when, tick=False):
        assert presence.send_digest(by=MACHINE) == 0


def test_whoever_is_away_is_left_in_peace_unless_all_are(alpha) -> None:
    nobody_at_fjellvang(alpha)
    for who in ("lead", "admin"):
        presence.begin_absence(account_id=alpha.people[who], first_day=today(), last_day=today(), by=MACHINE)
        if who == "lead":
            assert presence.send_digest(by=MACHINE) == 1
            assert told() == {"Adam"}
    with time_machine.travel(DAY + timedelta(hours=1), tick=False):
        assert presence.send_digest(by=MACHINE) == 1  # Lena too now: nobody else is left
    assert told() == {"Adam", "Lena"}


def test_a_lead_hears_of_the_roles_at_their_schools_alone(alpha) -> None:
    nobody_at_fjellvang(alpha)
    assert troubles({alpha.other_school}) == Troubles(roles=1)
    assert not troubles({alpha.school})


def test_a_calendar_that_ends_is_a_trouble(alpha) -> None:
    ClosedDay.objects.filter(day__gt=date(2026, 10, 1)).delete()
    assert troubles() == Troubles(calendar=1)


# --- gaps of the next 30 days ------------------------------------------------------------------------------


def part_time(world, *weekdays: int) -> None:
    """The only nurse at Fjellvang."""
    post = Post.objects.get(account=world.people["other_nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=weekdays, by=MACHINE)


def next_day(n: int = 1):
    return time_machine.travel(DAY + timedelta(days=n), tick=False)


def test_a_gap_is_told_once_to_administrators_and_the_school_s_leads(alpha) -> None:
    part_time(alpha, 3, 4, 5)
    assert presence.send_digest(by=MACHINE) == 2
    assert troubles() == Troubles(gaps=4)
    assert troubles({alpha.other_school}) == Troubles(gaps=4)
    assert not troubles({alpha.school})
    with next_day():
        assert presence.send_digest(by=MACHINE) == 0
        assert not troubles()


def test_one_that_comes_into_the_30_days_is_new_and_those_before_are_not(alpha) -> None:
    part_time(alpha, 3, 4, 5)
    presence.send_digest(by=MACHINE)
    with next_day(6):  # a Monday: its 30 days reach one Monday and Tuesday more
        presence.send_digest(by=MACHINE)
        assert troubles().gaps == 1


def test_what_comes_up_after_the_digest_waits_for_the_next(alpha) -> None:
    ClosedDay.objects.filter(day__gt=date(2026, 10, 1)).delete()
    assert presence.send_digest(by=MACHINE) == 1  # the calendar, to Adam
    part_time(alpha, 3, 4, 5)
    assert presence.send_digest(by=MACHINE) == 0
    assert troubles() == Troubles(calendar=1)
    with next_day():
        assert presence.send_digest(by=MACHINE) == 2
        assert troubles().gaps == 4


def test_a_gap_that_went_and_comes_back_is_told_again(alpha) -> None:
    part_time(alpha, 3, 4, 5)
    presence.send_digest(by=MACHINE)
    part_time(alpha, 1, 2, 3, 4, 5)
    with next_day():
        presence.send_digest(by=MACHINE)
        assert not ToldGap.objects.exists()
        part_time(alpha, 3, 4, 5)
    with next_day(2):
        presence.send_digest(by=MACHINE)
        assert troubles().gaps == 4


def test_it_says_counts_and_neither_school_nor_name(alpha) -> None:
    _subject, text = rendering.render(
        "presence/digest",
        "en",
        {"roles": 2, "messages": 1, "promises": 0, "calendar": 1, "gaps": 3, "page": "setup/"},
    )
    assert "2 roles" in text
    assert "1 message" in text
    assert "3 new gaps in the next 30 days" in text
    assert "promise" not in text
    assert "Fjellvang" not in text


def test_nobody_but_the_machine_sends_it(alpha) -> None:
    with pytest.raises(NotAllowed):
        presence.send_digest(by=alpha.actor("admin"))
