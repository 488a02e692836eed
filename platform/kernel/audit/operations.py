"""Writing the audit. All functions write in the caller's transaction: no row, no act; no row, no content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.audit.models import Entry, ReadEntry
from kernel.audit.proofs import proven

type Code = str | int | bool | list[str] | None


def _at(by: Actor) -> datetime:
    """A student's act, and their friend's, is stored to the minute (docs/how/security.md 6)."""
    return clock.this_minute() if by.kind in ("student", "friend") else clock.now()


def record(*, by: Actor, verb: str, kind: str, object_id: Any, **details: Code) -> None:
    """Write that `by` did `verb` to the object. Details are ids and codes, never content or names."""
    entry = Entry(
        at=_at(by),
        actor_kind=by.kind,
        actor_id=by.id,
        verb=verb,
        object_kind=kind,
        object_id=str(object_id),
        details=details,
    )
    proven(entry).save(force_insert=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """Proof that a read of one case is in the log; opens that case's sealed values and no other's."""

    case_key_id: UUID


def reading(*, by: Actor, case_key_id: UUID, what: str, why: str, role_id: UUID | None = None) -> Reading:
    """Log that `by` reads `what` of the case because of `why`, then allow it.

    Raises whatever the database raises: then there is no Reading and nothing can be opened.
    """
    return readings(by=by, cases=[(case_key_id, role_id)], what=what, why=why)[case_key_id]


def readings(
    *, by: Actor, cases: Iterable[tuple[UUID, UUID | None]], what: str, why: str
) -> dict[UUID, Reading]:
    """The same for several (case key, role) at once: a row each, one statement."""
    at, rows = _at(by), []
    for case_key_id, role_id in cases:
        row = ReadEntry(
            at=at,
            actor_kind=by.kind,
            actor_id=by.id,
            role_id=role_id,
            case_key_id=case_key_id,
            what=what,
            why=why,
        )
        rows.append(proven(row))
    ReadEntry.objects.bulk_create(rows)
    return {row.case_key_id: Reading(row.case_key_id) for row in rows}
