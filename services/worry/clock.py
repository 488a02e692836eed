"""What follows when nobody decided in time: a deputy of the same role and secrecy circle decides, with a clock of their
own. Is there none, the lead has been told clock and role, as of every broken promise."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.actor import MACHINE
from kernel.people.models import Account
from services.contact.handover_queries import kept_out
from services.contact.models import ContactRequest
from services.contact.wishes import hidden_ids
from services.promises.models import Promise
from services.promises.subjects import About
from services.worry import queries
from services.worry.models import Worry
from services.worry.operations.deciding import start_clock
from services.worry.operations.giving_on import go_along, make_deputy
from tenants.presence.queries import accounts, roster_now
from tenants.setup import operations as setup
from tenants.setup.actors import today

#: How long a deputy from another school holds the post that comes with a worry they decide about.
TIME_TO_FINISH = timedelta(days=13)


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
    deputy = _next(worry)
    if deputy is None:
        return
    start_clock(MACHINE, worry, clock.now())
    make_deputy(MACHINE, worry, deputy, why="promise-broken")


def moves(request: ContactRequest, role_id: UUID, school_id: UUID) -> None:
    """Its case goes to another door: the clock of an open worry goes along, and whoever has the case there decides."""
    go_along(by=MACHINE, request=request, role_id=role_id, school_id=school_id)


def _next(worry: Worry) -> Account | None:
    """Not the one who let it break, nor the deputy before, nor who has stepped aside or was told no by the student: the
    substitute of the one who has the case; else whoever of the door is there; else the first substitute of anybody at
    the door, who gets a post there for long enough.
    """
    everybody, day = roster_now(), today()
    door = (worry.request.role_id, worry.request.school_id)
    tried = {worry.request.taken_by_id, worry.deputy_id, *kept_out(worry.request_id)}
    posts = everybody.holders(*door, day)
    pool = [who for who in everybody.present(*door, day) if who not in tried]
    own = [everybody.deputy(post, day) for post in posts if post.account_id == worry.request.taken_by_id]
    here = accounts([*[who for who in own if who in pool], *pool])
    if here:
        return here[0]
    away = [who for post in posts if (who := everybody.deputy(post, day)) and who not in tried]
    substitutes = accounts([*[who for who in own if who and who not in tried], *away])
    if not substitutes:
        return None
    setup.give_post(
        account_id=substitutes[0].pk,
        role_id=door[0],
        school_id=door[1],
        ends_on=day + TIME_TO_FINISH,
        by=MACHINE,
    )
    return substitutes[0]
