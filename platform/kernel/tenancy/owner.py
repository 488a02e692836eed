"""The `owner` connection: schemas, roles and rights. Founding, migrate_all and test set-up alone use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections, transaction
from psycopg import sql

from kernel.tenancy import grants
from kernel.tenancy.router import OWNER

LOCKS_NEEDED = 1024


class CannotRun(RuntimeError):
    """The server cannot carry us, and the message says what to change."""


@contextmanager
def at(schema: str) -> Iterator[Any]:
    """The owner's connection in one schema alone, as Django's own migration tools want it."""
    connection: Any = connections[OWNER]
    connection.set_schema(schema, include_public=False)
    try:
        yield connection
    finally:
        connection.set_schema_to_public()


@contextmanager
def transaction_of_owner() -> Iterator["psycopg.Cursor[Any]"]:
    """One transaction on the owner's connection; gives psycopg's own cursor."""
    with transaction.atomic(using=OWNER), cursor_of_owner() as cursor:
        yield cursor


@contextmanager
def cursor_of_owner() -> Iterator["psycopg.Cursor[Any]"]:
    """psycopg's own cursor on the owner's connection (many statements at once, no params needed)."""
    with connections[OWNER].cursor() as cursor:
        yield cursor.cursor


def app_user() -> str:
    """The role the application logs in as."""
    return str(connections["default"].settings_dict["USER"])


def grant_in(cursor: "psycopg.Cursor[Any]", schema: str, role: str, *, fresh: bool = False) -> None:
    """Give the roles of a municipality's schema exactly the rights of `grants`."""
    cursor.execute(grants.on_municipality(schema, role, columns_in(cursor, schema), fresh=fresh))


def grant_in_public(operator_role: str | None = None) -> None:
    """Give `front` and the operator exactly the rights of `grants` on the public schema."""
    with transaction_of_owner() as cursor:
        cursor.execute(grants.on_public(columns_in(cursor, "public"), operator_role))


def tables_in(cursor: "psycopg.Cursor[Any]", schema: str) -> set[str]:
    """Names of the tables of a schema."""
    cursor.execute("SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = %s", [schema])
    return {row[0] for row in cursor.fetchall()}


def columns_in(cursor: "psycopg.Cursor[Any]", schema: str) -> dict[str, set[str]]:
    """The tables of a schema, each with the names of its columns."""
    cursor.execute(
        "SELECT c.relname, a.attname FROM pg_catalog.pg_class c "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE n.nspname = %s AND c.relkind IN ('r', 'p')",
        [schema],
    )
    found: dict[str, set[str]] = {}
    for table, column in cursor.fetchall():
        found.setdefault(table, set()).add(column)
    return found


def check_server() -> None:
    """Raises CannotRun when the server is too old or keeps too few locks for many schemas."""
    with cursor_of_owner() as cursor:
        if cursor.connection.info.server_version < 150000:
            raise CannotRun("PostgreSQL 15 or newer is needed.")
        cursor.execute("SHOW max_locks_per_transaction")
        row = cursor.fetchone()
        if row is None or int(row[0]) < LOCKS_NEEDED:
            raise CannotRun(
                f"max_locks_per_transaction is {row and row[0]}; it must be at least {LOCKS_NEEDED} "
                "(postgresql.conf, then restart): a schema a municipality needs many locks."
            )


def ensure_platform_roles() -> None:
    """front, sweeper and worker, which the application's login may become."""
    with transaction_of_owner() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kernel.tenancy.roles'))")
        for role in grants.PLATFORM_ROLES:
            ensure_role(cursor, role)
        database = sql.Identifier(cursor.connection.info.dbname)
        cursor.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


def ensure_role(cursor: "psycopg.Cursor[Any]", role: str) -> None:
    """A role nobody logs in as, which the application may become. Kept when it is there already."""
    cursor.execute("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [role])
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(app_user())))
