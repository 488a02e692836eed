"""Django's connection to PostgreSQL, guarded. Subclass of django-tenants', whose tools work on `owner`.

Every alias but `owner` is guarded: it runs as the role and in the schema of the place we are in
(kernel.tenancy.inside), and cannot be sent elsewhere. `owner` founds and migrates: it keeps django-tenants'
own set_schema() and takes no role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django_tenants.postgresql_backend import base as tenants
from psycopg import Connection, Error
from psycopg.pq import Format

from kernel.tenancy.backend import driver, guard
from kernel.tenancy.backend.pulse import pulse
from kernel.tenancy.router import OWNER
from kernel.tenancy.state import NoMunicipality, current_identity


class DatabaseWrapper(tenants.DatabaseWrapper):  # type: ignore[misc]
    """One thread's connection. `guarded` says which of the two kinds it is."""

    Database = driver

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        self.guarded = alias not in (OWNER, NO_DB_ALIAS)
        options = dict(settings_dict.get("OPTIONS") or {})
        if self.guarded and options.get("pool"):
            chosen = {} if options["pool"] is True else options["pool"]
            options["pool"] = {**chosen, "reset": guard.reset, "connection_class": driver.PatientConnection}
        super().__init__({**settings_dict, "OPTIONS": options}, alias)

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if self.guarded:
            server_side = params["cursor_factory"] is postgresql.ServerBindingCursor
            params["cursor_factory"] = (
                guard.GuardedServerBindingCursor if server_side else guard.GuardedCursor
            )
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        pulse.require()  # a pool would let us wait for what cannot come
        return super().get_new_connection(conn_params)

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """django-tenants' way in. A guarded connection has only one door, and says so."""
        if self.guarded and tenant.schema_name != "public":
            raise NoMunicipality("This connection enters by one door: with inside(municipality): …")
        super().set_tenant(tenant, include_public)

    def _cursor(self, name: str | None = None) -> Any:
        if not self.guarded:
            return super()._cursor(name)
        if self.connection is not None and self.connection.closed and not self.in_atomic_block:
            self.close()  # the guard closed it: begin anew rather than fail for ever
        return super(tenants.DatabaseWrapper, self)._cursor(name)

    def create_cursor(self, name: str | None = None) -> Any:
        if not (self.guarded and name):
            return super().create_cursor(name)
        make: Any = guard.GuardedServerSideCursor
        cursor = make(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)
        loader = self.connection.adapters.get_loader(postgresql.TIMESTAMPTZ_OID, Format.TEXT)
        if self.timezone != loader.timezone:
            register_tzloader(self.timezone, cursor)
        return cursor

    def is_usable(self) -> bool:
        """Django's health check. Setting the role is a round trip as good as any: one does both."""
        if not self.guarded or self.connection is None:
            return bool(super().is_usable())
        guard.forget(self.connection)
        try:
            guard.settle(self.connection, current_identity())
        except Error:
            return False
        return True

    def close_if_unusable_or_obsolete(self) -> None:
        """Asked before and after every request: a connection that has seen too much is closed as well."""
        super().close_if_unusable_or_obsolete()
        idle = self.guarded and self.connection is not None and not self.in_atomic_block
        if idle and guard.is_full(self.connection):
            self.close()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            guard.forget(self.connection)

    def _commit(self) -> None:
        super()._commit()
        if settings.CITUS:  # what was set was local to the transaction
            guard.forget(self.connection)

    def _savepoint(self, sid: str) -> None:
        with self._without_guard():
            super()._savepoint(sid)

    def _savepoint_commit(self, sid: str) -> None:
        with self._without_guard():
            super()._savepoint_commit(sid)

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            with self._without_guard():
                super()._savepoint_rollback(sid)
        finally:
            guard.forget(self.connection)

    @contextmanager
    def _without_guard(self) -> Iterator[None]:
        self.ensure_connection()
        physical: Connection[Any] = self.connection
        guard.set_unguarded(physical, True)
        try:
            yield
        finally:
            guard.set_unguarded(physical, False)
