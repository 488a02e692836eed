"""What happens to a meeting because of something else: the helper is away or another has the request, the request is
closed, a rehearsal ends."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, violated
from kernel.permissions import require
from services.contact import turning_points
from services.contact.handover_queries import said_no_to
from services.contact.models import ContactRequest
from services.meetings import notices, promising
from services.meetings.absence import can_come
from services.meetings.models import SUBJECT, Meeting, MeetingTime
from services.meetings.operations.fetching import agreed_of, open_meeting
from services.meetings.operations.helping import decide, turn_ends_with_the_last
from services.promises import operations as promises
from services.promises.models import Promise

State = MeetingTime.State


@transaction.atomic
def fall_through(*, by: Actor, request: ContactRequest, account_id: UUID, day_of: Sequence[UUID] = ()) -> int:
    """The times with this helper cannot be: they have left, are away then, or somebody else has the request now.

    `request` is locked. `day_of`: only these times. The agreed one is promised anew; the student's page says so, and
    whoever answers is told, and so is whom the student said no to, whose time it was. Returns how many fell through.
    """
    require(by, "meetings.fall_through")
    meeting = open_meeting(request)
    if meeting is None:
        return 0
    rows = MeetingTime.objects.select_for_update().filter(
        meeting=meeting,
        account_id=account_id,
        state__in=(State.OFFERED, State.AGREED),
        starts_at__gt=clock.now(),
    )
    gone = list(rows.filter(pk__in=day_of) if day_of else rows)
    agreed = next((one for one in gone if one.state == State.AGREED), None)
    for one in gone:
        one.meeting = meeting
        decide(by, one, State.FELL_THROUGH, "meetings.fall_through")
    if agreed is not None:
        promise = promising.give(by, meeting)
        notices.fell_through(request, meeting, agreed, promise)
        if account_id in said_no_to(request.pk):
            notices.cancelled(request, meeting, agreed)
    elif gone:
        turn_ends_with_the_last(by, meeting)
    if gone:
        turning_points.tell_news(request)
    return len(gone)


@transaction.atomic
def go_along(*, by: Actor, request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """The request goes to another door: the clock of its meeting goes along, and is nobody's at the old one any more.
    What is overdue is the old door's still. `request` is locked, and stands there.
    """
    require(by, "meetings.fall_through")
    meeting = open_meeting(request)
    if meeting is not None:
        promises.break_overdue(by=by, subject_id=meeting.pk)
        promises.follow(by=by, subject_id=meeting.pk, school_id=school_id, role_id=role_id)


@transaction.atomic
def come_instead(*, by: Actor, request: ContactRequest, account_id: UUID, keep: bool | None) -> bool:
    """Somebody takes the request over, and comes to the agreed time instead of whoever agreed on it. `request` is
    locked, and stands at their door.

    `keep` None: if they can; False: it falls through when the request is theirs (`fall_through`). Returns whether they
    come. Raises Conflict ("meeting") when they are to come and are away or booked then.
    """
    require(by, "meetings.fall_through")
    meeting = open_meeting(request)
    if meeting is None:
        return False
    time = agreed_of(meeting)
    if keep is False or time is None or time.starts_at <= clock.now():
        return False
    comes = can_come(account_id, (request.role_id, request.school_id), time) and _goes_to(account_id, time)
    if keep and not comes:
        raise Conflict(
            _("You cannot come to the agreed meeting. Look at it again, then decide."), code="meeting"
        )
    if comes:
        record(by=by, verb="meetings.come_instead", kind=SUBJECT, object_id=meeting.pk, to=str(account_id))
    return comes


def _goes_to(account_id: UUID, time: MeetingTime) -> bool:
    """Whether the time is theirs now: they may have been booked in this moment."""
    time.account_id = account_id
    try:
        with transaction.atomic():
            time.save(update_fields=["account"])
    except IntegrityError as error:
        if violated(error) != "a_helper_is_never_booked_twice":
            raise
        return False
    return True


@transaction.atomic
def let_go_of(*, by: Actor, request: ContactRequest) -> None:
    """The request is closed or withdrawn: its meeting is over, and nobody waits for it. `request` is locked.

    A time that has begun and of which nobody wrote down what came of it: held, or not when the helper closed it as
    not reached.
    """
    require(by, "contact.close" if by.kind == "person" else "contact.withdraw", request)
    meeting = open_meeting(request)
    if meeting is None:
        return
    rows = MeetingTime.objects.select_for_update().filter(
        meeting=meeting, state__in=(State.OFFERED, State.AGREED)
    )
    at = request.closed_at or clock.now()
    for one in rows:
        one.meeting = meeting
        _over(by, one, at)
    promising.end(by, meeting, at=at)
    meeting.state, meeting.ended_at = Meeting.State.ENDED, at
    meeting.save(update_fields=["state", "ended_at"])
    record(by=by, verb="meetings.let_go_of", kind=SUBJECT, object_id=meeting.pk)


@transaction.atomic
def take_up_again(*, by: Actor, request: ContactRequest, closed_at: datetime) -> None:
    """The closing at that instant is undone: the times that ended with it, the meeting and its promise stand again.

    A time that had begun keeps what was said of it. `request` is locked.
    """
    require(by, "contact.undo_close", request)
    meeting = Meeting.objects.filter(request=request, state=Meeting.State.ENDED, ended_at=closed_at).first()
    if meeting is None:
        return
    before = {State.DECLINED: State.OFFERED, State.TAKEN_BACK: State.AGREED}
    for one in MeetingTime.objects.select_for_update().filter(
        meeting=meeting, decided_at=closed_at, state__in=before
    ):
        one.state = before[State(one.state)]
        one.decided_at = None if one.state == State.OFFERED else one.proposed_at
        one.save(update_fields=["state", "decided_at"])
    meeting.state, meeting.ended_at = Meeting.State.OPEN, None
    meeting.save(update_fields=["state", "ended_at"])
    promises.undo_end(by=by, subject_id=meeting.pk, at=closed_at)
    record(by=by, verb="meetings.take_up_again", kind=SUBJECT, object_id=meeting.pk)


def _over(by: Actor, time: MeetingTime, at: datetime) -> None:
    if time.state == State.OFFERED:
        decide(by, time, State.DECLINED, "meetings.let_go_of", at=at)
    elif time.starts_at > clock.now():
        ended = State.CANCELLED if by.kind == "student" else State.TAKEN_BACK
        decide(by, time, ended, "meetings.let_go_of", at=at)
    else:
        missed = time.meeting.request.outcome == ContactRequest.Outcome.NOT_REACHED
        decide(by, time, State.NO_SHOW if missed else State.HELD, "meetings.let_go_of", at=at)
        outcome = Promise.Outcome.ATTEMPTED if missed else Promise.Outcome.REACHED
        promising.keep(MACHINE, time.meeting, at=time.starts_at, outcome=outcome)
