"""Ending what is over: one case at a time, each in a transaction of its own, under the lock of its request.

Stop it anywhere and run it again; two at once divide the work. Who reopens in the last second holds the lock or waits
for it: then the case is open when we ask, or gone when they write.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.permissions import require
from services.contact.following import holds_on
from services.contact.models import ContactRequest
from services.contact.operations import forget
from services.promises.models import Promise
from services.promises.queries import first_contact, promises_of
from services.retention import queries, terms
from services.retention.models import ErasureWish, Method, RetentionRule, Tally, Tombstone
from tenants.setup.actors import today

log = logging.getLogger("lavterskel.retention")

#: Cases ended in one run; the next run goes on.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How many ended, and how many whose time is over were held."""

    gone: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Ends:
    """Why a case ends now, and how."""

    cause: str
    method: str
    rule: RetentionRule | None


def sweep(*, by: Actor, limit: int = BATCH) -> Swept:
    """End what is over and what its student wished gone, at most `limit`. What is held stays for the next run."""
    require(by, "retention.sweep")
    gone = held = 0
    for request_id in _candidates():
        if gone >= limit:
            break
        try:
            came = _end(by, request_id)
        except Exception as error:  # one bad case must never keep the others waiting
            log.error("Case %s cannot end: %s", request_id, type(error).__name__)
            continue
        gone, held = gone + (came == "gone"), held + (came == "held")
    if held or gone:
        record(by=by, verb="retention.sweep", kind="tombstone", object_id="all", gone=gone, held=held)
    return Swept(gone, held)


def _candidates() -> list[UUID]:
    """Ids alone, oldest first; wishes before what time ends."""
    wished = ErasureWish.objects.filter(taken_back_at__isnull=True, goes_at__lte=clock.now())
    first = list(wished.order_by("goes_at").values_list("request_id", flat=True))
    rest = queries.may_be_due(today()).order_by("closed_at", "pk").values_list("pk", flat=True)
    return [*first, *(pk for pk in rest if pk not in set(first))]


@transaction.atomic
def _end(by: Actor, request_id: UUID) -> str:
    """One case. "busy": somebody has it under their hands; "not yet": it is open, or its time is not over."""
    request = ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).first()
    if request is None:
        return "busy"
    ends = _why_now(request)
    if ends is None:
        return "not yet"
    if holds_on(request):
        return "held"
    if ends.method == Method.ANONYMISE:
        _count(request)
    law = queries.law_of(request.outcome)
    stone = Tombstone.objects.create(
        gone_on=today(),
        cause=ends.cause,
        method=ends.method,
        law=f"{law.country}:{law.outcome}",
        rule=ends.rule,
    )
    forget(by=by, request_ids=[request.pk])
    record(
        by=by,
        verb="retention.end",
        kind="tombstone",
        object_id=stone.pk,
        cause=ends.cause,
        method=ends.method,
    )
    return "gone"


def _why_now(request: ContactRequest) -> Ends | None:
    if request.closed_at is None:
        return None
    wish = queries.wish_of(request.pk)
    if wish is not None and wish.goes_at <= clock.now():
        return Ends(Tombstone.Cause.WISH, Method.DELETE, None)
    rules = queries.all_rules()
    day = queries.goes_on(request, rules)
    if day is None or day > today():
        return None
    rule = terms.in_force(rules, request.outcome, clock.now())
    known = next((one for one in rules if one is rule), None)
    method = terms.term(queries.law_of(request.outcome), rule).method
    return Ends(Tombstone.Cause.TIME, method, known)


def _count(request: ContactRequest) -> None:
    """One more in the tally of its month, door and ending."""
    promise = first_contact(promises_of(request.pk))
    tally, _new = Tally.objects.get_or_create(
        month=queries.local_day(request.opened_at).replace(day=1),
        school_id=request.school_id,
        role_id=request.role_id,
        outcome=request.outcome,
        promise=_kept(promise),
        defaults={"count": 0},
    )
    Tally.objects.filter(pk=tally.pk).update(count=F("count") + 1)


def _kept(promise: Promise | None) -> str:
    if promise is None:
        return "none"
    if promise.kept_at is not None:
        return "kept"
    return "broken" if promise.broken_at is not None else "none"
