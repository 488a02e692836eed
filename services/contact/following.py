"""Everything that hangs on a case says here how it goes with it, what its student is given of it, and what keeps it.

Docs/how/retention.md. A room with a table that refers to a contact request or a case key, in any way, joins with one
call in its apps.py; a test walks over all tables and fails for one that did not (tests/house/test_following.py):

    following.register(
        following.Follower(
            name="notes",
            models=("desk.Note",),                     # their rows are deleted with the case; the way is found
            gives=frozenset(),                         # fields its student is given, by `export`
            excused=following.because("a helper's own words", "desk.Note.text", "desk.Note.at"),
            words={},                                  # of the codes it gives, in a student's words
            holds=is_being_written,                    # optional: why the case must not go yet
        )
    )

Nobody deletes by hand: `operations.forget` takes the rows of all followers, those that refer to others first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, UUIDField
from django.utils.functional import Promise as LazyText

from kernel.actor import Actor
from kernel.audit.operations import Reading
from kernel.crypto.models import CaseKey
from services.contact.models import ContactRequest

#: Columns that name a case, or something of it, without a foreign key.
NAMES_OF_A_CASE = frozenset({"subject_id", "case_key_id", "request_id", "case_number", "case_id"})


@dataclass(frozen=True, slots=True)
class Item:
    """One value for the student. `field`: "app.Model.field", where it comes from; times are aware, a date is local. A
    file is opened only by whoever takes it along: `value` is called for its bytes."""

    field: str
    label: str | LazyText
    value: str | int | bool | date | datetime | Callable[[], bytes] | None


@dataclass(frozen=True, slots=True)
class Section:
    """Part of what the student takes home: rows in the order in which they are read. `key` is its name in the file."""

    key: str
    title: str | LazyText
    rows: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a case stays for now: a code for the audit and a sentence without a word of content."""

    code: str
    text: str | LazyText


@dataclass(frozen=True, slots=True)
class Going:
    """The cases that go: their requests, their keys, and the ids of every row that goes with them (what a promise,
    a message or a job may name)."""

    requests: tuple[UUID, ...]
    case_keys: tuple[UUID, ...]
    ids: frozenset[UUID] = frozenset()


#: The sections of one case for its student. The reading is in the log; it opens that case's words.
type Export = Callable[[ContactRequest, Reading], Iterable[Section]]
#: Why the case must not go now; None: as far as this room is concerned it may.
type Holds = Callable[[ContactRequest], Hold | None]
#: From when its time is counted, if later than its closing; None: from its closing.
type Since = Callable[[ContactRequest], datetime | None]
#: Whether somebody who helps has had to do with its student in this room.
type DealtWith = Callable[[ContactRequest], bool]
#: Removes what is not a row of `models`, inside the transaction. Table or thing → how many.
type Forget = Callable[[Actor, Going], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Follower:
    """One room's part of a case. Labels are "app.Model", fields "app.Model.field".

    models    tables whose rows are deleted with the case
    keeps     tables that name a case and stay, each with the reason
    gives     STUDENT and CONTENT fields that `export` gives the student
    excused   those it does not give, each with the reason
    words     for the fields it gives that are codes: field → code → a student's words
    """

    name: str
    models: tuple[str, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    gives: frozenset[str] = frozenset()
    excused: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str | LazyText]] = field(default_factory=dict)
    export: Export | None = None
    holds: Holds | None = None
    since: Since | None = None
    forget: Forget | None = None
    dealt_with: DealtWith | None = None
    order: int = 50


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    """Called once, when a room is loaded (apps.py). Raises ValueError for a name that is taken, a table that another
    follower has, and fields that are promised without an `export`."""
    if _followers.get(follower.name, follower) != follower:
        raise ValueError(f"a follower named {follower.name} is registered already")
    others = {label: one.name for one in _followers.values() if one != follower for label in covered_by(one)}
    for label in covered_by(follower):
        if label in others:
            raise ValueError(
                f"{label} goes with the follower {others[label]} already; {follower.name} wants it"
            )
    if follower.gives and follower.export is None:
        raise ValueError(f"{follower.name} gives {sorted(follower.gives)} and has no `export` that does")
    _followers[follower.name] = follower
    tables.cache_clear()


