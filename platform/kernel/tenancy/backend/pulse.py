"""Whether the database server lives, for a client that waits for it.

A server that is gone refuses at once. One that is frozen (a stopped process, a hung disk, a network that
swallows packets) says nothing, for ever. Slow is not frozen: a statement that waits for a lock may wait. So
nobody has a time limit; who has waited `DATABASE_PATIENCE` seconds without a byte asks for the pulse. One
thread of this process then tries a connection of its own, again and again, until one succeeds. While it has
not, whoever waits gives up, and whoever would begin is refused at once.
"""

import logging
import threading
import time
from collections.abc import Generator
from typing import Any

from django.conf import settings
from psycopg import Connection, Error, OperationalError
from psycopg.abc import PQGen

log = logging.getLogger("lavterskel.database")

PAUSE = 0.5  # seconds between two tries of the probe


class NoAnswer(OperationalError):
    """The server is there and says nothing. What was sent may still be done when it wakes."""

    def __init__(self) -> None:
        super().__init__("the database server does not answer")


class Pulse:
    """The one knowledge of this process about its server: alive until a probe has failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._probe: threading.Thread | None = None
        self._told = threading.Event()
        self._silent = False

    @property
    def is_silent(self) -> bool:
        """A probe has failed, and goes on. (After a fork there is no probe: then nothing is known.)"""
        return self._silent and self._probe is not None and self._probe.is_alive()

    def ask(self, parameters: dict[str, Any], *, silent: bool = False) -> None:
        """Begin to probe, unless somebody does. `silent`: a connection has just been tried in vain."""
        with self._lock:
            if self._probe is not None and self._probe.is_alive():
                return
            self._silent = silent
            self._told = threading.Event()
            self._probe = threading.Thread(
                target=self._until_it_answers, args=(parameters, self._told), name="pulse", daemon=True
            )
            self._probe.start()

    def require(self) -> None:
        """Before a new connection: raises NoAnswer at once while the server is silent.

        The first verdict of a probe that has just begun is waited for: it takes the patience at most.
        """
        probe = self._probe
        if probe is None or not probe.is_alive():
            return
        if not self._silent:
            self._told.wait(settings.DATABASE_PATIENCE + 1)
        if self.is_silent:
            raise NoAnswer()

    def _until_it_answers(self, parameters: dict[str, Any], told: threading.Event) -> None:
        said = False
        while True:
            try:
                Connection.connect(**{**parameters, "connect_timeout": settings.DATABASE_PATIENCE}).close()
                break
            except Error:
                self._silent = True
                told.set()
            if not said:
                log.error("The database server does not answer; asking it again until it does")
                said = True
            time.sleep(PAUSE)
        self._silent = False
        told.set()
        if said:
            log.error("The database server answers again")


pulse = Pulse()


def watched[R](answer: PQGen[R], parameters: dict[str, Any]) -> Generator[Any, Any, R]:
    """psycopg's waiting for one answer, which gives up (NoAnswer) when the server has no pulse.

    psycopg wakes it every tenth of a second in which nothing came.
    """
    began = time.monotonic()
    try:
        waits_for = next(answer)
        while True:
            ready = yield waits_for
            if not ready:
                if pulse.is_silent:
                    raise NoAnswer()
                if time.monotonic() - began > settings.DATABASE_PATIENCE:
                    pulse.ask(parameters)
            waits_for = answer.send(ready)
    except StopIteration as done:
        result: R = done.value
        return result
