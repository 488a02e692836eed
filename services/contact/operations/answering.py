"""The clock of what a student writes once they have been answered: promised, answered, or read and in need of none.

The first word is promised at the knock. What is written after it would wait for as long as nobody opens it, so it gets
a promise of its own, by the same guarantee: reminded of, told to the lead and broken like any other. It goes to nobody
else while the one who has it is there. In the figures it stands apart from first contacts.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict
from services.contact import notices
from services.contact.handover_queries import is_unread, unread
from services.contact.models import SUBJECT, TO_US, ContactRequest, ConversationMessage
from services.contact.operations.fetching import locked
from services.contact.operations.handover_ends import give_a_clock
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import next_reply, promises_of

#: How long it can be undone that something needs no answer.
UNDO_WITHIN = timedelta(minutes=1)
#: What is promised because a student asked; a next try and the word of a new adult go on from it.
ASKED = (Promise.Kind.FIRST_CONTACT, Promise.Kind.REOPENED, Promise.Kind.REPLY)
#: Words that are older were written while another promise stood.
OLD = timedelta(hours=1)


def promise_a_reply(request: ContactRequest, at: datetime) -> Promise | None:
    """The student (or their friend) has written at `at`: an answer is promised, unless one is already, or was and is
    late. None then, and where the calendar cannot say when: words are never refused for that.
    """
    if not request.is_open or any(_waits(one) for one in promises_of(request.pk)):
        return None
    if request.state != ContactRequest.State.ANSWERED:
        return give_a_clock(request, at)
    return give_a_clock(request, at, Promise.Kind.REPLY)


def promise_what_crossed(
    request: ContactRequest, answered: Iterable[Promise], at: datetime
) -> Promise | None:
    """What reached the student at `at` answers what these promises were given for. What the student wrote after it, or
    so shortly before that nobody had opened it, it does not: that is promised an answer.
    """
    given, known = [one.opened_at for one in answered], promises_of(request.pk)
    if not given or not request.is_open or any(_waits(one) for one in known):
        return None
    newer = ConversationMessage.objects.filter(
        request=request, sender__in=TO_US, is_apart=False, number__gt=_asked(request, known, min(given))
    ).order_by("number")
    unopened = Q(pk__in=unread().filter(request=request).values("pk"))
    crossed = newer.filter(unopened | Q(at__gt=clock.minute(at))).first()
    return give_a_clock(request, _not_long_ago(crossed.at), Promise.Kind.REPLY) if crossed else None


def _asked(request: ContactRequest, known: Iterable[Promise], given: datetime) -> int:
    """The number of the words that a clock given then is about: those of the knock, of asking again, or the first ones
    after an answer. 0: none were written.
    """
    asks = (one for one in known if one.kind in ASKED and one.opened_at <= given)
    at = max((one.opened_at for one in asks), default=request.opened_at)
    words = ConversationMessage.objects.filter(request=request, sender__in=TO_US)
    of_it = words.filter(at=at) if at > request.opened_at else words.filter(at__lte=request.opened_at)
    return of_it.order_by("number").values_list("number", flat=True).first() or 0


def promise_what_waits(request: ContactRequest) -> Promise | None:
    """An act was undone beside which the student wrote: what nobody has opened has a clock, and whoever has the request
    is told.
    """
    if not request.is_open or any(_waits(one) for one in promises_of(request.pk)):
        return None
    words = unread().filter(request=request).order_by("number").first()
    if words is None:
        return None
    promise = promise_a_reply(request, _not_long_ago(words.at))
    notices.student_wrote(request, words, promise)
    return promise


def first_word_waits_again(by: Actor, request: ContactRequest) -> None:
    """What answered the first word was taken back: what was written meanwhile waits for that word, not for another."""
    promises.end(by=by, subject_id=request.pk, kinds=(Promise.Kind.REPLY,), at=clock.now())


def _not_long_ago(at: datetime) -> datetime:
    """A clock runs from when the words were written; of old words, which another promise was given for, from now on."""
    return max(at, clock.minute(clock.now() - OLD))


def answer_what_was_written(by: Actor, request: ContactRequest, at: datetime) -> bool:
    """A word in the conversation, or a talk in whatever way, answers it: True when a reply was waited for."""
    waiting = next_reply(promises_of(request.pk))
    if waiting is None or not waiting.can_be_answered_at(at):
        return False
    promises.keep(by=by, promise_id=waiting.pk, at=at, outcome=Promise.Outcome.REACHED)
    promise_what_crossed(request, [waiting], at)
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
    by_closing = (request.closed_at, request.closed_before)
    laid = [
        one for one in known if one.kind == Promise.Kind.REPLY and one.ended_at not in (None, *by_closing)
    ]
    if not request.is_open or not laid or any(_waits(one) for one in known):
        return False
    newest = max(laid, key=lambda one: one.ended_at or one.opened_at)
    if newest.ended_at is None or _has_heard_since(known, newest.ended_at):
        return False
    if clock.now() - newest.ended_at > UNDO_WITHIN:
        raise Conflict(_("It is too late to undo this. You can still write to the student."), code="too-late")
    promises.undo_end(by=by, subject_id=request.pk, at=newest.ended_at)
    record(by=by, verb="contact.undo_needs_no_answer", kind=SUBJECT, object_id=request.pk)
    return True


def _has_heard_since(known: Iterable[Promise], at: datetime) -> bool:
    """Whether anything promised was answered after it: then nothing of before waits."""
    return any(one.answered_at is not None and one.answered_at > at for one in known)


def _waits(promise: Promise) -> bool:
    return promise.answered_at is None and promise.ended_at is None
