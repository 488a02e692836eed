"""Questions about promises: the present one of a subject, and all it ever had."""

from collections.abc import Iterable
from uuid import UUID

from services.promises.models import Promise


def promises_of(subject_id: UUID) -> list[Promise]:
    """Every promise of one subject, newest first (by time given, never by id). Of two that count from the same time,
    the one that ended gave way to the other."""
    return sorted(
        Promise.objects.filter(subject_id=subject_id),
        key=lambda promise: (
            promise.opened_at,
            promise.kind != Promise.Kind.FIRST_CONTACT,
            promise.ended_at is None,
            promise.ended_at or promise.opened_at,
        ),
        reverse=True,
    )


def present(promises: Iterable[Promise]) -> Promise | None:
    """The one that counts now: the standing one (of several the one that is due first), else the newest. A reply that
    was not needed is none.
    """
    known = [one for one in promises if one.kind != Promise.Kind.REPLY or one.ended_at is None]
    standing = [
        one for one in known if one.kept_at is None and one.broken_at is None and one.ended_at is None
    ]
    if standing:
        return min(standing, key=lambda promise: promise.due_at)
    return known[0] if known else None


def first_contact(promises: Iterable[Promise]) -> Promise | None:
    """The promise of a contact: the first one's, or since the student asked again the newest reopening's.

    `promises` newest first. The next try's is another promise, and so are a handover's and a reply's: they undo
    nothing of this one.
    """
    others = (Promise.Kind.RETRY, Promise.Kind.HANDOVER, Promise.Kind.REPLY)
    return present(one for one in promises if one.kind not in others)


def next_try(promises: Iterable[Promise]) -> Promise | None:
    """The standing promise of a next try."""
    return _unanswered(promises, Promise.Kind.RETRY)


def next_reply(promises: Iterable[Promise]) -> Promise | None:
    """The promise to answer what the student has written since they were answered, while nobody has; broken or not."""
    return _unanswered(promises, Promise.Kind.REPLY)


def _unanswered(promises: Iterable[Promise], kind: str) -> Promise | None:
    waiting = (one for one in promises if one.answered_at is None and one.ended_at is None)
    return next((one for one in waiting if one.kind == kind), None)
