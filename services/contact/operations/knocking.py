"""A knock: accepted once, with its promise and the notices, in one transaction."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock, events
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.crypto import receipts
from kernel.crypto.keys import keyed_hash, new_case_key
from kernel.errors import Conflict, FieldError, Invalid, violated
from kernel.permissions import require
from kernel.tenancy import require_current
from services.contact import case_numbers, notices, rules, wishes
from services.contact.confirming import Confirmed
from services.contact.models import SUBJECT, Channel, ContactRequest, ConversationMessage
from services.contact.operations.flooding import comes_in_a_flood
from services.contact.promise_text import promise_text
from services.contact.writing import add_message
from services.promises.models import Promise
from services.promises.operations import give
from tenants.setup.queries import portal

KEY_KEPT = timedelta(hours=48)
_DRAWS = 40


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the student gets: shown only once the transaction is committed.

    `is_open` is False when the same knock came again after it was withdrawn or closed: nobody answers by
    `due_at` then, and a page says so instead.
    """

    request_id: UUID
    case_number: str
    receipt: str
    due_at: datetime
    promise_text: str
    is_open: bool = True


class _KnockedBefore(Exception):
    """The same key was accepted by somebody a moment ago: our own transaction is undone."""


def knock(
    *,
    by: Actor,
    idempotency_key: str,
    school_id: UUID | None,
    role_id: UUID | None,
    channel_kind: str,
    channel_value: str = "",
    message: str = "",
    name: str = "",
    preferred_times: str = "",
    language: str = "",
    discreet: bool = True,
    work: str = "",
    person_id: UUID | None = None,
    not_them: Sequence[UUID] = (),
    home_school_id: UUID | None = None,
    topic: str = "",
    spoken: str = "",
    interpreter: bool = False,
    say_instead: str = "",
    eid: bool = False,
    confirmed: Confirmed | None = None,
) -> Accepted:
    """Accept a student's knock. The same key and words again give the same answer, receipt and all.

    Also when the role or the school has closed since: the key is looked up before the door is asked. Raises
    Invalid with every wrong field; Conflict for the same key with other words. Nobody holding the role today
    is no reason to refuse: the leads are told instead. `work` is what the page's challenge was answered with; without
    it, or when many knock at once, it may be read apart from the others, and is promised like any other.

    `person_id`: for whom it is first; `not_them`: who must never learn of it; `home_school_id`: the student's school,
    when `school_id` is another that is open to them, and nobody of their own may know.

    `eid`: the student has said who they are by an eID, and `confirmed` is who that is: their name, whatever was typed.
    Without it (any more) nothing is accepted under their name: Invalid (eid).
    """
    require(by, "contact.knock")
    if not rules.is_idempotency_key(idempotency_key):
        raise Invalid([FieldError("idempotency_key", _("Use a UUID, or 16 to 64 letters and digits."))])
    sent = rules.Said(
        school_id=school_id,
        role_id=role_id,
        channel_kind=channel_kind,
        channel_value=channel_value,
        message=message,
        name=name,
        preferred_times=preferred_times,
        language=language,
        discreet=discreet,
        person_id=person_id,
        not_them=tuple(not_them),
        home_school_id=home_school_id,
        topic=topic,
        spoken=spoken,
        interpreter=interpreter,
        say_instead=say_instead,
        eid=eid,
    )
    key_hash, body_hash = _hashes(idempotency_key, sent)
    known = _answer_again(idempotency_key, key_hash, body_hash)
    if known is not None:
        return known
    said = rules.check_knock(portal(), sent)
    if eid:
        said = replace(said, name=_name_of(confirmed))
    try:
        with transaction.atomic():
            held = comes_in_a_flood(school_id=said.school_id, work=work)
            request, promise = _accept(by, idempotency_key, key_hash, body_hash, said, held)
            if eid and confirmed is not None:
                confirmed.keep(by, request)
    except _KnockedBefore:
        known = _answer_again(idempotency_key, key_hash, body_hash)
        if known is None:
            raise Conflict(_("This code was used before. Start again."), code="key-used") from None
        return known
    return _accepted(request, promise, idempotency_key)


