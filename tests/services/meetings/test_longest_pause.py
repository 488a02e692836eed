"""A student's clock never stands for months: how long it may is the municipality's to say, and the table's to keep."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kernel.actor import MACHINE
from kernel.errors import Invalid, violated
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.insights import queries as insights
from services.meetings import operations
from services.meetings.models import MeetingTime
from services.promises import operations as promises
from services.promises.models import Promise, PromisePause
from services.promises.sweep import break_due, remind_due
from tenants.setup import operations as setup
from tests.services.contact.people import TUESDAY, visitor
from tests.services.meetings.people import (
    DAY,
    HOUR,
    MINUTE,
    WEDNESDAY,
    meeting_of,
    proposed,
    room,
    standing,
    taken,
)
from tests.services.meetings.test_pages import TIMES, ask, case_page, words
from tests.services.meetings.test_pages import nora as nora
from tests.services.meetings.test_pages import phone as phone
from tests.services.meetings.test_pages import signed_in as signed_in

pytestmark = pytest.mark.django_db
#: Ten working days after the Tuesday the tests begin on: at 16 o'clock in Oslo.
LAST = datetime(2026, 9, 29, 14, 0, tzinfo=UTC)
#: An hour before it, and the morning after.
LATE, AFTER = LAST - HOUR, LAST + 18 * HOUR


def test_a_time_later_than_the_clock_may_stand_is_refused_by_name_with_the_day_it_may(alpha, clock) -> None:
    accepted = taken(alpha)
    with pytest.raises(Invalid) as refused:
        proposed(alpha, accepted, room(WEDNESDAY), room(AFTER))
    assert [one.field for one in refused.value.errors] == ["times.1.starts_at"]
    assert "29" in str(refused.value.errors[0].message)
    assert not PromisePause.objects.exists()
    proposed(alpha, accepted, room(WEDNESDAY), room(LATE))
    pause = PromisePause.objects.get()
    assert (pause.ends_at, pause.latest_at) == (LATE, LAST)


def test_proposing_again_and_again_never_stretches_one_pause_beyond_its_longest(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY), room(WEDNESDAY + 5 * DAY))
    clock.shift(HOUR)
    with pytest.raises(Invalid):
        proposed(alpha, accepted, room(AFTER))
    proposed(alpha, accepted, room(LATE))
    assert PromisePause.objects.get().ends_at == LATE


def test_the_municipality_says_for_how_long(alpha, clock) -> None:
    setup.change_longest_pause(days=2, by=alpha.actor("admin"))
    accepted = taken(alpha)
    with pytest.raises(Invalid):
        proposed(alpha, accepted, room(WEDNESDAY), room(WEDNESDAY + 2 * DAY))
    for days in (0, 31):
        with pytest.raises(Invalid) as refused:
            setup.change_longest_pause(days=days, by=alpha.actor("admin"))
        assert [one.field for one in refused.value.errors] == ["longest_pause"]


def test_another_urgency_keeps_the_pause_that_runs_and_makes_it_no_longer(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY), room(LATE))
    given = PromisePause.objects.get()
    clock.shift(DAY)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="weeks")
    kept = standing(accepted).pauses.get()
    assert (kept.starts_at, kept.ends_at, kept.latest_at) == (given.starts_at, LATE, LAST)


def test_the_operation_itself_and_the_table_refuse_a_longer_one(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY))
    with pytest.raises(Invalid) as refused:
        promises.pause(by=MACHINE, promise_id=standing(accepted).pk, until=LAST + MINUTE)
    assert [one.field for one in refused.value.errors] == ["until"]
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        PromisePause.objects.update(ends_at=LAST + MINUTE)
    assert violated(broken.value) == "a_pause_stands_no_longer_than_it_may"


def test_a_pause_from_before_there_was_a_longest_one_stays_and_is_not_made_longer(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY))
    long_ago = LAST + 20 * DAY
    PromisePause.objects.update(latest_at=None, ends_at=long_ago)
    proposed(alpha, accepted, room(WEDNESDAY + DAY))
    assert PromisePause.objects.get().ends_at == long_ago
    with pytest.raises(Invalid):
        promises.pause(by=MACHINE, promise_id=standing(accepted).pk, until=long_ago + DAY)
    operations.none_fit(by=visitor(accepted), request_id=accepted.request_id)
    assert PromisePause.objects.get().ends_at == TUESDAY.replace(second=0)


def test_the_helper_gets_the_words_back_with_the_day_beside_the_field(alpha, clock, nora) -> None:
    accepted = taken(alpha)
    case_page(nora, accepted)
    sent = TIMES | {"day_1": "2026-10-20"}
    answer = ask(nora, accepted, act="propose", urgency="days", **sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "the student&#x27;s clock may not stand for longer" in page
    assert 'value="2026-10-20"' in page
    assert not PromisePause.objects.exists()


def test_the_lead_sees_which_clocks_stand_since_when_and_until_when(alpha, clock, signed_in) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY))
    page = words(signed_in("lead").get("/insights/").content.decode())
    assert "The clock stands" in page
    assert "Solhaug" in page.split("The clock stands", 1)[1].split("until tomorrow at 10:00", 1)[0]
    assert accepted.case_number not in page
    operations.none_fit(by=visitor(accepted), request_id=accepted.request_id)
    assert insights.paused(alpha.actor("lead"), TUESDAY) == ()
    assert meeting_of(accepted).is_open
    assert "The clock stands" not in words(signed_in("lead").get("/insights/").content.decode())


# --- all pauses of one turn of the student count together ----------------------------------------------------------


def urgent(alpha) -> Any:
    """To be met "today": eight open hours."""
    accepted = taken(alpha)
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="today")
    return accepted


def proposes(alpha, accepted, *starts: datetime) -> None:
    operations.propose(
        by=alpha.actor("nurse"),
        request_id=accepted.request_id,
        outside_hours=True,
        times=[room(at) for at in starts],
    )


def takes_all_back(alpha, accepted) -> None:
    for old in MeetingTime.objects.filter(meeting=meeting_of(accepted), state="offered"):
        operations.take_back(by=alpha.actor("nurse"), request_id=accepted.request_id, time_id=old.pk)


@pytest.mark.parametrize("takes_back", [True, False])
def test_taking_back_or_letting_pass_and_proposing_anew_gives_no_fresh_pause(
    alpha, clock, takes_back: bool
) -> None:
    accepted = urgent(alpha)
    first, begun, stood = standing(accepted).pk, TUESDAY.replace(second=0), []
    for week in range(4):
        start = begun + 7 * week * DAY
        clock.move_to(start)
        break_due()
        remind_due()
        if Promise.objects.get(pk=first).broken_at is not None:
            break
        if takes_back:
            takes_all_back(alpha, accepted)
        last = start + 7 * DAY + (HOUR if takes_back else -MINUTE)
        proposes(alpha, accepted, start + HOUR, last)
        stood += insights.paused(alpha.actor("lead"), start + MINUTE)
    assert [(one.since, one.until <= LAST) for one in stood] == [(begun, True)] * 2
    assert Promise.objects.get(pk=first).broken_at is not None
    assert Message.objects.filter(template="promises/broken", account_id=alpha.people["lead"]).exists()


def test_where_no_pause_is_left_times_are_proposed_and_the_clock_runs_on(alpha, clock) -> None:
    accepted = urgent(alpha)
    setup.change_longest_pause(days=1, by=alpha.actor("admin"))
    begun = TUESDAY.replace(second=0)
    proposes(alpha, accepted, begun + HOUR)
    clock.shift(2 * HOUR)
    proposes(alpha, accepted, begun + 3 * HOUR, begun + 5 * HOUR)
    assert len(MeetingTime.objects.filter(state="offered")) == 3
    assert PromisePause.objects.get().ends_at == begun + HOUR


def test_a_student_whom_no_time_fits_gives_the_clock_a_new_turn(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY), room(WEDNESDAY + 5 * DAY))
    clock.shift(2 * DAY)
    operations.none_fit(by=visitor(accepted), request_id=accepted.request_id)
    clock.shift(HOUR)
    proposes(alpha, accepted, WEDNESDAY + 2 * DAY)
    newest = PromisePause.objects.latest("starts_at")
    assert (newest.turn_since, newest.latest_at) == (newest.starts_at, LAST + 2 * DAY)


def test_another_urgency_carries_what_has_stood(alpha, clock) -> None:
    accepted = taken(alpha)
    proposed(alpha, accepted, room(WEDNESDAY), room(WEDNESDAY + DAY))
    begun = PromisePause.objects.get().starts_at
    clock.shift(DAY)
    takes_all_back(alpha, accepted)
    operations.set_urgency(by=alpha.actor("nurse"), request_id=accepted.request_id, urgency="weeks")
    proposes(alpha, accepted, WEDNESDAY + 2 * DAY)
    newest = standing(accepted).pauses.latest("starts_at")
    assert (newest.turn_since, newest.latest_at) == (begun, LAST - DAY)
