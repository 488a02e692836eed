"""Messages that no job woke up, or that wait for another try: found in all municipalities at once.

One question over many schemas as role `sweeper` (a partial index answers it), then each municipality in
turn as itself. No write crosses schemas (docs/how/tenancy.md).
"""

from collections.abc import Iterator

from django.db import connection
from psycopg import sql

from kernel import clock
from kernel.outbox import operations
from kernel.tenancy import MunicipalityRef, as_role, inside, municipalities

#: Schemas asked in one statement.
BATCH = 100


def waiting() -> Iterator[MunicipalityRef]:
    """The municipalities, the operator among them, that have a message to send now."""
    everybody = municipalities(include_operator=True)
    for start in range(0, len(everybody), BATCH):
        some = everybody[start : start + BATCH]
        with as_role("sweeper"), connection.cursor() as cursor:
            cursor.execute(_question(some), [clock.now()] * len(some))
            found = {schema for (schema,) in cursor.fetchall()}
        yield from (ref for ref in some if ref.schema in found)


def _question(some: list[MunicipalityRef]) -> sql.Composed:
    one = sql.SQL(
        "SELECT {name} WHERE EXISTS (SELECT FROM {schema}.outbox_message "
        "WHERE state = 'queued' AND next_attempt_at <= %s)"
    )
    parts = [one.format(name=sql.Literal(ref.schema), schema=sql.Identifier(ref.schema)) for ref in some]
    return sql.SQL(" UNION ALL ").join(parts)


def send_everywhere(limit: int = 100) -> int:
    """One pass: send what is due, at most `limit` a municipality; how many left the house."""
    sent = 0
    for ref in list(waiting()):
        with inside(ref):
            sent += operations.send_all_due(limit)
    return sent