def _name_of(confirmed: Confirmed | None) -> str:
    if confirmed is None:
        raise Invalid(eid=_("Say who you are once more, or continue without."))
    return confirmed.name


def _hashes(key: str, sent: rules.Said) -> tuple[bytes, bytes]:
    return (
        keyed_hash("idempotency", b"key\x00" + key.encode()),
        keyed_hash("idempotency", b"body\x00" + sent.canonical()),
    )


def _answer_again(key: str, key_hash: bytes, body_hash: bytes) -> Accepted | None:
    """The answer given before, None when there was none. Raises Conflict when the words were others."""
    request = ContactRequest.objects.filter(
        idempotency_hash=key_hash, idempotency_until__gt=clock.now()
    ).first()
    if request is None:
        return None
    if not hmac.compare_digest(bytes(request.body_hash or b""), body_hash):
        raise Conflict(_("Something else was sent with this before. Start again."), code="key-used")
    promise = Promise.objects.get(subject_id=request.pk, kind=Promise.Kind.FIRST_CONTACT)
    return _accepted(request, promise, key)


def _accepted(request: ContactRequest, promise: Promise, key: str) -> Accepted:
    return Accepted(
        request_id=request.pk,
        case_number=request.case_number,
        receipt=receipts.derive(key),
        due_at=promise.due_at,
        promise_text=promise_text(
            promise.due_at,
            said_at=promise.opened_at,
            timezone=require_current().timezone,
            language=request.language,
            here=request.is_found_only_here and request.channel_kind != Channel.CONVERSATION,
        ),
        is_open=request.is_open,
    )


def _accept(
    by: Actor, key: str, key_hash: bytes, body_hash: bytes, said: rules.Knock, held: bool
) -> tuple[ContactRequest, Promise]:
    request = _insert(key, key_hash, body_hash, said, held)
    wishes.keep(request, said)
    if said.message:
        add_message(
            request, sender=ConversationMessage.Sender.STUDENT, text=said.message, at=request.opened_at
        )
    promise = give(
        by=by,
        kind=Promise.Kind.FIRST_CONTACT,
        subject_kind=SUBJECT,
        subject_id=request.pk,
        school_id=request.school_id,
        role_id=request.role_id,
        opened_at=request.opened_at,
    )
    record(
        by=by,
        verb="contact.knock",
        kind=SUBJECT,
        object_id=request.pk,
        school=str(request.school_id),
        role=str(request.role_id),
        channel=request.channel_kind,
        **({"held": True} if held else {}),
    )
    notices.somebody_knocked(request, promise)
    events.emit(events.ContactRequested(request_id=str(request.pk)))
    return request, promise


def _insert(key: str, key_hash: bytes, body_hash: bytes, said: rules.Knock, held: bool) -> ContactRequest:
    """The row, with a case number nobody has. Raises _KnockedBefore when the key or its receipt is taken."""
    request = ContactRequest(
        school_id=said.school_id,
        role_id=said.role_id,
        case_key=new_case_key(),
        channel_kind=said.channel_kind,
        channel_value=said.channel_value or None,
        name=said.name or None,
        preferred_times=said.preferred_times or None,
        discreet=said.discreet,
        held=ContactRequest.Held.HELD if held else ContactRequest.Held.NO,
        language=said.language,
        opened_at=clock.this_minute(),
        receipt_hash=receipts.stored(receipts.derive(key)),
        idempotency_hash=key_hash,
        body_hash=body_hash,
        idempotency_until=clock.this_minute() + KEY_KEPT,
    )
    for attempt in range(_DRAWS):
        request.case_number = case_numbers.draw(attempt)
        try:
            with transaction.atomic():
                request.save(force_insert=True)
        except IntegrityError as error:
            if violated(error) == "a_case_number_names_one_request":
                continue
            if violated(error) in ("a_knock_is_accepted_once", "a_receipt_opens_one_request"):
                raise _KnockedBefore from None
            raise
        return request
    raise RuntimeError("no free case number was drawn")
