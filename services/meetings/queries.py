"""Questions about meetings. Opening a place is a read of the case: its row in the read log comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import reading
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact.models import ContactRequest
from services.contact.queries import visible_to
from services.meetings.models import CalendarFeed, Meeting, MeetingTime
from services.meetings.moves import Moved, moved
from services.meetings.rules import WRITTEN_DOWN_WITHIN, midnight_after
from services.promises.models import Promise
from services.promises.queries import present, promises_of

#: What is read when a place is opened, in the read log's words; and why.
WHAT = "meeting"
WHY = {"student": "own conversation", "person": "to answer"}
State = MeetingTime.State


@dataclass(frozen=True, slots=True)
class Shown:
    """One time with its place opened ("" when there is none, or it is no longer anybody's)."""

    time: MeetingTime
    place: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A meeting, its promise that counts now, and its times in the order in which they begin.

    `offered`: still open for choice at `now`, with a helper who is free then. `agreed`: the one both chose.
    `last`: the time that was decided last, if it is none of these. `moved`: why the promise is due when it is.
    """

    meeting: Meeting
    promise: Promise | None
    offered: tuple[Shown, ...]
    agreed: Shown | None
    last: MeetingTime | None
    now: datetime
    moved: Moved | None = None

    @property
    def is_students_turn(self) -> bool:
        return self.meeting.is_open and self.agreed is None and bool(self.offered)

    @property
    def has_begun(self) -> bool:
        return self.agreed is not None and self.agreed.time.starts_at <= self.now


def latest(request_id: UUID) -> Meeting | None:
    """The open meeting of a request, else its newest. The caller has shown that the reader may ask."""
    rows = list(Meeting.objects.filter(request_id=request_id).order_by("-opened_at"))
    return next((one for one in rows if one.is_open), rows[0] if rows else None)


def met_since(request: ContactRequest, since: datetime) -> bool:
    """Whether a meeting of a request has been written down as held, and took place then or later: at its time, or
    without one when it was written down.
    """
    held = MeetingTime.objects.filter(meeting__request=request, state=State.HELD)
    at_a_time = held.filter(starts_at__gte=clock.minute(since), decided_at__gte=since)
    without = Meeting.objects.filter(request=request, state=Meeting.State.HELD, ended_at__gte=since)
    return at_a_time.exists() or without.exclude(times__state=State.HELD).exists()


def agreed_ahead(request_id: UUID, now: datetime) -> MeetingTime | None:
    """The agreed time that is still ahead: when and how, not where. The caller has shown that the reader may ask."""
    rows = MeetingTime.objects.filter(
        meeting__request_id=request_id,
        meeting__state=Meeting.State.OPEN,
        state=State.AGREED,
        starts_at__gt=now,
    )
    return rows.first()


def agreed_with(request: ContactRequest, now: datetime) -> UUID | None:
    """With whom a time that is ahead is agreed."""
    time = agreed_ahead(request.pk, now)
    return time.account_id if time is not None else None


def shown_to(by: Actor, request: ContactRequest, now: datetime) -> Standing | None:
    """The meeting of a request with its places opened, for its student and for the one who has it; None without one.

    Raises NotAllowed for anybody else. A row in the read log for each time places were opened.
    """
    require(by, "meetings.read", request)
    meeting = latest(request.pk)
    if meeting is None:
        return None
    meeting.request = request
    times = list(MeetingTime.objects.filter(meeting=meeting).order_by("starts_at", "pk"))
    for one in times:
        one.meeting = meeting
    agreed = next((one for one in times if one.state == State.AGREED), None)
    offered = [] if agreed else [one for one in times if one.can_be_picked_at(now)]
    free = [one for one in offered if not _is_booked(one)]
    places = _places(by, request, [*free, *([agreed] if agreed else [])])
    decided = [one for one in times if one.decided_at is not None and one is not agreed]
    last = max(decided, key=lambda one: (one.decided_at or now, one.starts_at), default=None)
    given = promises_of(meeting.pk)
    promise = present(given)
    return Standing(
        meeting,
        promise,
        tuple(Shown(one, places.get(one.pk, "")) for one in free),
        Shown(agreed, places.get(agreed.pk, "")) if agreed else None,
        last,
        now,
        moved(
            promise,
            [one for one in given if one != promise],
            promise.pauses.all() if promise else (),
            agreed=agreed is not None,
            last=last,
            now=now,
        ),
    )


def _is_booked(time: MeetingTime) -> bool:
    """Whether the helper has agreed on something else then: choosing it would be refused."""
    taken = MeetingTime.objects.filter(
        account_id=time.account_id,
        state=State.AGREED,
        starts_at__lt=time.ends_at,
        ends_at__gt=time.starts_at,
    )
    return taken.exists()


def _places(by: Actor, request: ContactRequest, times: Iterable[MeetingTime]) -> dict[UUID, str]:
    sealed = [one for one in times if one.place is not None]
    if not sealed:
        return {}
    role = request.role_id if by.kind == "person" else None
    proof = reading(by=by, case_key_id=request.case_key_id, what=WHAT, why=WHY[by.kind], role_id=role)
    return {one.pk: one.place.open(proof) for one in sealed if one.place is not None}


def was_agreed(time: MeetingTime) -> bool:
    """Whether a time that is over had been chosen by the student: then it was itself the promise."""
    until = time.ends_at + WRITTEN_DOWN_WITHIN
    return any(one.guarantee is None and one.due_at == until for one in promises_of(time.meeting_id))


def todays(by: Actor, now: datetime) -> list[MeetingTime]:
    """The agreed meetings of `by` that begin today, and earlier ones of which nobody has written down what came of
    them; in order. One query; nothing is opened."""
    if by.id is None:
        return []
    zone = ZoneInfo(require_current().timezone)
    rows = MeetingTime.objects.filter(
        account_id=by.id,
        state=State.AGREED,
        starts_at__lt=midnight_after(now, zone),
        meeting__request__in=visible_to(by),
    )
    return list(rows.select_related("meeting__request__school").order_by("starts_at"))


def busy(account_id: UUID, start: datetime, end: datetime) -> list[MeetingTime]:
    """What an account has agreed on (or held) in [start, end): for its own calendar. Times and nothing else."""
    rows = MeetingTime.objects.filter(
        account_id=account_id,
        state__in=(State.AGREED, State.HELD, State.NO_SHOW),
        starts_at__lt=end,
        ends_at__gt=start,
    )
    return list(rows.order_by("starts_at", "pk"))


def feed_made_at(by: Actor) -> datetime | None:
    """Since when `by` has an address for their calendar."""
    if by.id is None:
        return None
    return CalendarFeed.objects.filter(account_id=by.id).values_list("made_at", flat=True).first()


def promise_of(meeting_id: UUID) -> Promise | None:
    """The promise that counts now."""
    return present(promises_of(meeting_id))


def news_of(request_id: UUID) -> list[tuple[str, datetime]]:
    """What of its meetings a student's page shows, for its mark (services.contact.live): states and times, no place."""
    times = MeetingTime.objects.filter(meeting__request_id=request_id).order_by("starts_at", "pk")
    return list(times.values_list("state", "starts_at"))
