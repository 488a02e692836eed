"""Writing the audit. Both functions write in the caller's transaction: no row, no act; no row, no content."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.audit.models import Entry, ReadEntry

type Code = str | int | bool | list[str] | None


def record(*, by: Actor, verb: str, kind: str, object_id: Any, **details: Code) -> None:
    """Write that `by` did `verb` to the object. Details are ids and codes, never content or names.

    A student's act is stored to the minute (docs/how/security.md 6).
    """
    at = clock.this_minute() if by.kind == "student" else clock.now()
    Entry.objects.create(
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        verb=verb,
        object_kind=kind,
        object_id=str(object_id),
        details=details,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """Proof that a read of one case is in the log; opens that case's sealed values and no other's."""

    case_key_id: UUID


def reading(*, by: Actor, case_key_id: UUID, what: str, why: str, role_id: UUID | None = None) -> Reading:
    """Log that `by` reads `what` of the case because of `why`, then allow it.

    Raises whatever the database raises: then there is no Reading and nothing can be opened.
    """
    at = clock.this_minute() if by.kind == "student" else clock.now()
    ReadEntry.objects.create(
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        role_id=role_id,
        case_key_id=case_key_id,
        what=what,
        why=why,
    )
    return Reading(case_key_id)
