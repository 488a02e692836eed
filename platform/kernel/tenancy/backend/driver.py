"""What Django needs of psycopg, with a connection that never waits for a frozen server (pulse.py)."""

from typing import Any, Self

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout

from kernel.tenancy.backend.pulse import NoAnswer, pulse, watched

#: What a probe needs of a connection's parameters: where and who, nothing of how rows are read.
_NOT_FOR_A_PROBE = {"context", "cursor_factory", "row_factory", "prepare_threshold", "autocommit"}


class PatientConnection(psycopg.Connection[Any]):
    """psycopg's connection. One whose server does not answer is closed, and raises NoAnswer."""

    _parameters: dict[str, Any]

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        """Raises NoAnswer at once while the server is known to be silent."""
        pulse.require()
        where = {key: value for key, value in options.items() if key not in _NOT_FOR_A_PROBE}
        if conninfo:
            where["conninfo"] = conninfo
        try:
            made = super().connect(conninfo, **options)
        except ConnectionTimeout as error:
            pulse.ask(where, silent=True)
            raise NoAnswer() from error
        made._parameters = where
        return made

    def wait[R](self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        try:
            return super().wait(watched(gen, self._parameters), interval=interval, timeout=timeout)
        except NoAnswer:
            self.pgconn.finish()
            raise


def connect(**options: Any) -> PatientConnection:
    """`psycopg.connect`, patient."""
    return PatientConnection.connect(**options)


def __getattr__(name: str) -> Any:
    """Everything else is psycopg's own: its exceptions, Binary…"""
    return getattr(psycopg, name)
