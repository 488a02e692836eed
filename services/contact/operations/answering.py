"""The clock of what a student writes once they have been answered: promised, answered, or read and in need of none.

The first word is promised at the knock. What is written after it would wait for as long as nobody opens it, so it gets
a promise of its own, by the same guarantee: reminded of, told to the lead and broken like any other. It goes to nobody
else while the one who has it is there. In the figures it stands apart from first contacts.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import MACHINE, Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, Unavailable
from services.contact.handover_queries import is_unread
from services.contact.models import SUBJECT, ContactRequest
from services.contact.operations.fetching import locked
from services.contact.operations.handover_ends import give_a_clock
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import next_reply, promises_of

#: How long it can be undone that something needs no answer.
UNDO_WITHIN = timedelta(minutes=1)


def promise_a_reply(request: ContactRequest, at: datetime) -> Promise | None:
    """The student (or their friend) has written at `at`: an answer is promised, unless one is already, or was and is
    late. None then, and where the calendar cannot say when: words are never refused for that.
    """
    if not request.is_open or any(_waits(one) for one in promises_of(request.pk)):
        return None
    if request.state != ContactRequest.State.ANSWERED:
        return give_a_clock(request, at)
    try:
        return promises.give(
            by=MACHINE,
            kind=Promise.Kind.REPLY,
            subject_kind=SUBJECT,
            subject_id=request.pk,
            school_id=request.school_id,
            role_id=request.role_id,
            opened_at=at,
        )
    except Unavailable:
        return None


def answer_what_was_written(by: Actor, request: ContactRequest, at: datetime) -> bool:
    """A word in the conversation, or a talk in whatever way, answers it: True when a reply was waited for."""
    waiting = next_reply(promises_of(request.pk))
    if waiting is None or not waiting.can_be_answered_at(at):
        return False
    promises.keep(by=by, promise_id=waiting.pk, at=at, outcome=Promise.Outcome.REACHED)
    return True


@transaction.atomic
def needs_no_answer(*, by: Actor, request_id: UUID) -> bool:
    """What the student wrote last was read by the one who has it, and needs no answer: nobody waits for one. A promise
    that broke before stays broken. False when none was waited for (a second click).

    Raises NotFound, NotAllowed, Conflict (closed; "unread" while there is something nobody has read).
    """
    request = locked(by, request_id, "needs_no_answer")
    if not request.is_open:
        raise Conflict(_("This is closed. The student can open it again."), code="closed")
    if is_unread(request):
        raise Conflict(_("The student has written something new. Read it first."), code="unread")
    promises.break_overdue(by=by, subject_id=request.pk)
    waiting = next_reply(promises_of(request.pk))
    if waiting is None:
        return False
    promises.lay_down(by=by, promise_id=waiting.pk, at=clock.now())
    record(by=by, verb="contact.needs_no_answer", kind=SUBJECT, object_id=request.pk)
    return True


@transaction.atomic
def undo_needs_no_answer(*, by: Actor, request_id: UUID) -> bool:
    """It was a slip: the answer is waited for again, with the same due time. True when it is; False when another has
    been promised since, or it was pressed twice.

    Raises NotFound, NotAllowed, Conflict (too late, closed).
    """
    request = locked(by, request_id, "needs_no_answer")
    known = promises_of(request.pk)
    laid = [one for one in known if one.kind == Promise.Kind.REPLY and one.ended_at is not None]
    if not request.is_open or not laid or next_reply(known) is not None:
        return False
    newest = max(laid, key=lambda one: one.ended_at or one.opened_at)
    if newest.ended_at is None or clock.now() - newest.ended_at > UNDO_WITHIN:
        raise Conflict(_("It is too late to undo this. You can still write to the student."), code="too-late")
    promises.undo_end(by=by, subject_id=request.pk, at=newest.ended_at)
    record(by=by, verb="contact.undo_needs_no_answer", kind=SUBJECT, object_id=request.pk)
    return True


def _waits(promise: Promise) -> bool:
    return promise.answered_at is None and promise.ended_at is None
