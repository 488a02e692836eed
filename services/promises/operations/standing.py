"""What becomes of promises that stand when nobody waits for them any more, or what they are about goes elsewhere. The
caller's slice has asked who may act on the subject, and has locked it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.promises.models import STANDING, Promise


@transaction.atomic
def end(*, by: Actor, subject_id: UUID, kinds: tuple[str, ...] = (), at: datetime) -> int:
    """Nobody waits for this any more: the standing promises of a subject end, neither kept nor broken.

    `kinds` limits it. One whose due time has passed is broken, not ended: leaving late does not undo it, by the
    clock and not by `at`, which is a student's minute. Returns how many ended.
    """
    require(by, "promises.end")
    standing = Promise.objects.select_for_update().filter(
        STANDING, subject_id=subject_id, due_at__gte=clock.now()
    )
    return _all(standing.filter(kind__in=kinds) if kinds else standing, by, "end", ended_at=at)


@transaction.atomic
def undo_end(*, by: Actor, subject_id: UUID, at: datetime) -> int:
    """What was ended at exactly that instant stands again, with its due time. Returns how many.

    One of the same kind that has been given since stands instead.
    """
    require(by, "promises.end")
    standing = set(Promise.objects.filter(STANDING, subject_id=subject_id).values_list("kind", flat=True))
    ended = Promise.objects.select_for_update().filter(subject_id=subject_id, ended_at=at)
    return _all([one for one in ended if one.kind not in standing], by, "undo_end", ended_at=None)


@transaction.atomic
def lay_down(*, by: Actor, promise_id: UUID, at: datetime) -> Promise:
    """It was read, and needs no answer: nobody waits for it from `at` on. What broke stays broken.

    The caller has marked what is overdue (`break_overdue`).
    """
    require(by, "promises.end")
    promise = locked(promise_id)
    if promise.answered_at is None and promise.ended_at is None:
        _write(promise, by, "lay_down", ended_at=at)
    return promise


@transaction.atomic
def follow(*, by: Actor, subject_id: UUID, school_id: UUID, role_id: UUID) -> int:
    """The subject stands at another door: what runs of it goes along. When it is due never moves. Returns how
    many went.

    The caller has marked what is overdue (`break_overdue`).
    """
    require(by, "promises.follow")
    standing = Promise.objects.select_for_update().filter(STANDING, subject_id=subject_id)
    elsewhere = [one for one in standing if (one.school_id, one.role_id) != (school_id, role_id)]
    told = {"role": str(role_id)}
    return _all(elsewhere, by, "follow", told=told, school_id=school_id, role_id=role_id)


@transaction.atomic
def turn_into(*, by: Actor, promise_id: UUID, kind: str) -> Promise:
    """What is promised is another kind of word from now on, due when it was. One of that kind that runs already: the
    earlier of the two stays.
    """
    require(by, "promises.follow")
    promise = locked(promise_id)
    promise = _the_earlier(by, promise, subject_id=promise.subject_id, kind=kind)
    _write(promise, by, "turn_into", told={"promise_kind": kind}, kind=kind)
    return promise


@transaction.atomic
def pass_to(*, by: Actor, promise_id: UUID, subject_kind: str, subject_id: UUID) -> Promise:
    """What was promised about one subject is promised about another from now on: what follows when it breaks,
    and who is reminded, is that one's. One of this kind that runs for it already: the earlier of the two stays,
    and the other ends; what is broken leaves it be. Gives the one that stays.
    """
    require(by, "promises.follow")
    promise = locked(promise_id)
    if promise.broken_at is None:
        promise = _the_earlier(by, promise, subject_id=subject_id, kind=promise.kind)
    told = {"subject": str(subject_id)}
    _write(promise, by, "pass_to", told=told, subject_kind=subject_kind, subject_id=subject_id)
    return promise


def locked(promise_id: UUID) -> Promise:
    """One promise, its row locked."""
    return Promise.objects.select_for_update().get(pk=promise_id)


def stop(promise: Promise, by: Actor, at: datetime) -> None:
    """One promise ends at `at`: another stands instead."""
    _write(promise, by, "end", ended_at=at)


def _the_earlier(by: Actor, promise: Promise, *, subject_id: UUID, kind: str) -> Promise:
    """Of this one and the one that runs of that kind about the subject: the one due first. The other ends."""
    there = Promise.objects.select_for_update().filter(STANDING, subject_id=subject_id, kind=kind)
    other = there.exclude(pk=promise.pk).first()
    if other is None:
        return promise
    stays, goes = sorted((promise, other), key=lambda one: one.due_at)
    stop(goes, by, clock.now())
    return stays


def _all(
    promises: Iterable[Promise], by: Actor, verb: str, *, told: dict[str, str] | None = None, **fields: Any
) -> int:
    changed = 0
    for promise in promises:
        _write(promise, by, verb, told=told, **fields)
        changed += 1
    return changed


def _write(
    promise: Promise, by: Actor, verb: str, *, told: dict[str, str] | None = None, **fields: Any
) -> None:
    """Change these fields of one promise; `told` goes to the audit with it."""
    for name, value in fields.items():
        setattr(promise, name, value)
    promise.save(update_fields=list(fields))
    record(by=by, verb=f"promises.{verb}", kind="promise", object_id=promise.pk, **(told or {}))
