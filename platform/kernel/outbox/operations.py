"""Queue, send, try again, give up aloud. The only code that writes messages."""

import json
import logging
import smtplib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.utils import translation

from kernel import clock, jobs
from kernel.crypto import keys
from kernel.outbox import rendering, texting
from kernel.outbox.addressees import Addressee, Outcome, address_of, tell_over
from kernel.outbox.models import Message
from kernel.people.models import Account

log = logging.getLogger("lavterskel.outbox")

#: Minutes until the next attempt, by how many have failed; then every four hours.
WAIT_MINUTES = (1, 5, 15, 60, 120)
LATER_MINUTES = 240
GIVE_UP_AFTER = timedelta(hours=24)
KEEP_SENT = timedelta(days=30)
_PURPOSE = "outbox"
#: A refusal of our own sign-in at the mail server is our fault, not the address's: it is tried again.
_OUR_FAULT = (530, 534, 535, 538)


def queue(
    *,
    cause: str,
    to: Account | Addressee | str,
    template: str,
    language: str = "",
    context: dict[str, str | int] | None = None,
    channel: str = Message.Channel.EMAIL,
    not_before: datetime | None = None,
    discreet: bool = False,
) -> Message | None:
    """Put one message in the outbox, in the caller's transaction, and wake the sender up after it commits.

    `to` is an account, a bare address, or a room's row that is asked for the address when it is sent. `not_before` is
    on a whole minute: until then it waits, and the sweep finds it. `template` is `app/name`
    (templates/app/mail/name.txt). `context` holds codes and links, never a name, school, topic or content. `discreet`:
    to a student, whose mail names no service by its sender; what goes to a room's row always is. Returns
    None when this cause was told to this recipient before, and for an account that is deactivated.
    """
    account = to if isinstance(to, Account) else None
    if account is not None and not account.is_active:
        return None
    later = to if isinstance(to, Addressee) else None
    where = "" if account or later else str(to).strip().lower()
    named = f"{later.room}:{later.row_id}" if later else where
    message = Message(
        cause=cause,
        recipient=str(account.pk) if account else keys.keyed_hash(_PURPOSE, named.encode()).hex(),
        channel=channel,
        account=account,
        template=template,
        language=language or (account.language if account else "") or _language_here(),
    )
    if not_before is not None:
        message.next_attempt_at = clock.minute(not_before)
    message.sealed = _seal(message, where, context or {}, later, discreet=discreet)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if not Message.objects.filter(pk=message.pk).exists():
        return None
    if not_before is None:
        jobs.defer("outbox.send", message_id=str(message.pk))
    return message


def _language_here() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _seal(
    message: Message,
    where: str,
    context: dict[str, str | int],
    later: Addressee | None = None,
    *,
    discreet: bool = False,
) -> bytes:
    said: dict[str, Any] = {"to": where, "context": context, "discreet": discreet or later is not None}
    if later is not None:
        said["later"] = [later.room, str(later.row_id)]
    return keys.seal_box(_PURPOSE, json.dumps(said).encode(), about=str(message.pk))


@dataclass(frozen=True, slots=True)
class _Opened:
    """What a message that is still to be sent has inside. `to` is "" where a room is asked (`later`)."""

    to: str
    context: dict[str, Any]
    later: Addressee | None
    discreet: bool


def _open(message: Message) -> _Opened:
    found = json.loads(keys.open_box(_PURPOSE, bytes(message.sealed or b""), about=str(message.pk)))
    room, row_id = found.get("later") or ("", "")
    return _Opened(
        message.account.email if message.account else found["to"],
        found["context"],
        Addressee(room, UUID(row_id)) if room else None,
        found.get("discreet", bool(room)),
    )


def send_all_due(limit: int = 100) -> int:
    """Send what is due here, at most `limit`; how many left the house. Safe to run twice at once.

    What goes wrong with one message stops none of the others.
    """
    due = Message.objects.filter(state=Message.State.QUEUED, next_attempt_at__lte=clock.now())
    ids = list(due.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])
    return sum(_sent_or_logged(pk) for pk in ids)


def _sent_or_logged(message_id: UUID) -> bool:
    try:
        return send_one(message_id)
    except Exception as error:
        log.error("message %s: %s", message_id, type(error).__name__)  # its text could hold an address
        return False


def send_one(message_id: UUID) -> bool:
    """Send one message if it is due and nobody else is at it. True when it was handed to the mail server.

    The row is claimed (its next attempt moved on) and committed before the wire is touched, so that no
    lock waits for a mail server; a sender that dies leaves a message that is tried again. Whatever goes wrong
    on the way to the server is a failed attempt.
    """
    message = _claim(message_id)
    if message is None:
        return False
    if message.account and message.account.is_invented and not (settings.DEMO or settings.TESTING):
        _finish(message, Message.State.SKIPPED)
        return False
    later = None
    try:
        opened = _open(message)
        later = opened.later
        to = address_of(later) if later else opened.to
        if to:
            _send(message, to, opened)
    except Exception as error:
        _failed(message, error, later)
        return False
    with transaction.atomic():  # both or neither: a room that is not told would wait for ever
        _finish(message, Message.State.SENT if to else Message.State.SKIPPED)
        _tell_over(message, later, "sent" if to else "skipped")
    return bool(to)


