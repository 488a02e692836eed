"""A contact that was written down by a slip is taken back: for ten seconds, before its student sees any of it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from services.contact import turning_points
from services.contact.models import (
    SUBJECT,
    ContactAttempt,
    ContactRequest,
    ConversationMessage,
    Handover,
)
from services.contact.operations.answering import first_word_waits_again
from services.contact.operations.fetching import account_of, locked
from services.contact.operations.handover_ends import first_word_was_taken_back
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import promises_of

#: How long a contact can be taken back: as long as a reply. Its student is not to wait longer for what is true.
CONTACT_UNDO_WITHIN = timedelta(seconds=10)
#: When its student sees it: two seconds later, so that no two clocks and no slow transaction can disagree.
CONTACT_SEEN_AFTER = CONTACT_UNDO_WITHIN + timedelta(seconds=2)


def time_of_its_own(request: ContactRequest, at: datetime) -> datetime:
    """`at`, or the first microsecond after it at which nothing else was written down of this locked request: what each
    of them answered is told by it when one is taken back. A clock time is typed to the minute, and may be said twice.
    """
    while request.attempts.filter(at=at).exists():
        at += timedelta(microseconds=1)
    return at


@transaction.atomic
def undo_contact(*, by: Actor, request_id: UUID, attempt_id: UUID) -> ContactRequest:
    """Take back a contact of one's own that was written down by a slip, for ten seconds: it is gone, what it answered
    waits again with the same due time, and the next try that it promised was never promised. Whoever took the request
    by it has it still.

    Raises NotFound for what is not there or another's, Conflict when it is too late, when it is closed, or when
    something has been written to the student, written down or handed over since: that counts on it.
    """
    request = locked(by, request_id, "undo_contact")
    own = ContactAttempt.objects.select_for_update().filter(request=request, by_id=account_of(by))
    attempt = own.filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound()
    _refuse_what_stands(request, attempt)
    at, recorded_at = attempt.at, attempt.recorded_at
    attempt.delete()
    next_tries = Promise.objects.filter(
        subject_id=request.pk, kind=Promise.Kind.RETRY, opened_at__gte=recorded_at
    )
    for promise in next_tries:
        promises.undo_give(by=by, promise_id=promise.pk)
    kinds = {one.kind for one in promises_of(request.pk) if one.answered_at == at}
    waits_again = promises.undo_keep(by=by, subject_id=request.pk, at=at, marked_since=recorded_at)
    if waits_again:
        first_word_was_taken_back(by, request, at)
    if kinds - {Promise.Kind.REPLY}:
        first_word_waits_again(by, request)
    if waits_again and Promise.Kind.REPLY not in kinds and request.state == ContactRequest.State.ANSWERED:
        is_taken = request.taken_by_id is not None  # it may have been let go since
        request.state = ContactRequest.State.TAKEN if is_taken else ContactRequest.State.WAITING
        request.save(update_fields=["state"])
    turning_points.tell_no_news(request)
    record(by=by, verb="contact.undo_contact", kind=SUBJECT, object_id=request.pk, attempt=str(attempt_id))
    return request


def _refuse_what_stands(request: ContactRequest, attempt: ContactAttempt) -> None:
    is_over = attempt.visible_at is None or clock.now() >= attempt.visible_at - (
        CONTACT_SEEN_AFTER - CONTACT_UNDO_WITHIN
    )
    if is_over:
        why = _("It is too late to take this back: the student can see it.")
    elif not request.is_open:
        why = _("This is closed. The student can open it again.")
    elif _written_down_since(request, attempt):
        why = _("A contact has been written down since. This cannot be taken back.")
    elif _written_since(request, attempt.recorded_at):
        why = _("A newer message has been sent. This one cannot be taken back.")
    elif _handed_over_since(request, attempt.recorded_at):
        why = _("It has been handed over since. This cannot be taken back.")
    else:
        return
    raise Conflict(why, code="too-late")


def _written_down_since(request: ContactRequest, attempt: ContactAttempt) -> bool:
    return request.attempts.filter(recorded_at__gte=attempt.recorded_at).exclude(pk=attempt.pk).exists()


def _written_since(request: ContactRequest, at: datetime) -> bool:
    return request.messages.filter(sender=ConversationMessage.Sender.HELPER, at__gte=at).exists()


def _handed_over_since(request: ContactRequest, at: datetime) -> bool:
    since = Q(offered_at__gte=at) | Q(accepted_at__gte=at)
    return Handover.objects.filter(since, request=request).exists()
