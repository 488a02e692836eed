"""A case goes, with everything that hangs on it: docs/how/retention.md."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto.operations import shred
from kernel.outbox import operations as outbox
from kernel.permissions import require
from services.contact import following
from services.contact.following import Going
from services.contact.models import SUBJECT, ContactRequest


@transaction.atomic
def forget(*, by: Actor, request_ids: Collection[UUID]) -> dict[str, int]:
    """Destroy the keys of these requests, then remove every row and message that hangs on them.

    Whether they may go is the caller's question, asked under the same lock. Returns table → rows that went; those
    that are gone already count nothing.
    """
    require(by, "contact.forget")
    locked = ContactRequest.objects.select_for_update().filter(pk__in=list(request_ids)).order_by("pk")
    requests = list(locked.only("pk", "case_key_id"))
    if not requests:
        return {}
    keys = tuple(request.case_key_id for request in requests)
    shred(by=by, case_key_ids=keys)
    rows = _rows(Going(tuple(request.pk for request in requests), keys))
    going = Going(tuple(request.pk for request in requests), keys, frozenset().union(*rows.values(), keys))
    gone: Counter[str] = Counter()
    for follower in following.followers():
        gone.update(follower.forget(by, going) if follower.forget else {})
    gone["outbox.Message"] += outbox.forget_about(going.ids)
    for model in following.tables():
        _all, by_table = model._base_manager.filter(pk__in=rows[model]).delete()
        gone.update(by_table)
    record(by=by, verb="contact.forget", kind=SUBJECT, object_id="all", count=len(requests))
    return {label: count for label, count in sorted(gone.items()) if count}


def _rows(going: Going) -> dict[type[Model], set[UUID]]:
    """The rows of every table that go. A promise may be about a row of another table, and that row hang on a
    third: asked until nothing more is found."""
    found: dict[type[Model], set[UUID]] = {model: set() for model in following.tables()}
    ids: frozenset[UUID] = frozenset()
    while True:
        for model in found:
            rows = following.rows_of(model, Going(going.requests, going.case_keys, ids))
            found[model] = set(model._base_manager.filter(rows).values_list("pk", flat=True))
        now = frozenset().union(*found.values())
        if now == ids:
            return found
        ids = now