def _tell_over(message: Message, later: Addressee | None, outcome: Outcome) -> None:
    """Tell the room. What it cannot take in keeps no message going for ever: the message stands as given up, where
    those that do not get through are shown, and is not sent again.
    """
    try:
        with transaction.atomic():
            tell_over(later, outcome)
    except Exception as error:
        log.error("message %s: its room: %s", message.pk, type(error).__name__)
        message.state, message.sent_at, message.last_error = (
            Message.State.FAILED,
            None,
            type(error).__name__[:80],
        )
        message.save(update_fields=["state", "sent_at", "last_error"])


def _send(message: Message, to: str, opened: _Opened) -> None:
    """By its channel. A text message is the first paragraph of what a mail would say."""
    if message.channel == Message.Channel.SMS:
        _subject, text = rendering.render(message.template, message.language, opened.context)
        texting.send(to, text.partition("\n\n")[0].strip())
        return
    about = (message.template, message.language, to, opened.context, str(message.pk))
    _hand_over(rendering.mail(*about, discreet=opened.discreet))


def _hand_over(mail: EmailMultiAlternatives) -> None:
    """To the mail server of the settings. Raises OSError, SMTPException, or ValueError for a bad address."""
    mailers.default.send_messages([mail])


def _claim(message_id: UUID) -> Message | None:
    now = clock.now()
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("account")
            .filter(pk=message_id, state=Message.State.QUEUED, next_attempt_at__lte=now)
            .first()
        )
        if message is None:
            return None
        message.next_attempt_at = _next_attempt(now, message.attempts)
        message.attempts += 1
        message.save(update_fields=["attempts", "next_attempt_at"])
    return message


def _next_attempt(now: datetime, failed_before: int) -> datetime:
    """When it is tried again, on a whole minute: the seconds would tell when a student knocked.

    Rounded upwards, so that nobody tries again while the first is still talking to the server.
    """
    minutes = WAIT_MINUTES[failed_before] if failed_before < len(WAIT_MINUTES) else LATER_MINUTES
    return clock.minute(now + timedelta(minutes=minutes, seconds=59, microseconds=999_999))


def _finish(message: Message, state: Message.State) -> None:
    message.state, message.sealed, message.last_error = state, None, ""
    message.sent_at = clock.this_minute() if state == Message.State.SENT else None
    message.save(update_fields=["state", "sealed", "sent_at", "last_error"])


@transaction.atomic
def _failed(message: Message, error: Exception, later: Addressee | None) -> None:
    """Remember the class of the failure; give up at a refusal for good, or after a day.

    A ValueError (UnicodeError among them) is one for good: what cannot be written down today cannot tomorrow.
    """
    code = _refused_for_good(error)
    hopeless = bool(code) or isinstance(error, ValueError | texting.Refused)
    message.last_error = f"{type(error).__name__} {code or ''}".strip()[:80]
    if hopeless or clock.now() - message.created_at >= GIVE_UP_AFTER:
        message.state = Message.State.FAILED
        message.sealed = _address_alone(message)
    message.save(update_fields=["state", "sealed", "last_error"])
    if message.state == Message.State.FAILED:
        _tell_over(message, later, "failed")


def _address_alone(message: Message) -> bytes | None:
    """What stays sealed of a message that is given up: whom it was for, if that is no account's."""
    try:
        where = "" if message.account else _open(message).to
    except Exception:  # it cannot be opened: that may be why it failed
        return None
    return _seal(message, where, {}) if where else None


def _refused_for_good(error: Exception) -> int:
    """The SMTP code of a refusal that no second attempt will change, else 0."""
    codes: Iterable[int] = ()
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    for code in codes:
        if 500 <= code < 600 and code not in _OUR_FAULT:
            return code
    return 0


def tidy() -> int:
    """Forget what was sent or skipped more than thirty days ago; how many."""
    old = Message.objects.filter(
        state__in=[Message.State.SENT, Message.State.SKIPPED], created_at__lt=clock.now() - KEEP_SENT
    )
    return old.delete()[0]


def forget_about(ids: Collection[UUID]) -> int:
    """Remove every message whose cause names one of these ids, sent or not; how many.

    One that is being handed to the mail server at this moment is waited for by nobody: it carries no content.
    """
    if not ids:
        return 0
    return Message.objects.filter(cause__regex="|".join(sorted(map(str, ids)))).delete()[0]


def forget_recipient(account_id: UUID) -> int:
    """Remove every message to an account, sent or not; how many."""
    return Message.objects.filter(account_id=account_id).delete()[0]
