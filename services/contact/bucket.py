"""A bucket of tokens: how many knocks a school may send at once, and how fast room for more comes back. Pure."""

from datetime import datetime


def filled(tokens: float, since: datetime, now: datetime, *, room: int, an_hour: int) -> float:
    """What stands in the bucket at `now`, of which `tokens` stood at `since`. Never more than it holds; a clock that
    went back adds nothing."""
    hours = max(0.0, (now - since).total_seconds() / 3600)
    return min(float(room), tokens + hours * an_hour)


def take_one(tokens: float) -> tuple[bool, float]:
    """Whether there was a whole token, and what is left. What is over the limit costs nothing: who waits gets in."""
    return (True, tokens - 1) if tokens >= 1 else (False, tokens)
