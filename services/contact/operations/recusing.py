"""Stepping aside from a request without saying why, and taking that back within ten seconds."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from kernel.people.models import Account
from kernel.permissions import require
from services.contact import notices, turning_points
from services.contact.models import SUBJECT, ContactRequest, RecordDue, Recusal
from services.contact.operations.answering import promise_what_waits
from services.contact.operations.fetching import account_of, locked
from services.contact.operations.handing_on import give_to
from services.contact.operations.handover_ends import give_a_clock, settle_offer
from services.contact.taking_over import who_takes_over
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import present, promises_of

UNDO_WITHIN = timedelta(seconds=10)


@transaction.atomic
def recuse(*, by: Actor, request_id: UUID) -> Recusal:
    """I should not have this one: from now on it is not there for me, and nobody is told that I said so.

    What I had is free again at its door, also what is closed: a student who asks again finds who answers. Nobody else
    there: a substitute gets it, and where there is none those in charge are told. Again: fine. Raises NotFound;
    Conflict while I owe a record of it, which nobody else could write.
    """
    aside = _standing(by, request_id)
    if aside is not None:
        return aside
    request = locked(by, request_id, "recuse")
    if RecordDue.objects.filter(request=request, settled="", holder_id=by.id).exists():
        raise Conflict(_("First say where this was recorded, or why it need not be."), code="record-due")
    now, had_it = clock.now(), request.taken_by_id == by.id
    recusal = Recusal.objects.create(request=request, account_id=account_of(by), had_it=had_it, at=now)
    record(by=by, verb="contact.recuse", kind=SUBJECT, object_id=request.pk, had_it=had_it)
    if request.is_open and (had_it or request.taken_by_id is None):
        _free(request, recusal)
    elif had_it:
        give_to(request, None)
    settle_offer(by, request)
    return recusal


def _free(request: ContactRequest, recusal: Recusal) -> None:
    """At its door again, with a clock that runs, and never nobody's."""
    if recusal.had_it:
        give_to(request, None)
        give_a_clock(request, recusal.at)
    promise = present(promises_of(request.pk))
    if promise is None or (promise.answered_at or promise.ended_at) is not None:
        return
    if notices.those_responsible(request, promise.due_at):
        if recusal.had_it:
            notices.somebody_knocked(request, promise, cause=f"free-again:{request.pk}:{uuid4()}")
        return
    taker = who_takes_over(request)
    if taker is None:
        notices.somebody_knocked(request, promise, cause=f"free-again:{request.pk}:{uuid4()}")
        return
    give_to(request, taker)
    turning_points.tell_news(request)
    notices.handed_to(taker, request, promise, cause=f"free-again:{request.pk}:{uuid4()}")


@transaction.atomic
def undo_recusal(*, by: Actor, request_id: UUID) -> bool:
    """It was a slip: the request is there for me again; True when it is mine again, because nobody took it.

    Raises NotFound, Conflict (more than ten seconds ago).
    """
    request = ContactRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    recusal = _standing(by, request_id)
    if request is None or recusal is None:
        raise NotFound()
    require(by, "contact.undo_recusal", recusal)
    now = clock.now()
    if now - recusal.at > UNDO_WITHIN:
        raise Conflict(_("The ten seconds are over. It stays as it is."), code="too_late")
    recusal.undone_at = now
    recusal.save(update_fields=["undone_at"])
    record(by=by, verb="contact.undo_recusal", kind=SUBJECT, object_id=request.pk)
    if not recusal.had_it or request.taken_by_id is not None:
        return False
    given = Promise.objects.filter(
        subject_id=request.pk, kind=Promise.Kind.HANDOVER, opened_at=recusal.at
    ).exists()
    if given:
        promises.end(by=by, subject_id=request.pk, kinds=(Promise.Kind.HANDOVER,), at=now)
    give_to(request, Account.objects.get(pk=account_of(by)))
    settle_offer(by, request)
    promise_what_waits(request)
    return True


def _standing(by: Actor, request_id: UUID) -> Recusal | None:
    if by.id is None:
        return None
    own = Recusal.objects.filter(request_id=request_id, account_id=by.id, by_student=False)
    return own.filter(undone_at__isnull=True).first()
