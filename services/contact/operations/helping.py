"""What a helper does: take, release, reply, record a contact, close."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock, events
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from services.attachments import operations as attachments
from services.attachments.intake import Taken
from services.contact import closing, rules, turning_points
from services.contact.following import was_dealt_with
from services.contact.handover_queries import is_unread
from services.contact.holding import holder_of
from services.contact.models import (
    SUBJECT,
    TO_US,
    Channel,
    ContactAttempt,
    ContactRequest,
    ConversationMessage,
    RecordDue,
)
from services.contact.operations.answering import (
    answer_what_was_written,
    first_word_waits_again,
    promise_what_crossed,
    promise_what_waits,
)
from services.contact.operations.fetching import locked
from services.contact.operations.handover_ends import (
    close_with_request,
    first_word_was_taken_back,
    hangs_on_a_handover,
    receiver_reached_the_student,
    settle_offer,
)
from services.contact.operations.reading import log_read
from services.contact.operations.recording import Settling, owe, settle
from services.contact.operations.taking_back import CONTACT_SEEN_AFTER, time_of_its_own
from services.contact.reached import NEEDS_CONTACT, is_reached
from services.contact.writing import add_message, enclose
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import next_reply, promises_of
from tenants.presence.queries import roster_now
from tenants.setup.actors import today

#: How long taking and closing can be undone.
UNDO_WITHIN = timedelta(minutes=1)
#: The same of what came in a flood: among so many a real one is closed by mistake, and found later.
FLOOD_UNDO_WITHIN = timedelta(days=30)
#: How long a reply can be taken back.
TAKE_BACK_WITHIN = timedelta(seconds=10)
#: When its student sees it: two seconds later, so that no two clocks and no slow transaction can disagree.
SEEN_AFTER = TAKE_BACK_WITHIN + timedelta(seconds=2)
REACHED, ATTEMPTED = ContactAttempt.Outcome.REACHED, ContactAttempt.Outcome.ATTEMPTED


@dataclass(frozen=True, slots=True)
class RecordedContact:
    """The attempt;

    whether it stopped the clock (only a way the student chose does, and only one that is not older than the
    promise); the promise that runs now: the next try's, or the one this attempt is too old for.
    """

    attempt: ContactAttempt
    stopped_the_clock: bool
    next_try: Promise | None


@transaction.atomic
def take(*, by: Actor, request_id: UUID) -> ContactRequest:
    """Take the request:

    a lock with a name. Again by me: fine. Raises Conflict naming who has it, or when closed. What somebody
    left behind who answers here no more is free, and the audit says from whom it came.
    """
    request = locked(by, request_id, "take")
    _take(by, request)
    return request


def _take(by: Actor, request: ContactRequest) -> None:
    _refuse_when_closed(request)
    if request.taken_by_id == by.id:
        return
    if holder_of(request) is not None:
        raise Conflict(taken_ago(request), code="taken")
    _refuse_when_away(by)
    left_by = request.taken_by_id
    request.taken_by_id, request.taken_at = by.id, clock.now()
    if request.state == ContactRequest.State.WAITING:
        request.state = ContactRequest.State.TAKEN
    if request.held == ContactRequest.Held.HELD:  # whoever has it reads it
        request.held = ContactRequest.Held.LET_OUT
    request.save(update_fields=["state", "taken_by", "taken_at", "held"])
    taken_from = {"from": str(left_by)} if left_by is not None else {}
    record(by=by, verb="contact.take", kind=SUBJECT, object_id=request.pk, **taken_from)
    settle_offer(by, request)
    turning_points.tell_passed_on(request)
    if left_by is not None:
        turning_points.tell_news(request)


def _refuse_when_away(by: Actor) -> None:
    """Whoever is noted as away has nothing: what they took would lie free again, and they could not read it."""
    if by.id is not None and roster_now().is_away(by.id, today()):
        raise Conflict(
            _("You are noted as away today. Say under “Away?” that you are back, then take it."), code="away"
        )


def taken_ago(request: ContactRequest) -> str:
    """ "Kari took this 20 seconds ago." """
    name = request.taken_by.get_short_name() if request.taken_by else ""
    seconds = int((clock.now() - (request.taken_at or clock.now())).total_seconds())
    if seconds < 60:
        count, ago = (
            seconds,
            ngettext(
                "%(name)s took this %(n)s second ago.", "%(name)s took this %(n)s seconds ago.", seconds
            ),
        )
    elif seconds < 3600:
        count = seconds // 60
        ago = ngettext("%(name)s took this %(n)s minute ago.", "%(name)s took this %(n)s minutes ago.", count)
    else:
        count = seconds // 3600
        ago = ngettext("%(name)s took this %(n)s hour ago.", "%(name)s took this %(n)s hours ago.", count)
    return ago % {"name": name, "n": count}


def _refuse_when_closed(request: ContactRequest) -> None:
    if not request.is_open:
        raise Conflict(_("This is closed. The student can open it again."), code="closed")


@transaction.atomic
def release(*, by: Actor, request_id: UUID) -> ContactRequest:
    """Let go of what I took: it waits for anybody in the role again. The clock never stopped."""
    request = locked(by, request_id, "release")
    _refuse_when_closed(request)
    if request.taken_by is None:
        return request
    if request.taken_by_id != by.id and holder_of(request) is not None:
        raise Conflict(taken_ago(request), code="taken")
    request.taken_by_id, request.taken_at = None, None
    if request.state == ContactRequest.State.TAKEN:
        request.state = ContactRequest.State.WAITING
    request.save(update_fields=["state", "taken_by", "taken_at"])
    record(by=by, verb="contact.release", kind=SUBJECT, object_id=request.pk)
    return request


@transaction.atomic
def reply(
    *,
    by: Actor,
    request_id: UUID,
    text: str,
    can_undo: bool = False,
    files: Sequence[Taken] = (),
    answers: bool = True,
) -> ConversationMessage:
    """Write to the student, with `files` where set-up lets them. To answer is to take; files alone are no answer.
    `answers` False: it tells why a meeting is off, and what the student has written since they were answered waits on.

    Stops the clock when the student chose a conversation, or can be found nowhere else. With `can_undo` it is committed
    at once, and its student sees it SEEN_AFTER: within TAKE_BACK_WITHIN `withdraw_reply` takes it back.
    """
    request = locked(by, request_id, "reply")
    clean = rules.check_text(text)
    _take(by, request)
    now = clock.now()
    message = add_message(
        request,
        sender=ConversationMessage.Sender.HELPER,
        text=clean,
        at=now,
        account_id=by.id,
        visible_at=now + SEEN_AFTER if can_undo else None,
    )
    enclose(by, request, message, files)
    record(by=by, verb="contact.reply", kind=SUBJECT, object_id=request.pk, message=str(message.pk))
    waits = request.state != ContactRequest.State.ANSWERED or _waiting_for_an_answer(request)
    is_told_only = not answers and next_reply(promises_of(request.pk)) is not None
    if request.is_found_only_here and waits and not is_told_only:
        _attempt(by, request, kind=Channel.CONVERSATION, outcome=REACHED, at=now, as_chosen=True, now=now)
        _stop_the_clock(by, request, at=now, outcome=REACHED)
    elif not is_told_only:
        answer_what_was_written(by, request, now)
    turning_points.tell_news(request)
    return message


@transaction.atomic
def withdraw_reply(*, by: Actor, request_id: UUID, message_id: UUID) -> str:
    """Take back a reply of one's own that its student does not see yet: the message is gone, its files with it, and
    every clock it stopped runs again exactly as it did. Returns its words, for their writer.

    Raises NotFound for what is not there or another's, Conflict when it is too late, when it is closed, or when
    something has been written to the student or written down since: what answers now may be that.
    """
    request = locked(by, request_id, "withdraw_reply")
    own = ConversationMessage.objects.filter(request=request, sender=ConversationMessage.Sender.HELPER)
    message = own.select_for_update().filter(pk=message_id, account_id=_account_id(by)).first()
    if message is None:
        raise NotFound()
    is_over = message.visible_at is None or clock.now() >= message.visible_at - (
        SEEN_AFTER - TAKE_BACK_WITHIN
    )
    if is_over or message.seen_at is not None:
        raise Conflict(_("It is too late to take this back: the student can read it."), code="too-late")
    _refuse_when_closed(request)
    if own.filter(number__gt=message.number).exists():
        raise Conflict(_("A newer message has been sent. This one cannot be taken back."), code="too-late")
    if request.attempts.filter(recorded_at__gt=message.at).exclude(kind=Channel.CONVERSATION).exists():
        raise Conflict(
            _("A contact has been written down since. This cannot be taken back."), code="too-late"
        )
    if hangs_on_a_handover(request, message.number):
        raise Conflict(_("It has been handed over since. This cannot be taken back."), code="too-late")
    message.request = request
    text: str = message.text.open(log_read(by, request, "message", "holder"))
    stopped = request.attempts.filter(kind=Channel.CONVERSATION, by_id=by.id, at=message.at)
    kinds = {one.kind for one in promises_of(request.pk) if one.answered_at == message.at}
    promises.undo_keep(by=by, subject_id=request.pk, at=message.at)
    if kinds - {Promise.Kind.REPLY}:
        first_word_waits_again(by, request)
    if stopped.exists():
        stopped.delete()
        first_word_was_taken_back(by, request, message.at)
        if request.state == ContactRequest.State.ANSWERED and Promise.Kind.REPLY not in kinds:
            taken = request.taken_by_id is not None  # it may have been let go since
            request.state = ContactRequest.State.TAKEN if taken else ContactRequest.State.WAITING
            request.save(update_fields=["state"])
    attachments.remove(by=by, subject_id=message.pk)
    message.delete()
    turning_points.tell_no_news(request)
    record(by=by, verb="contact.withdraw_reply", kind=SUBJECT, object_id=request.pk, message=str(message_id))
    return text


@transaction.atomic
def record_contact(
    *,
    by: Actor,
    request_id: UUID,
    kind: str,
    outcome: str,
    at: datetime | None = None,
    can_undo: bool = False,
) -> RecordedContact:
    """Write down that the student was reached, or that it was tried. To record is to take.

    Only the way the student chose stops the clock; another way is recorded and says so (a visit too, where we were told
    neither a place nor a name: it was promised an answer in the conversation). So is a contact from
    before the minute a promise was given in (the next try's, or a reopening's): it never keeps that promise.
    A try that stops a clock starts a retry promise; one after the student was reached is written down, and undoes
    and promises nothing. `at` is aware, at most 60 minutes back. With `can_undo` its student sees it
    CONTACT_SEEN_AFTER: until two seconds before that `undo_contact` takes it back. Raises Invalid, Conflict.
    """
    request = locked(by, request_id, "record_contact")
    _check_kind(kind, outcome)
    now = clock.now()
    when = rules.check_contact_time(at, now=now, opened_at=request.opened_at)
    when = time_of_its_own(request, when)
    now = max(now, when)
    _take(by, request)
    as_chosen = kind == request.channel_kind and not request.is_found_only_here
    attempt = _attempt(
        by,
        request,
        kind=kind,
        outcome=outcome,
        at=when,
        as_chosen=as_chosen,
        now=now,
        visible_at=now + CONTACT_SEEN_AFTER if can_undo else None,
    )
    if outcome == ATTEMPTED:
        turning_points.tell_news(request)
    if not as_chosen:
        if outcome == REACHED:
            answer_what_was_written(by, request, attempt.at)
        return RecordedContact(attempt, stopped_the_clock=False, next_try=None)
    stopped = _stop_the_clock(by, request, at=when, outcome=outcome)
    runs = _waiting_for_an_answer(request)
    if runs:
        return RecordedContact(attempt, stopped, next_try=runs[0])
    next_try = _promise_next_try(by, request, now) if stopped and outcome == ATTEMPTED else None
    return RecordedContact(attempt, stopped, next_try)


def _check_kind(kind: str, outcome: str) -> None:
    errors = []
    if kind not in Channel.values:
        errors.append(FieldError("kind", _("Choose how you reached the student.")))
    elif kind == Channel.CONVERSATION:
        errors.append(
            FieldError("kind", _("Write in the conversation instead: that is what reaches the student."))
        )
    if outcome not in ContactAttempt.Outcome.values:
        errors.append(FieldError("outcome", _("Choose whether you reached the student or tried to.")))
    if errors:
        raise Invalid(errors)


def _attempt(
    by: Actor,
    request: ContactRequest,
    *,
    kind: str,
    outcome: str,
    at: datetime,
    as_chosen: bool,
    now: datetime,
    visible_at: datetime | None = None,
) -> ContactAttempt:
    attempt = ContactAttempt.objects.create(
        request=request,
        by_id=_account_id(by),
        kind=kind,
        outcome=outcome,
        as_chosen=as_chosen,
        at=at,
        recorded_at=now,
        visible_at=visible_at,
    )
    record(
        by=by,
        verb="contact.record_contact",
        kind=SUBJECT,
        object_id=request.pk,
        channel=kind,
        outcome=outcome,
        as_chosen=as_chosen,
    )
    return attempt


def _stop_the_clock(by: Actor, request: ContactRequest, *, at: datetime, outcome: str) -> bool:
    """Answer every promise that still waits for one (the broken as well) and is not younger than the contact.

    True when there was any. Answered is a request when none waits any more.
    """
    waiting = _waiting_for_an_answer(request)
    answered = [promise for promise in waiting if promise.can_be_answered_at(at)]
    for promise in answered:
        promises.keep(by=by, promise_id=promise.pk, at=at, outcome=outcome)
    none_waits = len(answered) == len(waiting)
    if outcome == REACHED and none_waits and request.state != ContactRequest.State.ANSWERED:
        request.state = ContactRequest.State.ANSWERED
        request.save(update_fields=["state"])
    receiver_reached_the_student(by, request, answered, at)
    if outcome == REACHED:
        promise_what_crossed(request, answered, at)
    if answered:
        events.emit(events.ContactMade(request_id=str(request.pk), outcome=outcome))
    return bool(answered)


def _waiting_for_an_answer(request: ContactRequest) -> list[Promise]:
    """Promises nobody has answered, newest first: those that run, and the broken."""
    return [one for one in promises_of(request.pk) if one.answered_at is None and one.ended_at is None]


def _promise_next_try(by: Actor, request: ContactRequest, now: datetime) -> Promise:
    return promises.give(
        by=by,
        kind=Promise.Kind.RETRY,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        school_id=request.school_id,
        role_id=request.role_id,
        opened_at=now,
    )


def _account_id(by: Actor) -> UUID:
    if by.id is None:
        raise ValueError("a helper has an account")
    return by.id


@transaction.atomic
def close(
    *,
    by: Actor,
    request_id: UUID,
    outcome: str,
    said: Settling | None = None,
    although: Collection[str] = (),
    unless_waiting: bool = False,
) -> ContactRequest:
    """Close with an outcome. Ends the tries, and the wait for a reply; never stops the clock of a first contact that
    was not made.

    That the student got help, or gets it elsewhere, can only be said once somebody has reached them since they were
    last promised a word (reached.py). Where the law wants a record elsewhere, it is due from now on, or settled at
    once by what is `said` of it. What a room above keeps open about it stays so, and is said yes to by name: `although`
    (closing.py). Raises Invalid (outcome), Conflict: the code of what nobody said yes to; "unread" while the student
    has written what nobody who answers has opened, but for what came in a flood and still stands there; "waiting" while
    the student waits for contact or a reply, for whoever closes `unless_waiting`.
    """
    request = locked(by, request_id, "close")
    if outcome not in ContactRequest.Outcome.values or not outcome:
        raise Invalid([FieldError("outcome", _("Choose how it ended."))])
    is_flood = request.held == ContactRequest.Held.HELD
    _take(by, request)
    if outcome in NEEDS_CONTACT and not is_reached(request):
        raise Invalid(outcome=_("The student still waits for a word. Answer, or note how you reached them."))
    closing.ask(by, request, although)
    if not is_flood and is_unread(request):
        raise Conflict(_("The student has written something new. Read it first, then close."), code="unread")
    if unless_waiting and closing.waits_for(request.pk):
        raise Conflict(_("The student still waits for a word. Answer first, then close."), code="waiting")
    now = clock.now()
    promises.end(by=by, subject_id=request.pk, kinds=(Promise.Kind.RETRY, Promise.Kind.REPLY), at=now)
    request.closed_from = request.state
    request.state, request.outcome, request.closed_at = ContactRequest.State.CLOSED, outcome, now
    request.save(update_fields=["closed_from", "state", "outcome", "closed_at"])
    record(by=by, verb="contact.close", kind=SUBJECT, object_id=request.pk, outcome=outcome)
    close_with_request(by, request)
    turning_points.tell_ended(by, request)
    due = owe(request, _account_id(by), now) if _was_read(request) else None
    if due is not None and said:
        settle(by, request, due, said)
    return request


def opens_again_until(request: ContactRequest) -> datetime | None:
    """Until when what came in a flood, and was closed by a helper as none of a student's, can be opened again by
    helpers; None for everything else. Whom anybody has ever spoken with was a student, and is theirs alone."""
    is_closed = request.state == ContactRequest.State.CLOSED and bool(request.closed_from)
    if not is_closed or request.held == ContactRequest.Held.NO or request.closed_at is None:
        return None
    return None if _was_spoken_with(request) else request.closed_at + FLOOD_UNDO_WITHIN


def _was_spoken_with(request: ContactRequest) -> bool:
    """Whether anybody wrote to its student, tried to reach them or passed them on, at any time; or had to do with them
    in a room above.
    """
    by_helpers = request.messages.filter(sender=ConversationMessage.Sender.HELPER)
    spoken = by_helpers.exists() or request.attempts.exists() or request.handovers.exists()
    return spoken or was_dealt_with(request)


def _was_read(request: ContactRequest) -> bool:
    """Whether there is anything to record: what came in a flood, and nobody opened or answered, is nobody's work."""
    if request.held == ContactRequest.Held.NO or _was_spoken_with(request):
        return True
    return request.messages.filter(sender__in=TO_US, seen_at__isnull=False).exists()


