"""Which messages do not get through. For the administrator's and the operator's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.outbox.models import Message

#: From this many failed attempts on, a message that is still tried is shown as one in trouble.
IN_TROUBLE = 2


@dataclass(frozen=True, slots=True)
class Failing:
    """One message in trouble. `to` is the account's address, "" for a bare one (it is sealed)."""

    message_id: UUID
    to: str
    template: str
    since: datetime
    attempts: int
    error: str
    given_up: bool


def unreached(account_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the accounts whose newest message that was sent or given up was given up. One query."""
    tried = Message.objects.filter(
        account_id__in=list(account_ids), state__in=(Message.State.SENT, Message.State.FAILED)
    )
    newest = tried.order_by("account_id", "-created_at", "-pk").distinct("account_id")
    return {
        who
        for who, state in newest.values_list("account_id", "state")
        if state == Message.State.FAILED and who
    }


def failing(limit: int = 50) -> list[Failing]:
    """Messages given up, and those that failed at least twice and are still tried; the newest first."""
    troubled = Message.objects.filter(state=Message.State.FAILED) | Message.objects.filter(
        state=Message.State.QUEUED, attempts__gte=IN_TROUBLE
    )
    rows = troubled.select_related("account").order_by("-created_at", "pk")[:limit]
    return [
        Failing(
            message_id=row.pk,
            to=row.account.email if row.account else "",
            template=row.template,
            since=row.created_at,
            attempts=row.attempts,
            error=row.last_error,
            given_up=row.state == Message.State.FAILED,
        )
        for row in rows
    ]
