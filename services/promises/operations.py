"""Giving, keeping, ending and breaking promises. The caller's slice has asked who may act on the subject."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel import clock, events
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.promises import notices, subjects
from services.promises.due import due_for
from services.promises.models import STANDING, Promise


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
) -> Promise:
    """Promise an answer about a subject, due by the calendar and guarantee of its door, in the caller's
    transaction.

    Raises Unavailable when no due time can be said. A calendar edited later does not move it.
    """
    require(by, "promises.give")
    due = due_for(school_id=school_id, role_id=role_id, opened_at=opened_at)
    promise = Promise.objects.create(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        school_id=school_id,
        role_id=role_id,
        calendar_version_id=due.calendar_version_id,
        opened_at=opened_at,
        due_at=due.at,
    )
    record(by=by, verb="promises.give", kind="promise", object_id=promise.pk, promise_kind=kind)
    return promise


@transaction.atomic
def keep(*, by: Actor, promise_id: UUID, at: datetime, outcome: str) -> Promise:
    """The first answer, at `at`: kept at or before due, otherwise broken. Later answers change nothing, nor
    does what happened before the minute it was given in.

    Marked broken before and yet answered in time: kept, with `corrected_at`; both facts stay.
    """
    require(by, "promises.keep")
    promise = _locked(promise_id)
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
def end(*, by: Actor, subject_id: UUID, kinds: tuple[str, ...] = (), at: datetime) -> int:
    """Nobody waits for this any more: the standing promises of a subject end, neither kept nor broken.

    `kinds` limits it. One whose due time has passed is broken, not ended: leaving late does not undo it, by the
    clock and not by `at`, which is a student's minute. Returns how many ended.
    """
    require(by, "promises.end")
    now = clock.now()
    standing = Promise.objects.select_for_update().filter(STANDING, subject_id=subject_id, due_at__gte=now)
    ended = 0
    for promise in standing.filter(kind__in=kinds) if kinds else standing:
        promise.ended_at = at
        promise.save(update_fields=["ended_at"])
        record(by=by, verb="promises.end", kind="promise", object_id=promise.pk)
        ended += 1
    return ended


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
    subjects.broken(promise)
    return True


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
        subjects.broken(promise)
        marked += 1
    return marked


def _mark_broken(promise: Promise, now: datetime) -> None:
    promise.broken_at = now
    record(by=MACHINE, verb="promises.break", kind="promise", object_id=promise.pk, promise_kind=promise.kind)
    notices.tell_leads(promise)
    events.emit(events.PromiseBroken(promise_id=str(promise.pk)))


def _locked(promise_id: UUID) -> Promise:
    return Promise.objects.select_for_update().get(pk=promise_id)
