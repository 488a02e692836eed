"""What a helper does: agree how urgent it is, propose, take back, move, write down what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact import operations as contact
from services.contact import turning_points
from services.contact.models import ContactAttempt, ContactRequest
from services.contact.operations.answering import answer_what_was_written
from services.contact.rules import RECORDED_WITHIN, tidy
from services.meetings import promising, rules
from services.meetings.models import SUBJECT, Meeting, MeetingTime, Urgency, Way
from services.meetings.operations.fetching import (
    account_of,
    agreed_of,
    locked,
    offered_of,
    open_meeting,
    time_of,
)
from services.meetings.rules import Proposed
from services.promises import operations as promises
from services.promises.due import Turn, turn_of
from services.promises.models import Promise
from services.promises.queries import promises_of
from tenants.presence.queries import roster_now
from tenants.setup.queries import current_calendar

State = MeetingTime.State
REACHED, ATTEMPTED = Promise.Outcome.REACHED, Promise.Outcome.ATTEMPTED


@transaction.atomic
def set_urgency(*, by: Actor, request_id: UUID, urgency: str) -> Meeting:
    """Helper and student agree how urgent the meeting is: that promises it. The same again changes nothing.

    Another urgency makes a new promise, and the old one ends. It counts from when the old one was given, with its
    pauses: nobody's clock begins anew because somebody thought again. What has run out by it is broken at once.
    Raises Invalid (urgency), Conflict when a time is agreed already or the request is closed or not theirs.
    """
    request = locked(by, request_id, "set_urgency")
    return _with_urgency(by, request, urgency)


def _with_urgency(by: Actor, request: ContactRequest, urgency: str) -> Meeting:
    if urgency not in Urgency.values:
        raise Invalid(urgency=_("Choose how urgent it is."))
    meeting = open_meeting(request)
    before = promising.standing(meeting) if meeting is not None else None
    if meeting is not None and meeting.urgency == urgency and before is not None:
        return meeting
    if meeting is None:
        meeting = Meeting(request=request, urgency=urgency, opened_at=clock.now())
    elif agreed_of(meeting) is not None:
        raise Conflict(_("You have agreed on a time. Take it back before you change this."), code="agreed")
    meeting.urgency = urgency
    meeting.save()
    if before is None:
        _let_stand(by, meeting, promising.give(by, meeting))
    else:
        _let_stand(by, meeting, promising.give_instead(by, meeting, before), at_most=_stands_until(before))
    record(by=by, verb="meetings.set_urgency", kind=SUBJECT, object_id=meeting.pk, urgency=urgency)
    return meeting


def _let_stand(
    by: Actor, meeting: Meeting, promise: Promise | None, *, at_most: datetime | None = None
) -> None:
    """It is the student's turn still: the clock of what was promised now stands too, and no longer than before."""
    times = offered_of(meeting)
    if promise is None or not times:
        return
    acted_at = promising.student_acted_at(meeting)
    latest = turn_of(promise, clock.this_minute(), acted_at).latest
    ends = [times[-1].starts_at, latest, *([at_most] if at_most else [])]
    promises.pause(by=by, promise_id=promise.pk, until=min(ends), acted_at=acted_at)


def _stands_until(promise: Promise) -> datetime | None:
    """Until when the pause that runs lasts; None when none does."""
    return promise.pauses.filter(ends_at__gt=clock.now()).values_list("ends_at", flat=True).first()


@transaction.atomic
def propose(
    *,
    by: Actor,
    request_id: UUID,
    times: Sequence[Proposed],
    urgency: str = "",
    outside_hours: bool = False,
) -> list[MeetingTime]:
    """Propose times to the student; their turn begins, and the clock of the promise stands until the last of them.

    `urgency` opens the meeting in the same act. What stands proposed already (same begin, length, way) is not
    proposed twice. At most five stand at once, one of them at or before the promised time, none later than the clock
    may stand; proposed anew without an act of the student, the clock stands only as long as is left.

    Raises Invalid (times,
    times.N.starts_at, times.N.minutes, times.N.way, times.N.place, urgency), Conflict.
    """
    request = locked(by, request_id, "propose")
    times = [Proposed(one.starts_at, one.minutes, one.way, tidy(one.place)) for one in times]
    if urgency:
        _with_urgency(by, request, urgency)
    meeting = open_meeting(request)
    if meeting is None:
        raise Invalid(urgency=_("Choose how urgent it is."))
    if agreed_of(meeting) is not None:
        raise Conflict(_("You have agreed on a time. Move it instead."), code="agreed")
    return _proposed(by, meeting, times, outside_hours)


