"""What was said to have been done about broken promises, for whoever may correct it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from kernel.actor import Actor
from kernel.audit.models import Entry
from kernel.people.models import Account
from services.insights.queries import MOST, Late, ToExplain, broken_promises
from services.promises.operations import CORRECTED_WITHIN


@dataclass(frozen=True, slots=True)
class Explained:
    """One promise, what is said of it and since when."""

    about: ToExplain
    said: str
    said_at: datetime


#: Who of those in charge said it.
type Who = Literal["you", "administrator", "lead"]


def who_said(actor: Actor, rows: Iterable[Late]) -> dict[UUID, Who]:
    """By promise, who said what stands of it: the last who said just that, as the log knows. Two queries where
    something was said, else none.
    """
    said = {str(row.id): row.explained for row in rows if row.explained}
    if not said:
        return {}
    entries = Entry.objects.filter(verb="promises.explain", object_kind="promise", object_id__in=said)
    last = {
        about: who
        for about, who, details in entries.order_by("at", "pk").values_list(
            "object_id", "actor_id", "details"
        )
        if details.get("said") == said[about]
    }
    accounts = Account.objects.filter(pk__in={who for who in last.values() if who}, is_administrator=True)
    administrators = set(accounts.values_list("pk", flat=True))
    return {
        UUID(about): "you" if who == actor.id else "administrator" if who in administrators else "lead"
        for about, who in last.items()
    }


def said_lately(actor: Actor, now: datetime) -> tuple[Explained, ...]:
    """What can still be corrected, the newest first. One query."""
    rows = broken_promises(actor).exclude(explained="").filter(explained_at__gt=now - CORRECTED_WITHIN)
    found: list[Explained] = []
    for row in rows.select_related("school", "role").order_by("-explained_at", "pk")[:MOST]:
        assert row.explained_at is not None
        found.append(Explained(ToExplain.of(row), row.explained, row.reworded_at or row.explained_at))
    return tuple(found)
