"""The day before a meeting: the helper hears of it at work, the student in the afternoon; nobody at night, nobody
twice, nobody of what is off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kernel.actor import MACHINE
from kernel.guarantee import WorkingCalendar
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.meetings import operations
from services.meetings.day_before import to_tell
from services.meetings.jobs import remind_of_tomorrow
from services.meetings.models import MeetingTime
from services.meetings.rules import afternoon_before, last_at_work_before
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tenants.setup.queries import current_calendar
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.meetings.people import THURSDAY, WEDNESDAY, agreed
from tests.services.meetings.test_pages import phone as phone
from tests.services.meetings.test_pages import student_page, words

pytestmark = pytest.mark.django_db
MAIL = {"channel_kind": "email", "channel_value": "ida@example.org"}
HOUR = timedelta(hours=1)
OSLO = ZoneInfo("Europe/Oslo")
#: 14:00 and 16:30 in Oslo on the Tuesday.
AT_WORK, AFTERNOON = datetime(2026, 9, 15, 12, 0, tzinfo=UTC), datetime(2026, 9, 15, 14, 30, tzinfo=UTC)


def told() -> list[str]:
    rows = Message.objects.filter(cause__startswith="meeting-tomorrow:").order_by("template")
    return [row.template for row in rows]


def through(clock: Any, first: datetime, last: datetime) -> None:
    """The hourly job, hour by hour."""
    now = first
    while now < last:
        clock.move_to(now)
        remind_of_tomorrow()
        now += HOUR


def test_both_hear_of_it_the_day_before_each_in_their_own_hours_and_once(alpha: World, clock: Any) -> None:
    agreed(alpha, **MAIL)
    through(clock, AT_WORK - 2 * HOUR, AT_WORK - HOUR)
    assert told() == []
    clock.move_to(AT_WORK)
    remind_of_tomorrow()
    assert told() == ["meetings/soon"]
    clock.move_to(AFTERNOON)
    remind_of_tomorrow()
    assert told() == ["meetings/soon", "meetings/soon_student"]
    through(clock, AFTERNOON, WEDNESDAY)
    assert len(told()) == 2
    assert to_tell() == []


def test_a_monday_is_told_of_on_friday_at_work_and_on_sunday_afternoon(alpha: World, clock: Any) -> None:
    monday = datetime(2026, 9, 21, 8, 0, tzinfo=UTC)
    clock.move_to(THURSDAY)
    agreed(alpha, monday, **MAIL)
    through(clock, datetime(2026, 9, 18, 10, 30, tzinfo=UTC), datetime(2026, 9, 18, 20, 0, tzinfo=UTC))
    assert told() == ["meetings/soon"]
    through(clock, datetime(2026, 9, 19, 0, 30, tzinfo=UTC), datetime(2026, 9, 20, 12, 59, tzinfo=UTC))
    assert told() == ["meetings/soon"]
    through(clock, datetime(2026, 9, 20, 13, 0, tzinfo=UTC), datetime(2026, 9, 20, 14, 0, tzinfo=UTC))
    assert told() == ["meetings/soon", "meetings/soon_student"]


@pytest.mark.parametrize("said", [{}, {"channel_kind": "sms", "channel_value": "99887766"}])
def test_a_student_without_an_address_gets_no_message(alpha: World, clock: Any, said: dict[str, str]) -> None:
    agreed(alpha, **said)
    through(clock, AT_WORK, WEDNESDAY)
    assert told() == ["meetings/soon"]


def test_what_is_off_is_told_to_nobody(alpha: World, clock: Any) -> None:
    first, second = agreed(alpha, **MAIL), agreed(alpha, WEDNESDAY + 2 * HOUR, **MAIL)
    operations.cancel(by=visitor(first), request_id=first.request_id, again=False)
    contact.withdraw(by=visitor(second), request_id=second.request_id)
    assert to_tell(AT_WORK) == to_tell(AFTERNOON) == []
    through(clock, AT_WORK, WEDNESDAY)
    assert told() == []


def test_called_off_between_the_look_and_the_message_nobody_is_told(alpha: World, clock: Any) -> None:
    accepted = agreed(alpha, **MAIL)
    clock.move_to(AFTERNOON)
    (one,) = to_tell()
    operations.cancel(by=visitor(accepted), request_id=accepted.request_id, again=False)
    assert not operations.remind_the_day_before(by=MACHINE, time_id=one.time_id, helper=True, student=True)
    assert told() == []


def test_whoever_is_away_or_not_at_work_that_day_is_told_on_their_own_last_day(
    alpha: World, clock: Any
) -> None:
    agreed(alpha, THURSDAY)
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=[1, 2, 4, 5], by=MACHINE)  # not on Wednesdays
    through(clock, AT_WORK, AT_WORK + HOUR)
    assert told() == ["meetings/soon"]  # on Tuesday
    Message.objects.all().delete()
    presence.begin_absence(
        account_id=alpha.people["nurse"], first_day=date(2026, 9, 15), last_day=date(2026, 9, 16), by=MACHINE
    )
    assert to_tell(AT_WORK) == []


def test_who_agreed_on_it_that_afternoon_knows_and_a_reminder_a_day_ahead_does_for_both(
    alpha: World, clock: Any
) -> None:
    clock.move_to(AFTERNOON)
    agreed(alpha, **MAIL)
    through(clock, AFTERNOON + HOUR, WEDNESDAY)
    assert told() == []
    setup.change_meeting_reminder(minutes=24 * 60, by=MACHINE)
    agreed(alpha, datetime(2026, 9, 18, 8, 0, tzinfo=UTC), **MAIL)
    through(clock, datetime(2026, 9, 17, 13, 30, tzinfo=UTC), datetime(2026, 9, 17, 20, 0, tzinfo=UTC))
    assert told() == ["meetings/soon"]


def test_the_message_says_when_and_nothing_else_and_the_page_that_it_was_sent(
    alpha: World, clock: Any, phone: Client
) -> None:
    from kernel.outbox.operations import _open

    accepted = agreed(alpha, **MAIL)
    clock.move_to(AFTERNOON)
    remind_of_tomorrow()
    message = Message.objects.get(template="meetings/soon_student")
    assert "We remind you by e-mail." in words(student_page(phone, accepted))
    assert set(_open(message).context) == {"due"}
    message.state, message.sent_at, message.sealed = "sent", AFTERNOON, None
    message.save()
    assert "We have reminded you by e-mail." in words(student_page(phone, accepted))


@pytest.mark.parametrize(
    ("meets", "first", "last"),
    [  # the clocks go back on 25 October 2026 and forward on 28 March 2027, in Oslo
        (datetime(2026, 10, 26, 9, tzinfo=OSLO), (25, 15), (25, 20)),
        (datetime(2026, 10, 25, 9, tzinfo=OSLO), (24, 15), (24, 20)),
        (datetime(2027, 3, 29, 9, tzinfo=OSLO), (28, 15), (28, 20)),
        (datetime(2026, 9, 16, 0, 30, tzinfo=OSLO), (15, 15), (15, 20)),
    ],
)
def test_the_afternoon_before_is_a_local_one_also_when_the_clocks_change(
    meets: datetime, first: tuple[int, int], last: tuple[int, int]
) -> None:
    found = [(one.astimezone(OSLO).day, one.astimezone(OSLO).hour) for one in afternoon_before(meets, OSLO)]
    assert found == [first, last]


def test_the_last_hours_at_work_are_open_never_at_night_and_not_long_ago(alpha: World) -> None:
    calendar: WorkingCalendar = current_calendar()[0]
    friday = last_at_work_before(datetime(2026, 9, 21, 9, tzinfo=OSLO), calendar, lambda _day: True)
    assert friday is not None
    assert [one.astimezone(OSLO).strftime("%a %H:%M") for one in friday] == ["Fri 13:00", "Fri 16:00"]
    assert last_at_work_before(THURSDAY, calendar, lambda _day: False) is None
    setup.change_hours(open_hours={"3": [["00:00", "24:00"]]}, by=MACHINE)
    whole = last_at_work_before(THURSDAY, current_calendar()[0], lambda _day: True)
    assert whole is not None
    assert [one.astimezone(OSLO).hour for one in whole] == [17, 20]


def test_nobody_but_the_machine_sends_it(alpha: World, clock: Any) -> None:
    from kernel.errors import NotAllowed

    agreed(alpha)
    time = MeetingTime.objects.get()
    with pytest.raises(NotAllowed):
        operations.remind_the_day_before(by=alpha.actor("nurse"), time_id=time.pk, helper=True, student=True)
