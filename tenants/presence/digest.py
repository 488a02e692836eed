"""What is broken and waits for somebody who can mend it: counts alone, no school, no name, no content."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.audit.models import Entry
from kernel.guarantee import WorkingCalendar, check_guarantee, is_open
from kernel.guarantee.reminders import EVENING, MORNING
from kernel.outbox.queries import failing
from kernel.tenancy import require_current
from tenants.feasibility.queries import plan_now
from tenants.presence.models import ToldGap
from tenants.setup.actors import today
from tenants.setup.models import ClosedDay
from tenants.setup.portal import Portal
from tenants.setup.queries import portal

#: The calendar is said to end when its last public holiday lies nearer than this.
ENDS_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Troubles:
    """How many messages do not get through; roles nobody is there for; promises the calendar cannot keep; whether its
    public holidays end soon (1 or 0); and gaps of the next 30 days that no digest has told of before today."""

    messages: int = 0
    roles: int = 0
    promises: int = 0
    calendar: int = 0
    gaps: int = 0

    def __bool__(self) -> bool:
        return any(astuple(self))


def troubles(schools: Collection[UUID] | None = None) -> Troubles:
    """Of the whole municipality; of the schools somebody leads: what a lead can do something about."""
    door = portal()
    mine = [school for school in door.schools if schools is None or school.id in schools]
    roles = sum(len(school.unstaffed) for school in mine)
    told = ToldGap.objects.filter(told_on=today())
    if schools is not None:
        return Troubles(roles=roles, gaps=told.filter(school_id__in=schools).count())
    return Troubles(len(failing()), roles, _impossible(door), int(_calendar_ends()), told.count())


@dataclass(frozen=True, slots=True)
class Coming:
    """A gap of a door, by the days on which nobody is there."""

    role_id: UUID
    school_id: UUID
    first_day: date
    last_day: date

    def goes_on(self, known: ToldGap) -> bool:
        """Whether it is the one we know: the same door, and a day in common."""
        same_door = (known.role_id, known.school_id) == (self.role_id, self.school_id)
        return same_door and known.first_day <= self.last_day and self.first_day <= known.last_day


def coming_gaps() -> list[Coming]:
    """Of every door, by the tables; a promise the calendar never keeps is another trouble."""
    coming = plan_now().outlooks(clock.now())
    return [
        Coming(role_id, school_id, gap.first, gap.last)
        for (role_id, school_id), one in coming.items()
        for gap in one.gaps
        if gap.first is not None and gap.last is not None
    ]


def _impossible(door: Portal) -> int:
    if door.calendar is None:
        return len(door.guarantees)
    return sum(bool(check_guarantee(one, door.calendar)) for one in door.guarantees.values())


def _calendar_ends() -> bool:
    listed = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY).order_by("-day")
    last = listed.values_list("day", flat=True).first()
    return last is None or last < today() + ENDS_WITHIN


def has_told_today() -> bool:
    """Whether a digest of today has gone to anybody."""
    return Entry.objects.filter(verb="presence.send_digest", object_id=str(today())).exists()


def may_tell(calendar: WorkingCalendar | None, now: datetime) -> bool:
    """Inside working hours, never at night; by day where the calendar never opens: that is a trouble itself."""
    zone = calendar.zone if calendar else ZoneInfo(require_current().timezone)
    if not MORNING <= now.astimezone(zone).time() < EVENING:
        return False
    return calendar is None or not calendar.ever_opens() or is_open(calendar, now)
