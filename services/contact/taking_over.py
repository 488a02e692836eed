"""Who takes a request over that nobody answers, by the roster: somebody of its role and circle, and never nobody."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count

from kernel.actor import MACHINE
from kernel.errors import Invalid
from kernel.people.models import Account
from services.contact.handover_queries import kept_out
from services.contact.models import ContactRequest
from tenants.presence.queries import accounts, roster_now
from tenants.setup import operations as setup
from tenants.setup.actors import today

#: How long a substitute from another school holds the post that comes with a request they take over.
TIME_TO_FINISH = timedelta(days=13)


def who_takes_over(request: ContactRequest) -> Account | None:
    """Not the one who let it break: their substitute who stands in at the door; else whoever of the door is there
    with the fewest open requests; else the first substitute of anybody at the door, who gets a post there for
    long enough to finish it. Nobody who has stepped aside, nor to whom the student said no. None: nobody is there.
    """
    everybody, day = roster_now(), today()
    before, aside = request.taken_by_id, kept_out(request.pk)
    door = (request.role_id, request.school_id)
    posts = everybody.holders(*door, day)
    pool = [who for who in everybody.present(*door, day) if who != before and who not in aside]
    own = [
        who for post in posts if post.account_id == before and (who := everybody.deputy(post, day)) in pool
    ]
    here = accounts([*own, *_least_burdened_first(pool)])
    if here:
        return here[0]
    deputies = (everybody.deputy(post, day) for post in posts)
    substitutes = accounts(who for who in deputies if who and who != before and who not in aside)
    return next((who for who in substitutes if _gets_a_post(who, request, day + TIME_TO_FINISH)), None)


def _gets_a_post(who: Account, request: ContactRequest, last_day: date) -> bool:
    """False where set-up refuses it: a closed school or role, a neighbour's role without an agreement."""
    try:
        setup.give_post(
            account_id=who.pk, role_id=request.role_id, school_id=request.school_id, ends_on=last_day, by=MACHINE
        )  # fmt: skip
    except Invalid:
        return False
    return True


def _least_burdened_first(pool: list[UUID]) -> list[UUID]:
    rows = ContactRequest.objects.filter(taken_by_id__in=pool, closed_at__isnull=True)
    counted = dict(rows.values_list("taken_by_id").annotate(n=Count("pk")))
    return sorted(pool, key=lambda who: counted.get(who, 0))
