"""Which agreed times are told of now, because they are tomorrow: to the helper while they are last at work before it,
to the student on the afternoon before. Never at night, never to who is away, and nobody twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.errors import Unavailable
from kernel.guarantee import WorkingCalendar
from kernel.outbox.models import Message
from kernel.tenancy import require_current
from services.contact.models import Channel, ContactRequest
from services.meetings.models import Meeting, MeetingTime
from services.meetings.reminding import cause_of_tomorrow
from services.meetings.rules import (
    LOOKED_BACK,
    Stretch,
    afternoon_before,
    is_a_day_ahead,
    last_at_work_before,
)
from tenants.presence.presence import Roster
from tenants.presence.queries import roster_now
from tenants.setup.queries import current_calendar, meeting_reminder


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """One agreed time, and who is told of it now."""

    time_id: UUID
    helper: bool
    student: bool


def to_tell(now: datetime | None = None) -> list[Tomorrow]:
    """Four queries, however many there are; one where nothing is agreed."""
    now = now or clock.now()
    rows = MeetingTime.objects.filter(
        state=MeetingTime.State.AGREED,
        meeting__state=Meeting.State.OPEN,
        meeting__request__closed_at__isnull=True,
        starts_at__gt=now,
        starts_at__lte=now + LOOKED_BACK,
    )
    times = list(rows.select_related("meeting__request").order_by("starts_at", "pk"))
    return list(_due(times, now)) if times else []


def _due(times: list[MeetingTime], now: datetime) -> Iterator[Tomorrow]:
    zone, everybody, calendar = ZoneInfo(require_current().timezone), roster_now(), _calendar()
    causes = [cause_of_tomorrow(one) for one in times]
    told: set[tuple[str, UUID | None]] = set(
        Message.objects.filter(cause__in=causes).values_list("cause", "account_id")
    )
    for one in times:
        cause = cause_of_tomorrow(one)
        helper = (cause, one.account_id) not in told and _is_now(_at_work(one, calendar, everybody), one, now)
        student = (cause, None) not in told and _is_now(
            for_the_student(one.meeting.request, one, zone), one, now
        )
        if helper or student:
            yield Tomorrow(one.pk, helper, student)


def _calendar() -> WorkingCalendar | None:
    try:
        return current_calendar()[0]
    except Unavailable:
        return None


def _at_work(time: MeetingTime, calendar: WorkingCalendar | None, everybody: Roster) -> Stretch | None:
    """When the helper is told: on their own last day at that work before it, not while they are away."""
    if calendar is None:
        return None
    request = time.meeting.request

    def is_there(day: date) -> bool:
        return everybody.works_in(time.account_id, request.role_id, day)

    return last_at_work_before(time.starts_at, calendar, is_there)


def for_the_student(request: ContactRequest, time: MeetingTime, zone: ZoneInfo) -> Stretch | None:
    """When the student is told: who chose e-mail, and is not reminded about a day before as it is."""
    if request.channel_kind != Channel.EMAIL or is_a_day_ahead(meeting_reminder()):
        return None
    return afternoon_before(time.starts_at, zone)


def _is_now(stretch: Stretch | None, time: MeetingTime, now: datetime) -> bool:
    """Whoever agreed on it within the stretch or after it knows."""
    if stretch is None or time.decided_at is None:
        return False
    return time.decided_at < stretch[0] <= now < stretch[1]
