"""What the tests of meetings say in one line: somebody knocked and was taken, times were proposed, one was chosen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.contact import operations as contact
from services.contact.operations import Accepted
from services.meetings import operations
from services.meetings.models import Meeting, MeetingTime
from services.meetings.rules import Proposed
from services.promises.models import Promise
from services.promises.queries import promises_of
from tests.cast import World
from tests.services.contact.people import knock, visitor

#: Wednesday 10:00, 12:00 and Thursday 09:00 in Oslo: the days after the Tuesday the tests begin on.
WEDNESDAY = datetime(2026, 9, 16, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 9, 16, 10, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 9, 17, 7, 0, tzinfo=UTC)
PLACE = "Rom B12, ved biblioteket"
LINK = "https://meet.example.org/rom/ab12"


def room(starts_at: datetime, **more: Any) -> Proposed:
    return Proposed(**({"starts_at": starts_at, "minutes": 30, "way": "room", "place": PLACE} | more))


def taken(world: World, who: str = "nurse", **said: Any) -> Accepted:
    """A student knocked, and the nurse has it."""
    accepted = knock(world, **said)
    contact.take(by=world.actor(who), request_id=accepted.request_id)
    return accepted


def proposed(world: World, accepted: Accepted, *times: Proposed, urgency: str = "days") -> list[MeetingTime]:
    return operations.propose(
        by=world.actor("nurse"), request_id=accepted.request_id, urgency=urgency,
        times=times or (room(WEDNESDAY), room(LATER)),
    )  # fmt: skip


def picked(accepted: Accepted, time: MeetingTime) -> MeetingTime:
    return operations.pick(by=visitor(accepted), request_id=accepted.request_id, time_id=time.pk)


def agreed(world: World, starts_at: datetime = WEDNESDAY, **said: Any) -> Accepted:
    """They have agreed on a time."""
    accepted = taken(world, **said)
    picked(accepted, proposed(world, accepted, room(starts_at))[0])
    return accepted


def meeting_of(accepted: Accepted) -> Meeting:
    return Meeting.objects.filter(request_id=accepted.request_id).order_by("-opened_at")[0]


def states(accepted: Accepted) -> list[str]:
    rows = MeetingTime.objects.filter(meeting__request_id=accepted.request_id).order_by("starts_at", "pk")
    return [row.state for row in rows]


def promises(accepted: Accepted) -> list[Promise]:
    """Of its meeting, newest first."""
    return promises_of(meeting_of(accepted).pk)


def standing(accepted: Accepted) -> Promise | None:
    rows = [one for one in promises(accepted) if not (one.kept_at or one.broken_at or one.ended_at)]
    assert len(rows) <= 1
    return rows[0] if rows else None


def time_id(accepted: Accepted, state: str = "agreed") -> UUID:
    return MeetingTime.objects.get(meeting__request_id=accepted.request_id, state=state).pk


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
