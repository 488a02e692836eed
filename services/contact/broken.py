"""What follows when the promise about a contact request breaks: somebody of the same role and secrecy circle who
is there takes over by themselves; is there nobody, it is free and all who may answer are told. Another role
learns nothing: it is offered to the student."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Count

from kernel.actor import MACHINE
from kernel.audit.operations import record
from kernel.people.models import Account
from services.contact import notices
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations.handing_on import give_to
from services.contact.queries import holder_of
from services.promises.models import Promise
from services.promises.subjects import About
from tenants.presence.queries import accounts, roster_now
from tenants.setup import operations as setup
from tenants.setup.actors import today

#: How long a substitute from another school holds the post that comes with a request they take over.
TIME_TO_FINISH = timedelta(days=13)


def lock(request_id: UUID) -> bool:
    """Lock the request before its promise, as every helper's act does; False when somebody is at it now."""
    return ContactRequest.objects.select_for_update(skip_locked=True).filter(pk=request_id).exists()


def describe(request_id: UUID) -> About:
    """What a reminder may say of the request: its number, who has it today, and whether anybody waits."""
    request = ContactRequest.objects.select_related("taken_by").get(pk=request_id)
    holder = holder_of(request)
    return About(request.case_number, holder.pk if holder else None, request.is_open)


def on_broken(promise: Promise) -> None:
    """Runs in the transaction that marks the promise. A closed request stays closed; an answered one stays
    with the one who has it, if that one is still there.
    """
    request = ContactRequest.objects.select_for_update(of=("self",)).get(pk=promise.subject_id)
    if not request.is_open:
        return
    if request.state == ContactRequest.State.ANSWERED and holder_of(request) is not None:
        notices.still_waiting(request, promise)
        return
    before = request.taken_by_id
    taker = _who_takes_over(request)
    if taker is not None:
        give_to(request, taker)
        note = {"from": str(before)} if before else {}
        record(
            by=MACHINE,
            verb="contact.take_over",
            kind=SUBJECT,
            object_id=request.pk,
            to=str(taker.pk),
            why="promise-broken",
            **note,
        )
        notices.yours_now(taker, request, promise)
        return
    if before is not None:
        give_to(request, None)
        record(by=MACHINE, verb="contact.release", kind=SUBJECT, object_id=request.pk, why="promise-broken")
    notices.still_waiting(request, promise)


def _who_takes_over(request: ContactRequest) -> Account | None:
    """Not the one who let it break: their substitute who stands in at the door; else whoever of the door is there
    with the fewest open requests; else the first substitute of anybody at the door, who gets a post there for
    long enough to finish it. None: nobody is there.
    """
    everybody, day, before = roster_now(), today(), request.taken_by_id
    door = (request.role_id, request.school_id)
    posts = everybody.holders(*door, day)
    pool = [who for who in everybody.present(*door, day) if who != before]
    own = [
        who for post in posts if post.account_id == before and (who := everybody.deputy(post, day)) in pool
    ]
    here = accounts([*own, *_least_burdened_first(pool)])
    if here:
        return here[0]
    substitutes = accounts(who for post in posts if (who := everybody.deputy(post, day)) and who != before)
    if not substitutes:
        return None
    setup.give_post(
        account_id=substitutes[0].pk,
        role_id=request.role_id,
        school_id=request.school_id,
        ends_on=day + TIME_TO_FINISH,
        by=MACHINE,
    )
    return substitutes[0]


def _least_burdened_first(pool: list[UUID]) -> list[UUID]:
    rows = ContactRequest.objects.filter(taken_by_id__in=pool, closed_at__isnull=True)
    counted = dict(rows.values_list("taken_by_id").annotate(n=Count("pk")))
    return sorted(pool, key=lambda who: counted.get(who, 0))
