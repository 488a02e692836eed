"""What follows when nobody decided in time: a deputy of the same role and secrecy circle decides, with a clock of their
own. Is there none, the lead has been told clock and role, as of every broken promise."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.actor import MACHINE
from services.contact.handover_queries import kept_out
from services.contact.models import ContactRequest
from services.contact.wishes import hidden_ids
from services.promises.models import Promise
from services.promises.subjects import About
from services.worry import queries
from services.worry.models import Worry
from services.worry.next_in_order import next_in_order
from services.worry.operations.deciding import start_clock
from services.worry.operations.giving_on import go_along, make_deputy
from services.worry.operations.leaving import hand_on_with_case


def lock(worry_id: UUID) -> bool:
    """Lock the worry before its promise, as every act on it does; False when somebody is at it now."""
    return Worry.objects.select_for_update(skip_locked=True).filter(pk=worry_id).exists()


def describe(worry_id: UUID) -> About:
    """What a reminder may say of it: the number of its case, who decides, and whether anybody waits."""
    worry = Worry.objects.select_related("request__taken_by").get(pk=worry_id)
    apart = kept_out(worry.request_id)
    return About(worry.request.case_number, queries.decides_now(worry), worry.is_open, apart=apart)


def hidden_from(account_id: UUID) -> QuerySet[Any, Any]:
    """Those of requests that are not there for this person."""
    return Worry.objects.filter(request__in=hidden_ids(account_id)).values("pk")


def on_broken(promise: Promise) -> None:
    """Runs in the transaction that marks the promise. Closed stays closed."""
    rows = Worry.objects.select_for_update(of=("self",)).select_related("request__taken_by")
    worry = rows.get(pk=promise.subject_id)
    if not worry.is_open:
        return
    deputy = next_in_order(worry)
    if deputy is None:
        return
    start_clock(MACHINE, worry, clock.now())
    make_deputy(MACHINE, worry, deputy, why="promise-broken")


def moves(request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """Its case goes to another door: the clock of an open worry goes along, and whoever has the case there decides."""
    go_along(by=MACHINE, request=request, role_id=role_id, school_id=school_id)


def left(request: ContactRequest) -> None:
    """Whoever had its case answers there no more: an open worry of it does not stay with them."""
    hand_on_with_case(by=MACHINE, request=request)
