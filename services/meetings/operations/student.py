"""What the student of a conversation does: choose a time, say that none fits, cancel."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, violated
from kernel.tenancy import require_current
from services.contact import operations as contact
from services.meetings import notices, promising, rules
from services.meetings.models import SUBJECT, Meeting, MeetingTime
from services.meetings.operations.fetching import (
    agreed_of,
    locked,
    offered_of,
    open_meeting,
    the_meeting,
    time_of,
)
from services.meetings.operations.helping import decide, decline_the_rest
from services.promises import operations as promises
from tenants.setup.queries import meeting_reminder

State = MeetingTime.State


@transaction.atomic
def pick(*, by: Actor, request_id: UUID, time_id: UUID) -> MeetingTime:
    """Choose one of the proposed times: it is agreed, and the promise is that time now. The same again: agreed still.

    Raises Conflict, in words for the student, when it has passed, was taken back, another is chosen already, or the
    helper has been booked meanwhile; NotFound for what is no time of theirs.
    """
    request = locked(by, request_id, "pick")
    time = time_of(request, time_id)
    if time.state == State.AGREED:
        return time
    meeting = the_meeting(request)
    if agreed_of(meeting) is not None:
        raise Conflict(_("You have chosen another time already. Cancel that one first."), code="agreed")
    if time.state != State.OFFERED or time.meeting_id != meeting.pk:
        raise Conflict(_("This time was taken back. Choose another one."), code="taken-back")
    now = clock.now()
    if time.starts_at <= now:
        raise Conflict(_("This time has passed. Choose another one."), code="passed")
    try:
        with transaction.atomic():
            decide(by, time, State.AGREED, "meetings.pick")
    except IntegrityError as error:
        if violated(error) not in ("a_helper_is_never_booked_twice", "a_meeting_has_one_agreed_time"):
            raise
        raise Conflict(_("Somebody else has this time now. Choose another one."), code="booked") from None
    decline_the_rest(by, meeting)
    zone = ZoneInfo(require_current().timezone)
    remind_at = rules.remind_at(time.starts_at, meeting_reminder(), zone, now)
    promising.give_until(by, meeting, time, remind_at)
    notices.chosen(request, time)
    return time


@transaction.atomic
def none_fit(*, by: Actor, request_id: UUID, text: str = "") -> Meeting:
    """None of the proposed times fits: it is the helper's turn again, and the clock goes on. `text` goes into the
    conversation. Again: nothing happens but that new words are written."""
    request = locked(by, request_id, "decline")
    meeting = the_meeting(request)
    if text.strip():
        contact.student_writes(by=by, request_id=request.pk, text=text, seen_open=True)
    if not offered_of(meeting):
        return meeting
    decline_the_rest(by, meeting)
    promise = promising.standing(meeting)
    if promise is not None:
        promises.resume(by=by, promise_id=promise.pk)
    record(by=by, verb="meetings.none_fit", kind=SUBJECT, object_id=meeting.pk)
    if not text.strip():
        notices.none_fit(request, meeting)
    return meeting


@transaction.atomic
def cancel(*, by: Actor, request_id: UUID, again: bool) -> Meeting | None:
    """The student cancels the agreed time (or the wish to meet). `again`: they want another time, promised anew;
    else the meeting is over. Cancelled already: nothing happens. Raises Conflict once the time has begun."""
    request = locked(by, request_id, "cancel")
    meeting = open_meeting(request)
    if meeting is None:
        return None
    time = agreed_of(meeting)
    if time is None and again:
        return meeting
    if time is not None:
        if time.starts_at <= clock.now():
            raise Conflict(_("This meeting has begun. Write to us instead."), code="begun")
        time.meeting = meeting
        decide(by, time, State.CANCELLED, "meetings.cancel")
    if again:
        promising.give(by, meeting)
    else:
        decline_the_rest(by, meeting)
        promising.end(by, meeting)
        meeting.state, meeting.ended_at = Meeting.State.ENDED, clock.this_minute()
        meeting.save(update_fields=["state", "ended_at"])
        record(by=by, verb="meetings.cancel", kind=SUBJECT, object_id=meeting.pk)
    notices.cancelled(request, meeting, time)
    return meeting