def because(reason: str, *fields: str) -> dict[str, str]:
    """These fields are excused for one reason. Join several with `|`."""
    return dict.fromkeys(fields, reason)


def followers() -> list[Follower]:
    """All of them, in the order in which the student reads their sections."""
    return sorted(_followers.values(), key=lambda one: (one.order, one.name))


def words_of(field: str, code: str) -> str | LazyText | None:
    """A code of a field in a student's words; None: this field has no codes, or none like it."""
    for one in _followers.values():
        if field in one.words:
            return one.words[field].get(code)
    return None


def covered_by(follower: Follower) -> tuple[str, ...]:
    return (*follower.models, *follower.keeps)


def holds_on(request: ContactRequest) -> list[Hold]:
    """Every reason for which the case must not go now. The caller has locked it."""
    found = [one.holds(request) for one in followers() if one.holds]
    return [hold for hold in found if hold is not None]


def was_dealt_with(request: ContactRequest) -> bool:
    """Whether anybody who helps has had to do with its student, in any room above."""
    return any(one.dealt_with(request) for one in followers() if one.dealt_with)


def counts_from(request: ContactRequest) -> datetime | None:
    """From when the time it is kept runs: its closing, or the latest moment a room names. None: it is open."""
    if request.closed_at is None:
        return None
    later = [at for one in followers() if one.since and (at := one.since(request)) is not None]
    return max([request.closed_at, *later])


@cache
def tables() -> tuple[type[Model], ...]:
    """Every table whose rows go, those that refer to others before them; the request itself comes last."""
    left = {apps.get_model(label) for one in _followers.values() for label in one.models}
    ordered: list[type[Model]] = []
    while left:
        free = [model for model in left if not any(model in _refers_to(other) for other in left - {model})]
        if not free:
            raise ValueError(f"these tables refer to each other in a circle: {sorted(map(_label, left))}")
        ordered += sorted(free, key=_label)
        left -= set(free)
    return tuple(ordered)


def rows_of(model: type[Model], going: Going) -> Q:
    """Which rows of a table hang on these cases, by every way that leads there. Raises ValueError when none does."""
    found = Q()
    for lookup, to in ways(model):
        named = {"request": going.requests, "key": going.case_keys, "subject": going.ids}[to]
        found |= Q(**{f"{lookup}__in": list(named)})
    if not found:
        raise ValueError(f"no foreign key and no subject_id leads from {_label(model)} to a case")
    return found


def ways(model: type[Model], _seen: frozenset[type[Model]] = frozenset()) -> list[tuple[str, str]]:
    """How a table refers to a case: (lookup, what it names: a request, a case key, or any row as subject)."""
    if model is ContactRequest:
        return [("pk", "request")]
    found = []
    for key in _foreign_keys(model):
        there = key.related_model
        if there is CaseKey:
            found.append((f"{key.name}_id", "key"))
        elif there is ContactRequest:
            found.append((f"{key.name}_id", "request"))
        elif there is not model and there not in _seen:
            found += [(f"{key.name}__{way}", to) for way, to in ways(there, _seen | {model})]
    columns = {one.name for one in model._meta.local_fields if isinstance(one, UUIDField)}
    if "subject_id" in columns:
        found.append(("subject_id", "subject"))
    if "case_key_id" in columns:
        found.append(("case_key_id", "key"))
    return found


def names_a_case(model: type[Model]) -> bool:
    """Whether a table refers to a case, by a key, through other tables, or in a column of that name."""
    columns = {one.name for one in model._meta.local_fields}
    return bool(ways(model)) or bool(columns & NAMES_OF_A_CASE)


def _foreign_keys(model: type[Model]) -> "list[ForeignKey[Model, Model]]":
    return [one for one in model._meta.local_fields if isinstance(one, ForeignKey)]


def _refers_to(model: type[Model]) -> set[type[Model]]:
    return {one.related_model for one in _foreign_keys(model)} - {model}


def _label(model: type[Model]) -> str:
    return model._meta.label