@transaction.atomic
def undo_close(*, by: Actor, request_id: UUID) -> ContactRequest:
    """Take one's own closing back, within a minute: state, tries and what was due are as they were before it. What came
    in a flood and was real after all, whoever answers at its door takes back within 30 days: then it is theirs.

    Open meanwhile (the student asked again, or it was pressed twice): nothing happens. Raises Conflict when it is
    too late, or was another's to undo.
    """
    request = locked(by, request_id, "undo_close")
    if request.closed_at is None:
        return request
    closed_at, now = request.closed_at, clock.now()
    is_mine = request.state == ContactRequest.State.CLOSED and request.taken_by_id == by.id
    is_at_once = is_mine and bool(request.closed_from) and now - closed_at <= UNDO_WITHIN
    until = opens_again_until(request)
    if not is_at_once and (until is None or now > until):
        raise Conflict(
            _("It is too late to undo this. The student can still open it again."), code="too-late"
        )
    if not is_at_once:
        _refuse_when_away(by)
        request.taken_by_id, request.taken_at = by.id, now
    RecordDue.objects.filter(request=request, since=closed_at, settled="").delete()  # what was written stays
    if is_at_once:  # a next try that was due long ago is not promised anew
        promises.undo_end(by=by, subject_id=request.pk, at=closed_at)
    request.state, request.closed_from = request.closed_from, ""
    request.outcome, request.closed_at = "", None
    request.save(update_fields=["closed_from", "state", "outcome", "closed_at", "taken_by", "taken_at"])
    record(by=by, verb="contact.undo_close", kind=SUBJECT, object_id=request.pk)
    promise_what_waits(request)
    turning_points.tell_undone(by, request, closed_at)
    return request
