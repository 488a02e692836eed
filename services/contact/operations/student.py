"""What the student of a conversation does: open it by its code, write, ask again, withdraw."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction

from kernel import clock
from kernel.actor import Actor, student
from kernel.audit.operations import record
from kernel.crypto import receipts
from kernel.crypto.keys import keyed_hash
from kernel.errors import NotFound
from services.attachments.intake import Taken
from services.contact import notices, rules, turning_points
from services.contact.models import SUBJECT, ContactRequest, ConversationMessage
from services.contact.operations.answering import promise_a_reply
from services.contact.operations.fetching import locked
from services.contact.operations.handover_ends import close_with_request
from services.contact.operations.recording import owe
from services.contact.writing import add_message, enclose
from services.promises import operations as promises
from services.promises.models import Promise
from services.promises.queries import present, promises_of


def open_by_receipt(receipt: str) -> Actor:
    """The student of the conversation this code opens.

    Raises NotFound, the same and after the same work, for a code that is wrong, mistyped, expired or another
    municipality's: what cannot be a receipt is hashed and looked for all the same.
    """
    wanted = receipts.stored(receipt) or keyed_hash("receipt-lookup", b"\x00" + receipt[:64].encode())
    found = ContactRequest.objects.filter(receipt_hash=wanted).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound()
    return student(found)


@transaction.atomic
def student_writes(
    *,
    by: Actor,
    request_id: UUID,
    text: str = "",
    still_need_help: bool = False,
    seen_open: bool = False,
    files: Sequence[Taken] = (),
) -> ConversationMessage | None:
    """Add the student's words. "Thanks" after closing does not reopen; `still_need_help` does, with a new
    promise. Once they have been answered, an answer to what they write then is promised as well (answering.py).

    `seen_open`: the page these words were written in showed the conversation open. When it has been closed
    since, the student could not know and is not asked again: the words are stored and count as
    `still_need_help`. Text may be empty only together with `still_need_help` on a closed request, or with `files`:
    a picture can say it alone.
    """
    request = locked(by, request_id, "student_writes")
    if not (files or (still_need_help and not request.is_open)) or text.strip():
        text = rules.check_text(text)
    reopens = not request.is_open and (still_need_help or seen_open)
    at = clock.this_minute()
    if reopens:
        _reopen(by, request)
    message = None
    if text.strip() or files:
        message = add_message(request, sender=ConversationMessage.Sender.STUDENT, text=text.strip(), at=at)
        enclose(by, request, message, files)
        record(
            by=by, verb="contact.student_writes", kind=SUBJECT, object_id=request.pk, message=str(message.pk)
        )
        if not reopens:
            promise_a_reply(request, at)
            notices.student_wrote(request, message, present(promises_of(request.pk)))
    return message


def _reopen(by: Actor, request: ContactRequest) -> None:
    """Waiting again, for anybody in the role.

    A new promise; one that still stands is stricter and goes on; one that ran out and that the sweep has not
    seen yet is broken first. Each reopening is told, whatever was told about that promise before.
    """
    promises.break_overdue(by=by, subject_id=request.pk)
    request.closed_before = request.closed_at
    request.state, request.outcome, request.closed_at = ContactRequest.State.WAITING, "", None
    request.taken_by, request.taken_at = None, None
    request.save(update_fields=["state", "outcome", "closed_at", "closed_before", "taken_by", "taken_at"])
    record(by=by, verb="contact.reopen", kind=SUBJECT, object_id=request.pk)
    promise = _standing(request) or promises.give(
        by=by,
        kind=Promise.Kind.REOPENED,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        school_id=request.school_id,
        role_id=request.role_id,
        opened_at=clock.this_minute(),
    )
    notices.somebody_knocked(request, promise, cause=f"reopened:{request.pk}:{uuid4()}")


def _standing(request: ContactRequest) -> Promise | None:
    now = clock.now()
    return next((one for one in promises_of(request.pk) if one.state_at(now) == "waiting"), None)


@transaction.atomic
def withdraw(*, by: Actor, request_id: UUID) -> ContactRequest:
    """The student takes the knock back: nobody needs to answer. Again: nothing happens."""
    request = locked(by, request_id, "withdraw")
    if not request.is_open:
        return request
    at = clock.this_minute()
    promises.end(by=by, subject_id=request.pk, at=at)
    request.state, request.closed_at = ContactRequest.State.WITHDRAWN, at
    request.outcome = ContactRequest.Outcome.WITHDRAWN
    request.save(update_fields=["state", "outcome", "closed_at"])
    record(by=by, verb="contact.withdraw", kind=SUBJECT, object_id=request.pk)
    turning_points.tell_ended(by, request)
    if request.taken_by_id is not None and _was_helped(request):
        owe(request, request.taken_by_id, at)
    close_with_request(by, request)
    return request


def _was_helped(request: ContactRequest) -> bool:
    """Whether somebody has written to the student, reached them or tried to: what the law may want written down."""
    wrote = request.messages.filter(sender=ConversationMessage.Sender.HELPER)
    return wrote.exists() or request.attempts.exists()
