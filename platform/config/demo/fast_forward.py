"""The demo's own time: it can be moved on, never back, so that a week is lived in an hour.

How far it is ahead is one number in a file of DATA_DIR, which every process of the demo reads. `manage.py sweep` finds
what has come due meanwhile as it would after a night in which it stood still.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from kernel import clock
from kernel.guarantee import is_open, next_open
from services.promises.models import STANDING, Promise
from tenants.setup.queries import portal

FILE_NAME = "demo-ahead"
#: A demo that has run further ahead than this has lost its school year.
FURTHEST = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Leap:
    """One way to move on: its name in the form and the instant it leads to."""

    key: str
    to: datetime


def how_far() -> timedelta:
    """What the file says; nothing where there is none, or nothing to be read in it."""
    with suppress(OSError, ValueError):
        seconds = int(_file().read_text(encoding="ascii"))
        return timedelta(seconds=min(max(seconds, 0), FURTHEST.total_seconds()))
    return timedelta(0)


def leaps() -> Iterator[Leap]:
    """Where the demo's time can go from here, in the municipality we are inside, nearest first."""
    now = clock.now()
    found = [
        Leap("quarter", now + timedelta(minutes=15)),
        Leap("hour", now + timedelta(hours=1)),
        *_to_the_door(now),
        *_to_the_promise(now),
    ]
    room = now - how_far() + FURTHEST
    yield from sorted((leap for leap in found if leap.to <= room), key=lambda leap: leap.to)


def _to_the_door(now: datetime) -> Iterator[Leap]:
    """When it opens on another day, after it has closed; nothing where it never closes."""
    calendar = portal().calendar
    if calendar is None:
        return
    midnight = (now.astimezone(calendar.zone) + timedelta(days=1)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    opens = next_open(calendar, midnight)
    while opens is not None and is_open(calendar, opens - timedelta(minutes=1)):
        midnight += timedelta(days=1)
        opens = next_open(calendar, midnight) if midnight - now < FURTHEST else None
    if opens is not None:
        yield Leap("morning", opens)


def _to_the_promise(now: datetime) -> Iterator[Leap]:
    """The minute after the next promise of this municipality runs out."""
    standing = Promise.objects.filter(STANDING, due_at__gt=now).order_by("due_at")
    due = standing.values_list("due_at", flat=True).first()
    if due is not None:
        yield Leap("promise", due + timedelta(minutes=1))


def leap(key: str) -> bool:
    """Move the demo's time on; False when there is no such way (any more)."""
    found = next((one for one in leaps() if one.key == key), None)
    if found is None:
        return False
    ahead = how_far() + (found.to - clock.now())
    part = _file().with_suffix(".part")
    part.write_text(str(int(ahead.total_seconds()) + 1), encoding="ascii")
    part.replace(_file())
    return True


def _file() -> Path:
    return Path(settings.DATA_DIR) / FILE_NAME
