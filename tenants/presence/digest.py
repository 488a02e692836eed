"""What is broken and waits for somebody who can mend it: counts alone, no school, no name, no content."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel.guarantee import WorkingCalendar, check_guarantee, is_open
from kernel.guarantee.reminders import EVENING, MORNING
from kernel.outbox.queries import failing
from kernel.tenancy import require_current
from tenants.setup.actors import today
from tenants.setup.models import ClosedDay
from tenants.setup.portal import Portal
from tenants.setup.queries import portal

#: The calendar is said to end when its last public holiday lies nearer than this.
ENDS_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Troubles:
    """How many messages do not get through; roles nobody is there for; promises the calendar cannot keep; and
    whether its public holidays end soon (1 or 0)."""

    messages: int = 0
    roles: int = 0
    promises: int = 0
    calendar: int = 0

    def __bool__(self) -> bool:
        return any(astuple(self))


def troubles(schools: Collection[UUID] | None = None) -> Troubles:
    """Of the whole municipality; of the schools somebody leads: what a lead can do something about."""
    door = portal()
    mine = [school for school in door.schools if schools is None or school.id in schools]
    roles = sum(len(school.unstaffed) for school in mine)
    if schools is not None:
        return Troubles(roles=roles)
    return Troubles(len(failing()), roles, _impossible(door), int(_calendar_ends()))


def _impossible(door: Portal) -> int:
    if door.calendar is None:
        return len(door.guarantees)
    return sum(bool(check_guarantee(one, door.calendar)) for one in door.guarantees.values())


def _calendar_ends() -> bool:
    listed = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY).order_by("-day")
    last = listed.values_list("day", flat=True).first()
    return last is None or last < today() + ENDS_WITHIN


def may_tell(calendar: WorkingCalendar | None, now: datetime) -> bool:
    """Inside working hours, never at night; by day where the calendar never opens: that is a trouble itself."""
    zone = calendar.zone if calendar else ZoneInfo(require_current().timezone)
    if not MORNING <= now.astimezone(zone).time() < EVENING:
        return False
    return calendar is None or not calendar.ever_opens() or is_open(calendar, now)
