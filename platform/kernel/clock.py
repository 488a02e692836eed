"""The one clock. Everything that asks what time it is asks here, so that tests can stand it still."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def minute(instant: datetime) -> datetime:
    """`instant` to the minute, downwards. A student's act is stored no finer (5-security.md 6)."""
    return instant.replace(second=0, microsecond=0)


def this_minute() -> datetime:
    """The present minute, aware, UTC."""
    return minute(now())
