"""The sweep: every promise past its due time is marked broken within a minute, whatever mail and jobs are
doing.

First role `sweeper` finds what is due in all municipalities: UNION ALL over 50 schemas at a time, by the
partial
index `promises_that_stand`. Then each is marked inside its own municipality. Nothing is written across
schemas.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Protocol
from uuid import UUID

from django.db import DatabaseError, connection

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.tenancy import MunicipalityRef, NoMunicipality, as_role, inside, municipalities
from services.promises import operations

log = logging.getLogger("lavterskel.sweep")

BATCH = 50  # schemas in one statement
PER_SCHEMA = 500  # promises of one municipality in one pass; the next pass takes the rest


class Act(Protocol):
    """What is done about one promise; True when something was."""

    def __call__(self, *, by: Actor, promise_id: UUID, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did. `failed` counts promises and batches that raised: they are tried again next time."""

    marked: int
    failed: int


#: A promise past its due time; one whose next reminder has come. `%s` is now.
_DUE = ("due_at < %s", "due_at")
_TO_REMIND = ("remind_at <= %s", "remind_at")


def remind_due(limit: int = 10_000) -> Pass:
    """One pass over all municipalities: remind of at most `limit` promises. Never stands in the way of
    `break_due`: what fails here is logged, and tried again next time."""
    return _pass(_TO_REMIND, operations.remind, limit)


def break_due(limit: int = 10_000) -> Pass:
    """One pass over all municipalities: mark at most `limit` promises broken."""
    return _pass(_DUE, operations.break_promise, limit)


def _pass(wanted: tuple[str, str], act: Act, limit: int) -> Pass:
    now = clock.now()
    marked = failed = 0
    for refs in batched(municipalities(), BATCH, strict=False):
        found, unreadable = _found_in(refs, wanted, now)
        failed += unreadable
        for ref, promise_id in found:
            if marked >= limit:
                return Pass(marked, failed)
            try:
                with inside(ref):
                    marked += act(by=MACHINE, promise_id=promise_id, now=now)
            except Exception as error:  # one bad row must never keep the others waiting
                failed += 1
                log.error("Promise %s of %s: %s", promise_id, ref.slug, type(error).__name__)
    return Pass(marked, failed)


def _found_in(
    refs: Sequence[MunicipalityRef], wanted: tuple[str, str], now: datetime
) -> tuple[list[tuple[MunicipalityRef, UUID]], int]:
    """(municipality, promise id) of what is wanted, and how many municipalities could not be read.

    A schema that cannot be read (half founded) makes its batch be asked one by one.
    """
    try:
        return list(_ask(refs, now, wanted)), 0
    except (DatabaseError, NoMunicipality):  # the guard's word for a table that is not there
        if len(refs) == 1:
            log.error("Promises of %s cannot be read", refs[0].slug)
            return [], 1
    found, failed = [], 0
    for ref in refs:
        one, unreadable = _found_in([ref], wanted, now)
        found += one
        failed += unreadable
    return found, failed


def _ask(
    refs: Sequence[MunicipalityRef], now: datetime, wanted: tuple[str, str] = _DUE
) -> Iterator[tuple[MunicipalityRef, UUID]]:
    quote = connection.ops.quote_name
    condition, order = wanted
    parts = [
        f"(SELECT {number}, id FROM {quote(ref.schema)}.promises_promise"  # noqa: S608 (our own schema names)
        f" WHERE {condition} AND kept_at IS NULL AND broken_at IS NULL AND ended_at IS NULL"
        f" ORDER BY {order} LIMIT {PER_SCHEMA})"
        for number, ref in enumerate(refs)
    ]
    with as_role("sweeper"), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [now] * len(refs))
        rows = cursor.fetchall()
    return ((refs[number], promise_id) for number, promise_id in rows)
