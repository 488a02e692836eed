"""Giving, keeping and breaking promises. The caller's slice has asked who may act on the subject."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock, events
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import DomainError, Invalid
from kernel.guarantee import Guarantee, WorkingCalendar, guarantee_to_json
from kernel.guarantee import reminders as escalation
from kernel.permissions import require
from services.promises import notices, subjects
from services.promises.due import Turn, due_for, due_with_pauses, turn_of
from services.promises.models import STANDING, Promise, PromisePause
from services.promises.operations.standing import locked, stop
from tenants.setup.queries import current_calendar, reminder_shares

#: `Promise.reminded` of a promise until an agreed time: its one reminder is no step of a share.
AGREED = 9
log = logging.getLogger("lavterskel.promises")

#: After the due time: how long what follows a broken promise may undo the marking by failing.
FOLLOWS_WITHIN = timedelta(seconds=40)


@transaction.atomic
def give(
    *,
    by: Actor,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    school_id: UUID,
    role_id: UUID,
    opened_at: datetime,
    guarantee: Guarantee | None = None,
    latest: datetime | None = None,
) -> Promise:
    """Promise an answer about a subject, due by the calendar and guarantee of its door, in the caller's
    transaction; by `guarantee` where the subject has one of its own (that of a meeting may pause); at the `latest`
    when it was promised before, which lies ahead.

    Raises Unavailable when no due time can be said. A calendar edited later does not move it.
    """
    require(by, "promises.give")
    due = due_for(school_id=school_id, role_id=role_id, opened_at=opened_at, guarantee=guarantee)
    due_at = min(due.at, latest) if latest else due.at
    promise = Promise.objects.create(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        school_id=school_id,
        role_id=role_id,
        calendar_version_id=due.calendar_version_id,
        opened_at=opened_at,
        due_at=due_at,
        remind_at=_first(escalation.schedule(due.calendar, opened_at, due_at, reminder_shares())),
        guarantee=guarantee_to_json(guarantee) if guarantee and kind == Promise.Kind.MEETING else None,
    )
    record(by=by, verb="promises.give", kind="promise", object_id=promise.pk, promise_kind=kind)
    return promise


@transaction.atomic
def give_instead(*, by: Actor, promise_id: UUID, guarantee: Guarantee) -> Promise:
    """Promise the same by another guarantee (that of a meeting), in the caller's transaction: from when the standing
    one was given and with every pause it has had, never from now. The standing one ends.

    By this one it may have run out already: then it is marked broken at once, with all that follows. The caller has
    locked the subject. Raises Unavailable as `give` does.
    """
    require(by, "promises.give")
    before = locked(promise_id)
    stop(before, by, clock.this_minute())
    promise = give(
        by=by,
        kind=before.kind,
        subject_kind=before.subject_kind,
        subject_id=before.subject_id,
        school_id=before.school_id,
        role_id=before.role_id,
        opened_at=before.opened_at,
        guarantee=guarantee,
    )
    for one in before.pauses.all():
        said = {"ends_at": one.ends_at, "latest_at": one.latest_at, "turn_since": one.turn_since}
        promise.pauses.create(starts_at=one.starts_at, **said)
    promise = _moved(promise, by, "promises.give_instead", after=clock.now())
    break_overdue(by=by, subject_id=promise.subject_id)
    return promise


@transaction.atomic
def give_until(
    *,
    by: Actor,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    school_id: UUID,
    role_id: UUID,
    due_at: datetime,
    remind_at: datetime | None = None,
) -> Promise:
    """Promise something for a time that both have agreed on. It never pauses, and is reminded of once, by the
    subject's owner, at `remind_at`. Both instants are aware, and due lies ahead."""
    require(by, "promises.give")
    _calendar, version_id = current_calendar()
    promise = Promise.objects.create(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        school_id=school_id,
        role_id=role_id,
        calendar_version_id=version_id,
        opened_at=clock.this_minute(),
        due_at=due_at,
        remind_at=remind_at,
        reminded=AGREED,
    )
    record(by=by, verb="promises.give", kind="promise", object_id=promise.pk, promise_kind=kind, agreed=True)
    return promise


@transaction.atomic
def pause(*, by: Actor, promise_id: UUID, until: datetime, acted_at: datetime | None = None) -> Promise:
    """It is the student's turn until `until` (aware): the clock stands, and the due time moves by it.

    A pause that runs already goes on until the later of both. Only a standing promise that may pause does; anything
    else stays as it is. Never before now, never a first contact. Raises Invalid (until) for longer than the
    municipality lets a clock stand; a pause that is longer already, from before there was a longest one, stays. All
    pauses since the student's own last act (`acted_at`) count together (due.turn_of).
    """
    require(by, "promises.pause")
    promise, now = locked(promise_id), clock.this_minute()
    if promise.guarantee is None or promise.state_at(clock.now()) != "waiting" or until <= now:
        return promise
    running = promise.pauses.filter(ends_at__gt=now).order_by("starts_at").first()
    if running is None or running.ends_at < until:
        turn = turn_of(promise, now, acted_at)
        if until > turn.latest:
            raise Invalid(until=_("The student's clock may not stand that long. Choose an earlier time."))
        _stand(promise, running, now, until, turn)
    return _moved(promise, by, "promises.pause", after=until)


