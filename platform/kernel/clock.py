"""The one clock. Everything that asks what time it is asks here, so that tests can stand it still."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_pretended: ContextVar[datetime | None] = ContextVar("kernel.clock.pretended", default=None)
_ahead: list[Callable[[], timedelta]] = []


def now() -> datetime:
    """The present instant, aware, UTC."""
    pretended = _pretended.get()
    if pretended is not None:
        return pretended
    return datetime.now(UTC) + _ahead[0]() if _ahead else datetime.now(UTC)


def wall() -> datetime:
    """What other clocks say, aware, UTC: for what a library or a phone has stamped. As `now`, but in a demo."""
    return _pretended.get() or datetime.now(UTC)


def run_ahead(how_far: Callable[[], timedelta]) -> None:
    """From now on this process's time is that much ahead, asked each time: how a demo lives fast. Only in a demo."""
    from django.conf import settings

    if not settings.DEMO:
        raise RuntimeError("Only a demo may run ahead of the time it is.")
    _ahead[:] = [how_far]


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
