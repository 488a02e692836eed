"""The guard: no statement leaves before its connection is what the present place demands.

What was set is remembered on the *physical* connection, never on Django's wrapper: a pool hands the same
connection to many wrappers. Role and search path are set in one statement, so both change or neither.
A connection on which that fails is closed, and the failure raised.
"""

import re
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db.backends.postgresql import base as postgresql
from psycopg import Connection, OperationalError, errors, generators
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from kernel.tenancy.state import FRONT, Identity, NoMunicipality, current_identity

_REMEMBERED = "_kernel_tenancy_identity"
_VISITED = "_kernel_tenancy_visited"
#: A server process keeps 0.4–2 MB for each schema it has seen, for as long as its connection lives.
SCHEMAS_A_CONNECTION = 200
_UNGUARDED = "_kernel_tenancy_unguarded"
#: ROLLBACK, SET, RESET, DISCARD: statements after which a connection may be somebody else.
_CHANGES = {b"ROL", b"SET", b"RES", b"DIS"}
_NAMED = re.compile(r'(?:relation|table) "(?:[^"]+\.)?([^".]+)"')


def statement(identity: Identity) -> str:
    """The one statement that makes a connection `identity`. Names are ours: letters, digits, underscores."""
    local = "true" if settings.CITUS else "false"
    return (
        f"SELECT pg_catalog.set_config('role', '{identity.role}', {local}), "
        f"pg_catalog.set_config('search_path', '{identity.path}', {local})"
    )


def settle(connection: "Connection[Any]", wanted: Identity) -> None:
    """Make the physical connection `wanted`, unless it is already. Closes the connection on any failure."""
    remembered = connection.__dict__.get(_REMEMBERED)
    if remembered is wanted or remembered == wanted:
        return
    if connection.pgconn.transaction_status == TransactionStatus.INERROR:
        # Nothing but ROLLBACK can succeed now; the refusal is the one PostgreSQL would give.
        raise errors.InFailedSqlTransaction("current transaction is aborted")
    connection.__dict__[_REMEMBERED] = None
    try:
        _send(connection, statement(wanted))
    except BaseException:
        connection.close()
        raise
    connection.__dict__[_REMEMBERED] = wanted
    connection.__dict__.setdefault(_VISITED, set()).add(wanted.schema)


def is_full(connection: "Connection[Any]") -> bool:
    """Whether the connection has seen so many schemas that its server process has grown fat and should go."""
    return len(connection.__dict__.get(_VISITED, ())) > SCHEMAS_A_CONNECTION


def _send(connection: "Connection[Any]", query: str) -> None:
    if settings.CITUS:  # it must be part of the transaction, which psycopg begins with the first statement
        with connection.cursor() as cursor:
            super(_Guarded, cast(Any, cursor)).execute(query)
        return
    # Half the time of a cursor: this is on every request.
    connection.pgconn.send_query(query.encode())
    result = connection.wait(generators.execute(connection.pgconn))[-1]
    if result.status != ExecStatus.TUPLES_OK:
        error = errors.error_from_result(result)
        if connection.pgconn.status != ConnStatus.OK:  # no SQLSTATE says so when the server is simply gone
            raise OperationalError(str(error)) from error
        raise error


def forget(connection: "Connection[Any] | None") -> None:
    """What the connection is has become unknown (a rollback reverted it): the next statement sets it anew."""
    if connection is not None:
        connection.__dict__[_REMEMBERED] = None


def reset(connection: "Connection[Any]") -> None:
    """The pool's `reset`: a connection nobody holds is nobody's. (The pool may just have rolled it back.)"""
    forget(connection)
    settle(connection, FRONT)
    if not connection.autocommit:
        connection.commit()


def set_unguarded(connection: "Connection[Any]", unguarded: bool) -> None:
    """For SAVEPOINT, ROLLBACK TO and RELEASE alone: they read nothing, and work in a failed transaction."""
    connection.__dict__[_UNGUARDED] = unguarded


def model_name(table: str) -> str | None:
    """The model whose table in a municipality's schema has this name."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table and model._meta.app_config.name in settings.TENANT_APPS:
            return model.__name__
    return None


def explain(error: Exception, identity: Identity) -> NoMunicipality | None:
    """The refusal in words, when a municipality's table was asked for outside of every municipality."""
    if identity.schema or not apps.ready:
        return None
    match = _NAMED.search(str(error))
    name = model_name(match.group(1)) if match else None
    if name is None:
        return None
    return NoMunicipality(
        f"{name} lives in a municipality's own schema. Enter one: with inside(municipality): …"
    )


class _Guarded:
    """Mixed into psycopg's cursors: every way to send a statement passes the guard first."""

    connection: "Connection[Any]"
    pgresult: PGresult | None

    def _pass_guard(self) -> Identity:
        wanted = current_identity()
        if not self.connection.__dict__.get(_UNGUARDED):
            settle(self.connection, wanted)
        return wanted

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        identity = self._pass_guard()
        try:
            answer = super().execute(query, params, **options)  # type: ignore[misc]
            result = self.pgresult
            if result is not None and (result.command_status or b"")[:3] in _CHANGES:
                forget(self.connection)
            return answer
        except (errors.UndefinedTable, errors.InsufficientPrivilege) as error:
            words = explain(error, identity)
            if words is None:
                raise
            raise words from error

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
        self._pass_guard()
        return super().executemany(query, params_seq, **options)  # type: ignore[misc]

    def stream(self, query: Any, params: Any = None, **options: Any) -> Any:
        self._pass_guard()
        return super().stream(query, params, **options)  # type: ignore[misc]

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        self._pass_guard()
        return super().copy(statement, params, **options)  # type: ignore[misc]


class GuardedCursor(_Guarded, postgresql.Cursor):
    """What Django uses for everything but `.iterator()`."""


class GuardedServerBindingCursor(_Guarded, postgresql.ServerBindingCursor):
    """The same with OPTIONS["server_side_binding"]."""


class GuardedServerSideCursor(_Guarded, postgresql.ServerSideCursor):
    """Named cursors, for `.iterator()`. DECLARE passes the guard; FETCH reads what was declared."""
