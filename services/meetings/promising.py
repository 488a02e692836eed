"""The promise of a meeting, in its caller's transaction: given by urgency, or until an agreed time."""

from datetime import datetime

from django.db.models import Max

from kernel import clock
from kernel.actor import Actor
from services.meetings.models import SUBJECT, Meeting, MeetingTime
from services.meetings.rules import WRITTEN_DOWN_WITHIN
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import promises_of
from tenants.setup.queries import meetings_within


def give(by: Actor, meeting: Meeting) -> Promise:
    """As soon as the urgency says, from this minute on. What stood before ends, or is broken if it ran out."""
    end(by, meeting)
    return give_after_breaking(by, meeting)


def give_instead(by: Actor, meeting: Meeting, before: Promise) -> Promise | None:
    """By another urgency, in the place of the one that stands: from when that one was given, with its pauses. What has
    run out by that is broken at once. Gives the one that stands now; None when the meeting is over."""
    request = meeting.request
    within = meetings_within(request.school_id, request.role_id)
    promises.give_instead(by=by, promise_id=before.pk, guarantee=within[meeting.urgency])
    return standing(meeting)


def give_after_breaking(by: Actor, meeting: Meeting) -> Promise:
    """The same, where nothing stands."""
    request = meeting.request
    within = meetings_within(request.school_id, request.role_id)
    return promises.give(
        by=by,
        kind=Promise.Kind.MEETING,
        subject_kind=SUBJECT,
        subject_id=meeting.pk,
        school_id=request.school_id,
        role_id=request.role_id,
        opened_at=clock.this_minute(),
        guarantee=within[meeting.urgency],
    )


def give_until(by: Actor, meeting: Meeting, time: MeetingTime, remind_at: datetime | None) -> Promise:
    """The agreed time is the promise now: kept when the meeting was held, broken when nobody has written down what
    came of it soon after."""
    end(by, meeting)
    request = meeting.request
    return promises.give_until(
        by=by,
        kind=Promise.Kind.MEETING,
        subject_kind=SUBJECT,
        subject_id=meeting.pk,
        school_id=request.school_id,
        role_id=request.role_id,
        due_at=time.ends_at + WRITTEN_DOWN_WITHIN,
        remind_at=remind_at,
    )


def end(by: Actor, meeting: Meeting, *, at: datetime | None = None) -> None:
    """Nobody waits for this promise any more. One that ran out is broken first, as the sweep would have done."""
    promises.break_overdue(by=by, subject_id=meeting.pk)
    promises.end(by=by, subject_id=meeting.pk, at=at or clock.this_minute())


def keep(by: Actor, meeting: Meeting, *, at: datetime, outcome: str) -> None:
    """The meeting happened at `at` (or the student did not come): every promise that waited for it is answered; one
    that was given later has nobody waiting any more."""
    for promise in promises_of(meeting.pk):
        if promise.answered_at is None and promise.ended_at is None and promise.can_be_answered_at(at):
            promises.keep(by=by, promise_id=promise.pk, at=at, outcome=outcome)
    promises.end(by=by, subject_id=meeting.pk, at=clock.this_minute())


def student_acted_at(meeting: Meeting) -> datetime | None:
    """When the student last said that none of the times fits. Whatever else they do makes a new promise."""
    said = meeting.times.filter(state=MeetingTime.State.DECLINED)
    at: datetime | None = said.aggregate(at=Max("decided_at"))["at"]
    return at


def standing(meeting: Meeting) -> Promise | None:
    now = clock.now()
    return next((one for one in promises_of(meeting.pk) if one.state_at(now) == "waiting"), None)