def _stand(
    promise: Promise, running: PromisePause | None, now: datetime, until: datetime, turn: Turn
) -> None:
    if running is None:
        said = {"ends_at": until, "latest_at": turn.latest, "turn_since": turn.since}
        PromisePause.objects.update_or_create(promise=promise, starts_at=now, defaults=said)
        return
    running.ends_at, running.latest_at = until, turn.latest
    running.save(update_fields=["ends_at", "latest_at"])


@transaction.atomic
def resume(*, by: Actor, promise_id: UUID, at: datetime | None = None) -> Promise:
    """It is our turn again, from `at` (this minute, or an instant ahead): the running pause ends there."""
    require(by, "promises.resume")
    promise, now = locked(promise_id), clock.this_minute()
    cut = max(at or now, now)
    running = promise.pauses.filter(ends_at__gt=cut, starts_at__lte=cut).first()
    if running is None or promise.guarantee is None or promise.state_at(clock.now()) != "waiting":
        return promise
    running.ends_at = cut
    running.save(update_fields=["ends_at"])
    return _moved(promise, by, "promises.resume", after=cut)


def _moved(promise: Promise, by: Actor, verb: str, *, after: datetime) -> Promise:
    """The due time with the pauses as they stand, and the next reminder after them."""
    pauses = [(one.starts_at, one.ends_at) for one in promise.pauses.all()]
    promise.due_at = due_with_pauses(promise, pauses)
    calendar = WorkingCalendar.from_json(promise.calendar_version.data)
    moments = escalation.schedule(calendar, _runs_from(promise), promise.due_at, reminder_shares())
    promise.remind_at = _first([moment for moment in moments if moment is not None and moment > after])
    promise.save(update_fields=["due_at", "remind_at"])
    record(by=by, verb=verb, kind="promise", object_id=promise.pk)
    return promise


@transaction.atomic
def keep(*, by: Actor, promise_id: UUID, at: datetime, outcome: str) -> Promise:
    """The first answer, at `at`: kept at or before due, otherwise broken. Later answers change nothing, nor
    does what happened before the minute it was given in.

    Marked broken before and yet answered in time: kept, with `corrected_at`; both facts stay.
    """
    require(by, "promises.keep")
    promise = locked(promise_id)
    if promise.answered_at is not None or promise.ended_at is not None or not promise.can_be_answered_at(at):
        return promise
    promise.answered_at, promise.outcome = at, outcome
    if at <= promise.due_at:
        promise.kept_at = at
        promise.corrected_at = clock.now() if promise.broken_at is not None else None
    elif promise.broken_at is None:
        _mark_broken(promise, clock.now())
    promise.save()
    record(
        by=by,
        verb="promises.keep",
        kind="promise",
        object_id=promise.pk,
        outcome=outcome,
        kept=promise.kept_at is not None,
        corrected=promise.corrected_at is not None,
    )
    return promise


@transaction.atomic
def undo_keep(*, by: Actor, subject_id: UUID, at: datetime, marked_since: datetime | None = None) -> int:
    """The answer of exactly that instant was taken back: what it answered waits again, with its due time, and what it
    alone had marked broken (`marked_since` it was written down, where that is not `at`) is for the sweep to mark, and
    went from nobody. The caller has locked the subject. Another of its kind that was given since ends: this one is due
    before it. Returns how many.
    """
    require(by, "promises.keep")
    answered = Promise.objects.select_for_update().filter(subject_id=subject_id, answered_at=at)
    undone = 0
    for promise in answered:
        _end_what_was_given_since(promise, by)
        promise.answered_at, promise.outcome, promise.kept_at, promise.corrected_at = None, "", None, None
        if promise.broken_at is not None and promise.broken_at >= (marked_since or at):
            promise.broken_at = promise.went_from = None
        promise.save()
        record(by=by, verb="promises.undo_keep", kind="promise", object_id=promise.pk)
        undone += 1
    return undone


def _end_what_was_given_since(promise: Promise, by: Actor) -> None:
    since = Promise.objects.select_for_update().filter(
        STANDING, subject_id=promise.subject_id, kind=promise.kind
    )
    for other in since.exclude(pk=promise.pk):
        stop(other, by, clock.now())


@transaction.atomic
def undo_give(*, by: Actor, promise_id: UUID) -> None:
    """What it was given for was taken back, before anybody to whom it was given saw it: it was never promised. The
    caller has locked the subject.
    """
    require(by, "promises.give")
    promise = locked(promise_id)
    record(by=by, verb="promises.undo_give", kind="promise", object_id=promise.pk, promise_kind=promise.kind)
    promise.delete()


