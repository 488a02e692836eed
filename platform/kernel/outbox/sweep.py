"""Messages that no job woke up, or that wait for another try: found in all municipalities at once.

One question over many schemas as role `sweeper` (a partial index answers it), then each municipality in
turn as itself. No write crosses schemas (docs/how/tenancy.md).
"""

import logging
from collections.abc import Iterator

from django.db import ProgrammingError, connection, transaction
from psycopg import sql

from kernel import clock
from kernel.outbox import operations
from kernel.tenancy import MunicipalityRef, NoMunicipality, as_role, inside, municipalities

log = logging.getLogger("lavterskel.outbox")

#: Schemas asked in one statement.
BATCH = 100


def waiting() -> Iterator[MunicipalityRef]:
    """The municipalities, the operator among them, that have a message to send now."""
    everybody = municipalities(include_operator=True)
    for start in range(0, len(everybody), BATCH):
        some = everybody[start : start + BATCH]
        found = _asked(some)
        yield from (ref for ref in some if ref.schema in found)


def _asked(some: list[MunicipalityRef]) -> set[str]:
    """Which of these have something to send. One whose schema cannot be asked is left out, aloud."""
    try:
        with as_role("sweeper"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_question(some), [clock.now()] * len(some))
            return {schema for (schema,) in cursor.fetchall()}
    except (ProgrammingError, NoMunicipality) as error:
        if len(some) == 1:
            log.error("messages of %s: %s", some[0].schema, type(error).__name__)
            return set()
    half = len(some) // 2
    return _asked(some[:half]) | _asked(some[half:])


def _question(some: list[MunicipalityRef]) -> sql.Composed:
    one = sql.SQL(
        "SELECT {name} WHERE EXISTS (SELECT FROM {schema}.outbox_message "
        "WHERE state = 'queued' AND next_attempt_at <= %s)"
    )
    parts = [one.format(name=sql.Literal(ref.schema), schema=sql.Identifier(ref.schema)) for ref in some]
    return sql.SQL(" UNION ALL ").join(parts)


def send_everywhere(limit: int = 100) -> int:
    """One pass: send what is due, at most `limit` a municipality; how many left the house.

    What goes wrong in one municipality keeps nothing from the next.
    """
    return sum(_send_in(ref, limit) for ref in list(waiting()))


def _send_in(ref: MunicipalityRef, limit: int) -> int:
    try:
        with inside(ref):
            return operations.send_all_due(limit)
    except Exception as error:
        log.error("messages of %s: %s", ref.schema, type(error).__name__)
        return 0
