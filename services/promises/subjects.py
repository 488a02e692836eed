"""What a promise can be about.

The slice that owns a subject says here what follows when its promise breaks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from services.promises.models import Promise


@dataclass(frozen=True, slots=True)
class About:
    """What may be said of a subject to those responsible: its number, who has it, whether anybody waits.

    `people`: whom alone to remind, instead of whoever is there at the door. `apart`: who hears nothing of it.
    `together`: what is told of once for all of the same name, where there are too many to be told of one by one.
    """

    number: str
    holder: UUID | None
    waits: bool
    people: tuple[UUID, ...] | None = None
    apart: frozenset[UUID] = frozenset()
    together: str = ""


#: What follows when it breaks; from whom the subject went by that, None where it stays.
type OnBroken = Callable[[Promise], UUID | None]
type Lock = Callable[[UUID], bool]
type Describe = Callable[[UUID], About]
type Remind = Callable[[Promise], None]
type HiddenFrom = Callable[[UUID], QuerySet[Any, Any]]

_on_broken: dict[str, OnBroken] = {}
_lock: dict[str, Lock] = {}
_describe: dict[str, Describe] = {}
_remind: dict[str, Remind] = {}
_hidden_from: dict[str, HiddenFrom] = {}


def register(
    subject_kind: str,
    on_broken: OnBroken,
    lock: Lock,
    describe: Describe,
    hidden_from: HiddenFrom,
    remind: Remind | None = None,
) -> None:
    """`on_broken` runs in the transaction that marks the promise broken;

    what it raises undoes the marking; from whom the subject went by it stands in the promise. Before it, `lock` locks
    the subject's row without waiting; False when somebody else is at it. `describe` says what reminders may name.
    `hidden_from`: the ids of those subjects that are not there for an account, by their student's word: in no list and
    no count of theirs. `remind` says the one reminder of a promise given until an agreed time
    (`operations.give_until`), in the owner's own words.
    """
    known = _on_broken.setdefault(subject_kind, on_broken)
    if known is not on_broken or _lock.setdefault(subject_kind, lock) is not lock:
        raise ValueError(f"{subject_kind} is registered already")
    _describe[subject_kind] = describe
    _hidden_from[subject_kind] = hidden_from
    if remind is not None:
        _remind[subject_kind] = remind


def lock(promise: Promise) -> bool:
    """Lock what the promise is about. Raises KeyError for a subject nobody owns."""
    return _lock[promise.subject_kind](promise.subject_id)


def describe(promise: Promise) -> About:
    """What reminders may name. Raises KeyError for a subject nobody owns."""
    return _describe[promise.subject_kind](promise.subject_id)


def there_for(account_id: UUID, promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Without those about a subject that is not there for this account."""
    for kind, hidden_from in _hidden_from.items():
        promises = promises.exclude(subject_kind=kind, subject_id__in=hidden_from(account_id))
    return promises


def remind(promise: Promise) -> None:
    """Let the owner say the one reminder of an agreed time. Raises KeyError for an owner that says none."""
    _remind[promise.subject_kind](promise)


def broken(promise: Promise) -> UUID | None:
    """Tell the owner of the subject; from whom it went. Raises KeyError for a subject nobody owns."""
    return _on_broken[promise.subject_kind](promise)
