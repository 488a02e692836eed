"""The one clock. Everything that asks what time it is asks here, so that tests can stand it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_pretended: ContextVar[datetime | None] = ContextVar("kernel.clock.pretended", default=None)


def now() -> datetime:
    """The present instant, aware, UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretend(instant: datetime) -> Iterator[None]:
    """Act as if it were `instant` (aware): how a demo gets a past. Only in demo and tests."""
    from django.conf import settings

    if not (settings.DEMO or settings.TESTING):
        raise RuntimeError("Only a demo or a test may pretend what time it is.")
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)


def minute(instant: datetime) -> datetime:
    """`instant` to the minute, downwards. A student's act is stored no finer (docs/how/security.md 6)."""
    return instant.replace(second=0, microsecond=0)


def this_minute() -> datetime:
    """The present minute, aware, UTC."""
    return minute(now())