def _proposed(
    by: Actor, meeting: Meeting, times: Sequence[Proposed], outside_hours: bool
) -> list[MeetingTime]:
    now, (calendar, _version) = clock.now(), current_calendar()
    if errors := rules.check(times, now=now, calendar=calendar, outside_hours=outside_hours):
        raise Invalid(errors)
    standing = offered_of(meeting)
    known = {(one.starts_at, one.ends_at, one.way) for one in standing}
    new = [one for one in times if (one.starts_at, one.ends_at, one.way) not in known]
    _check(by, times, standing, new)
    promise = promising.standing(meeting) or promising.give(by, meeting)
    _check_against_the_promise(
        promise, [*(one.starts_at for one in standing), *(one.starts_at for one in new)]
    )
    acted_at = promising.student_acted_at(meeting)
    turn = turn_of(promise, clock.this_minute(), acted_at)
    _check_against_the_longest_pause(turn, times, new)
    for one in new:
        row = MeetingTime(
            meeting=meeting,
            account_id=account_of(by),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            way=one.way,
            proposed_at=clock.now(),
        )
        row.place = one.place or None
        row.save(force_insert=True)
        standing.append(row)
        record(
            by=by, verb="meetings.propose", kind=SUBJECT, object_id=meeting.pk, time=str(row.pk), way=one.way
        )
    if new:
        until = min(max(one.starts_at for one in standing), turn.latest)
        promises.pause(by=by, promise_id=promise.pk, until=until, acted_at=acted_at)
        turning_points.tell_news(meeting.request)
    return standing


def _check(
    by: Actor, times: Sequence[Proposed], standing: Sequence[MeetingTime], new: Sequence[Proposed]
) -> None:
    """What is wrong with these times together, and with the helper's own day."""
    errors: list[FieldError] = []
    if len(standing) + len(new) > rules.MOST_TIMES:
        raise Invalid(times=_("At most five times can stand open. Take one back first."))
    everybody, zone = roster_now(), ZoneInfo(require_current().timezone)
    for number, one in enumerate(times):
        field = f"times.{number}.starts_at"
        if everybody.is_away(account_of(by), one.starts_at.astimezone(zone).date()):
            errors.append(FieldError(field, _("You are away that day. Choose another.")))
        elif _agreed_elsewhere(by, one):
            errors.append(FieldError(field, _("You have another meeting then. Choose another time.")))
    if errors:
        raise Invalid(errors)


def _agreed_elsewhere(by: Actor, one: Proposed) -> bool:
    return MeetingTime.objects.filter(
        account_id=account_of(by), state=State.AGREED, starts_at__lt=one.ends_at, ends_at__gt=one.starts_at
    ).exists()


def _check_against_the_promise(promise: Promise, starts: Sequence[datetime]) -> None:
    """Times that all come after the promised one are no way to keep it."""
    if starts and min(starts) > promise.due_at:
        here, language = require_current().timezone, get_language() or "en"
        said = {"when": say_when(promise.due_at, clock.now(), here, language)}
        raise Invalid(
            times=_("You have promised to meet by %(when)s. Propose at least one time before that.") % said
        )


def _check_against_the_longest_pause(turn: Turn, times: Sequence[Proposed], new: Sequence[Proposed]) -> None:
    """The clock stands until the last of the times: none may come later than it may stand. Where it has stood before
    in the same turn, it stands as long as is left, and runs on from there: times can always be proposed.
    """
    if turn.has_stood:
        return
    latest = turn.latest
    here = require_current().timezone
    said = {"when": say_when(latest, clock.now(), here, get_language() or "en")}
    text = _("Choose a time by %(when)s: the student's clock may not stand for longer.") % said
    errors = [
        FieldError(f"times.{number}.starts_at", text)
        for number, one in enumerate(times)
        if one in new and one.starts_at > latest
    ]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def take_back(*, by: Actor, request_id: UUID, time_id: UUID, reason: str = "") -> MeetingTime:
    """Take one time back. Of an agreed one the student is told why, in the conversation, and it is promised anew.

    Taken back already: nothing happens. Raises Invalid (reason) for an agreed one without, Conflict when it has
    begun or is over, NotFound.
    """
    request = locked(by, request_id, "take_back")
    return _taken_back(by, request, time_of(request, time_id), reason)


def _taken_back(by: Actor, request: ContactRequest, time: MeetingTime, reason: str) -> MeetingTime:
    if time.state == State.TAKEN_BACK:
        return time
    was_agreed = time.state == State.AGREED
    if not was_agreed and time.state != State.OFFERED:
        raise Conflict(_("This time is not open any more."), code="decided")
    if was_agreed and time.starts_at <= clock.now():
        raise Conflict(_("This meeting has begun. Write down what came of it."), code="begun")
    if was_agreed and not tidy(reason):
        raise Invalid(reason=_("Say why, so that the student understands."))
    decide(by, time, State.TAKEN_BACK, "meetings.take_back")
    if tidy(reason):
        contact.reply(by=by, request_id=request.pk, text=reason, answers=False)
    if was_agreed:
        promising.give(by, time.meeting)
    else:
        turn_ends_with_the_last(by, time.meeting)
    return time