@transaction.atomic
def break_promise(*, by: Actor, promise_id: UUID, now: datetime) -> bool:
    """Mark one promise broken when it is due and stands: audit, the lead's notice and what follows for its
    subject in one transaction. False when somebody else holds it or was faster (then there is nothing to do,
    or the next pass does it).

    The subject is locked before the promise, as whoever acts on the subject does: two never wait for each
    other.
    """
    require(by, "promises.break")
    about = Promise.objects.filter(pk=promise_id).first()
    if about is None or not subjects.lock(about):
        return False
    found = Promise.objects.select_for_update(skip_locked=True).filter(
        STANDING, pk=promise_id, due_at__lt=now
    )
    promise = found.first()
    if promise is None:
        return False
    _mark_broken(promise, now)
    promise.save(update_fields=["broken_at"])
    _follow(promise, now)
    return True


def _follow(promise: Promise, now: datetime) -> None:
    """What follows for its subject. What fails undoes the marking, and the next pass tries again; but a promise is
    marked broken within a minute whatever stands in the way: after FOLLOWS_WITHIN, and where a rule says no
    (it will again), it is broken, its lead is told, and only what follows is left out.
    """
    try:
        with transaction.atomic():
            promise.went_from_id = subjects.broken(promise)
            promise.save(update_fields=["went_from"])
    except Exception as error:
        if now - promise.due_at < FOLLOWS_WITHIN and not isinstance(error, DomainError):
            raise
        log.error("Promise %s is broken, what follows failed: %s", promise.pk, type(error).__name__)


@transaction.atomic
def break_overdue(*, by: Actor, subject_id: UUID) -> int:
    """Mark what is overdue of one subject, before somebody acts on it: as the sweep would, had it been here.

    The caller has locked the subject. Returns how many were marked.
    """
    require(by, "promises.end")
    now = clock.now()
    overdue = Promise.objects.select_for_update().filter(STANDING, subject_id=subject_id, due_at__lt=now)
    marked = 0
    for promise in overdue:
        _mark_broken(promise, now)
        promise.save(update_fields=["broken_at"])
        _follow(promise, now)
        marked += 1
    return marked


@transaction.atomic
def remind(*, by: Actor, promise_id: UUID, now: datetime) -> bool:
    """Remind those responsible of one promise whose next step has come: once a step, never at night, never of
    what nobody waits for. False when there was nothing to say (any more), or somebody else is at it.

    A step that comes late, because the sweep stood still, waits for the next open hour; of several steps that
    have come the last one is said.
    """
    require(by, "promises.remind")
    about = Promise.objects.filter(pk=promise_id).first()
    if about is None or not subjects.lock(about):
        return False
    found = Promise.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "calendar_version"
    )
    promise = found.filter(STANDING, pk=promise_id, remind_at__lte=now, due_at__gte=now).first()
    if promise is None:
        return False
    if promise.reminded == AGREED:
        promise.remind_at = None
        promise.save(update_fields=["remind_at"])
        subjects.remind(promise)
        record(by=by, verb="promises.remind", kind="promise", object_id=promise.pk, step=AGREED)
        return True
    step = _take_the_step(promise, now)
    described = subjects.describe(promise)
    promise.save(update_fields=["remind_at", "reminded"])
    if not step or not described.waits:
        return False
    notices.remind(promise, step, described)
    record(by=by, verb="promises.remind", kind="promise", object_id=promise.pk, step=step)
    return True


def _take_the_step(promise: Promise, now: datetime) -> int:
    """Move the promise on to its next reminder; the step to say now, 0 for none."""
    calendar = WorkingCalendar.from_json(promise.calendar_version.data)
    given = (calendar, _runs_from(promise), promise.due_at)
    if not escalation.may_remind(*given, now):
        promise.remind_at = escalation.next_moment(*given, now)
        return 0
    moments = escalation.schedule(*given, reminder_shares())
    come = [step for step, at in enumerate(moments, 1) if at is not None and at <= now]
    step = max(come, default=0)
    promise.remind_at = _first([at for at in moments[step:] if at is not None and at > now])
    if step <= promise.reminded:
        return 0
    promise.reminded = step
    return step


def _runs_from(promise: Promise) -> datetime:
    """Since when the clock runs without a stop: its opening, or the end of its last pause. The shares of reminders
    are of the time from there, so that a long pause never swallows them all.
    """
    return max([promise.opened_at, *(one.ends_at for one in promise.pauses.all())])


def _first(moments: Sequence[datetime | None]) -> datetime | None:
    return next((at for at in moments if at is not None), None)


def _mark_broken(promise: Promise, now: datetime) -> None:
    promise.broken_at = now
    record(by=MACHINE, verb="promises.break", kind="promise", object_id=promise.pk, promise_kind=promise.kind)
    notices.tell_leads(promise, subjects.describe(promise))
    events.emit(events.PromiseBroken(promise_id=str(promise.pk)))
