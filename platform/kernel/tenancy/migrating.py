"""Bringing every municipality's schema to the code's migrations.

django-tenants' own command costs seconds a tenant even with nothing to do. Here one query tells which
schemas lag; those that stand at the same point are brought forward together: the SQL of a migration is
written once, against the first of them, and replayed in the others, each in a transaction of its own with
its row in django_migrations. A migration with Python in it takes Django's own way, schema by schema.
Interrupted, it goes on where it was; a schema that fails stays behind and does not stop the others.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg import sql

from kernel import clock
from kernel.tenancy import owner
from kernel.tenancy.router import OWNER
from kernel.tenancy.state import MunicipalityRef

BATCH = 200  # schemas in one UNION ALL
LOCK_TRIES = 6
_NOBODY = ""


@dataclass(slots=True)
class Group:
    """Schemas that stand at the same point, and what they lack (names like `setup.0002_breaks`)."""

    refs: list[MunicipalityRef]
    fingerprint: str
    plan: list[Migration] = field(default_factory=list)

    @property
    def lacking(self) -> list[str]:
        return [f"{migration.app_label}.{migration.name}" for migration in self.plan]


type Report = Callable[[MunicipalityRef, str], None]  # error is "" when it went well


def fingerprint_of(names: Iterable[str]) -> str:
    """The same text as the database's own fingerprint of applied migrations."""
    return hashlib.md5(" ".join(sorted(names)).encode(), usedforsecurity=False).hexdigest()


def fingerprint_of_code() -> str:
    """What a schema's fingerprint is when it has exactly the code's migrations."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return fingerprint_of(f"{app}.{name}" for app, name in loader.graph.nodes)


def fingerprints(refs: Sequence[MunicipalityRef]) -> dict[int, str]:
    """Fingerprint of the applied migrations by municipality; "" where there is no schema to read."""
    found = dict.fromkeys((ref.id for ref in refs), _NOBODY)
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_catalog.pg_class c "
            "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relname = 'django_migrations' AND c.relkind = 'r'"
        )
        there = {row[0] for row in cursor.fetchall()}
        known = [ref for ref in refs if ref.schema in there]
        for start in range(0, len(known), BATCH):
            one = sql.SQL(
                "SELECT {}::bigint, md5(coalesce(string_agg(app || '.' || name, ' ' "
                "ORDER BY app || '.' || name COLLATE \"C\"), '')) FROM {}.django_migrations"
            )
            asked = (one.format(ref.id, sql.Identifier(ref.schema)) for ref in known[start : start + BATCH])
            cursor.execute(sql.SQL(" UNION ALL ").join(asked))
            found.update(cursor.fetchall())
    return found


def look(refs: Sequence[MunicipalityRef]) -> list[Group]:
    """Who lags, grouped by where they stand. Schemas that are up to date are in no group."""
    by_fingerprint: dict[str, list[MunicipalityRef]] = defaultdict(list)
    done = fingerprint_of_code()
    found = fingerprints(refs)
    for ref in refs:
        by_fingerprint[found[ref.id]].append(ref)
    groups = []
    for fingerprint, members in sorted(by_fingerprint.items()):
        if not members or fingerprint == done:
            continue
        group = Group(members, fingerprint)
        if fingerprint != _NOBODY:
            with owner.at(members[0].schema) as connection:
                executor = MigrationExecutor(connection)
                group.plan = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
            if not group.plan:
                continue
        groups.append(group)
    return groups


def migrate_group(group: Group, report: Report) -> None:
    """Bring a group forward, migration by migration, and report on each schema once."""
    alive = list(group.refs)
    if group.fingerprint == _NOBODY:
        for ref in alive:
            report(ref, "There is no schema to migrate.")
        return
    with owner.at(alive[0].schema) as connection:
        executor = MigrationExecutor(connection)
        state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    for migration in group.plan:
        if not alive:
            return
        before, state = state, None
        replay = _Replay.written_for(migration, before, alive[0].schema) if _is_sql(migration) else None
        for ref in list(alive):
            try:
                if replay:
                    replay.run(ref)
                    state = replay.after
                else:
                    state = _migrate_slowly(executor, migration, before.clone(), ref)
            except Exception as error:
                report(ref, f"{migration.app_label}.{migration.name}: {type(error).__name__}: {error}")
                alive.remove(ref)
    for ref in alive:
        report(ref, "")


def grant(ref: MunicipalityRef) -> None:
    """Give a schema's roles exactly the rights of `grants`."""
    with owner.transaction_of_owner() as cursor:
        owner.ensure_role(cursor, ref.role)
        owner.grant_in(cursor, ref.schema, ref.role)


def _migrate_slowly(
    executor: MigrationExecutor, migration: Migration, state: ProjectState, ref: MunicipalityRef
) -> ProjectState:
    """Django's own way, for a migration with Python in it."""
    with owner.at(ref.schema):
        after: ProjectState = executor.apply_migration(state, migration)
    grant(ref)
    return after


def _operations(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        inner = getattr(operation, "database_operations", None)
        if inner is None:
            yield operation
        else:
            yield from _operations(inner)


def _is_sql(migration: Migration) -> bool:
    return all(operation.reduces_to_sql for operation in _operations(migration.operations))


@dataclass(slots=True)
class _Replay:
    """One migration as statements without a schema in them, to be run in many schemas."""

    migration: Migration
    statements: list[str]
    after: ProjectState

    @classmethod
    def written_for(cls, migration: Migration, before: ProjectState, schema: str) -> "_Replay":
        with (
            owner.at(schema) as connection,
            connection.schema_editor(collect_sql=True, atomic=False) as editor,
        ):
            after = migration.apply(before.clone(), editor, collect_sql=True)
        written = (line for line in editor.collected_sql if not line.lstrip().startswith("--"))
        return cls(migration, [line.rstrip().rstrip(";") for line in written if line.strip()], after)

    def run(self, ref: MunicipalityRef) -> None:
        for attempt in range(LOCK_TRIES):
            try:
                return self._run(ref)
            except OperationalError as error:
                if (
                    not isinstance(error.__cause__, psycopg.errors.LockNotAvailable)
                    or attempt == LOCK_TRIES - 1
                ):
                    raise
                time.sleep(0.1 * 2**attempt)

    def _run(self, ref: MunicipalityRef) -> None:
        if self.migration.atomic:
            with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
                path = f'SET LOCAL search_path = "{ref.schema}"'
                cursor.execute(";\n".join([path, "SET LOCAL lock_timeout = '2s'", *self.statements]))
                self._record(cursor, ref)
            return
        with owner.at(ref.schema) as connection, connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
            self._record(cursor, ref)

    def _record(self, cursor: Any, ref: MunicipalityRef) -> None:
        table = sql.Identifier(ref.schema, "django_migrations")
        row = [self.migration.app_label, self.migration.name, clock.now()]
        cursor.execute(sql.SQL("INSERT INTO {} (app, name, applied) VALUES (%s, %s, %s)").format(table), row)
        if any(
            line.startswith(("CREATE TABLE", "CREATE VIEW")) or " ADD COLUMN " in line
            for line in self.statements
        ):
            owner.grant_in(cursor.cursor, ref.schema, ref.role)