@transaction.atomic
def move(
    *,
    by: Actor,
    request_id: UUID,
    time_id: UUID,
    reason: str,
    times: Sequence[Proposed],
    outside_hours: bool = False,
) -> list[MeetingTime]:
    """Take an agreed (or proposed) time back and propose others in its place, in one act: all of it or nothing.

    Raises as `take_back` and `propose` do.
    """
    request = locked(by, request_id, "take_back")
    time = time_of(request, time_id)
    tidied = [Proposed(one.starts_at, one.minutes, one.way, tidy(one.place)) for one in times]
    _taken_back(by, request, time, reason)
    return _proposed(by, time.meeting, tidied, outside_hours)


@transaction.atomic
def record_held(*, by: Actor, request_id: UUID) -> Meeting:
    """They met: at the agreed time, or without one just now. Closes the meeting's promise.

    Where the student chose to be reached that way and still waited for a first contact, that is made too. What they
    wrote before it is answered, in whatever way they met; what they wrote since is not. Recorded already: nothing
    happens. Raises Conflict before the agreed time has begun.
    """
    request = locked(by, request_id, "record")
    meeting = open_meeting(request)
    if meeting is None:
        return _recorded_before(request, Meeting.State.HELD)
    time = agreed_of(meeting)
    now = clock.now()
    if time is not None:
        _refuse_before_it_began(time, now)
        time.meeting = meeting
        decide(by, time, State.HELD, "meetings.record")
    decline_the_rest(by, meeting)
    at = time.starts_at if time else clock.minute(now)
    promising.keep(by, meeting, at=at, outcome=REACHED)
    meeting.state, meeting.ended_at = Meeting.State.HELD, now
    meeting.save(update_fields=["state", "ended_at"])
    record(by=by, verb="meetings.held", kind=SUBJECT, object_id=meeting.pk)
    answer_what_was_written(by, request, at)
    if time is not None:
        _reached_that_way(by, request, time, now)
    return meeting


def _reached_that_way(by: Actor, request: ContactRequest, time: MeetingTime, now: datetime) -> None:
    """A contact as the student chose it, where one is still waited for: not older than it may be recorded."""
    if rules.CHANNEL_OF[Way(time.way)] != request.channel_kind:
        return
    others = (one for one in promises_of(request.pk) if one.kind != Promise.Kind.REPLY)
    if any(one.answered_at is None and one.ended_at is None for one in others):
        at = max(time.starts_at, now - RECORDED_WITHIN + timedelta(minutes=1), request.opened_at)
        contact.record_contact(
            by=by,
            request_id=request.pk,
            kind=request.channel_kind,
            outcome=ContactAttempt.Outcome.REACHED,
            at=min(at, now),
        )


@transaction.atomic
def record_no_show(*, by: Actor, request_id: UUID) -> Promise:
    """The student did not come to the agreed time. Nobody is blamed: the promise was kept by trying, and the next
    meeting is promised. Raises Conflict before it has begun, or when no time is agreed.
    """
    request = locked(by, request_id, "record")
    meeting = open_meeting(request)
    time = agreed_of(meeting) if meeting else None
    if meeting is None or time is None:
        raise Conflict(_("No time is agreed any more."), code="decided")
    _refuse_before_it_began(time, clock.now())
    time.meeting = meeting
    decide(by, time, State.NO_SHOW, "meetings.record")
    promising.keep(by, meeting, at=time.starts_at, outcome=ATTEMPTED)
    record(by=by, verb="meetings.no_show", kind=SUBJECT, object_id=meeting.pk)
    return promising.give(by, meeting)


def _refuse_before_it_began(time: MeetingTime, now: datetime) -> None:
    if now < time.starts_at:
        raise Conflict(_("This meeting has not begun yet."), code="not-begun")


def _recorded_before(request: ContactRequest, state: str) -> Meeting:
    last = Meeting.objects.filter(request=request).order_by("-opened_at").first()
    if last is None or last.state != state:
        raise Conflict(_("There is no meeting to decide on any more."), code="no-meeting")
    return last


def decide(by: Actor, time: MeetingTime, state: str, verb: str, *, at: datetime | None = None) -> None:
    """Write what became of a time. A student's act is known to the minute."""
    time.state = state
    time.decided_at = at or (clock.this_minute() if by.kind == "student" else clock.now())
    time.save(update_fields=["state", "decided_at"])
    record(by=by, verb=verb, kind=SUBJECT, object_id=time.meeting_id, time=str(time.pk), state=str(state))


def decline_the_rest(by: Actor, meeting: Meeting) -> int:
    """Nobody chooses any more: every proposed time is over. Returns how many there were."""
    rows = MeetingTime.objects.select_for_update().filter(meeting=meeting, state=State.OFFERED)
    rest = list(rows)
    for one in rest:
        one.meeting = meeting
        decide(by, one, State.DECLINED, "meetings.decline")
    return len(rest)


def turn_ends_with_the_last(by: Actor, meeting: Meeting) -> None:
    """The student's turn ends with the last time still open; with none, now."""
    promise, left = promising.standing(meeting), offered_of(meeting)
    if promise is not None:
        promises.resume(by=by, promise_id=promise.pk, at=left[-1].starts_at if left else None)
