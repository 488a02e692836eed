"""What was said to have been done about broken promises, for whoever may correct it."""

from dataclasses import dataclass
from datetime import datetime

from kernel.actor import Actor
from services.insights.queries import MOST, ToExplain, broken_promises
from services.promises.operations import CORRECTED_WITHIN


@dataclass(frozen=True, slots=True)
class Explained:
    """One promise, what is said of it and since when."""

    about: ToExplain
    said: str
    said_at: datetime


def said_lately(actor: Actor, now: datetime) -> tuple[Explained, ...]:
    """What can still be corrected, the newest first. One query."""
    rows = broken_promises(actor).exclude(explained="").filter(explained_at__gt=now - CORRECTED_WITHIN)
    found: list[Explained] = []
    for row in rows.select_related("school", "role").order_by("-explained_at", "pk")[:MOST]:
        assert row.explained_at is not None
        found.append(Explained(ToExplain.of(row), row.explained, row.reworded_at or row.explained_at))
    return tuple(found)
