"""What a knock must be, and what it says in one canonical form. Pure: the door is given as a value."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from kernel.errors import FieldError, Invalid
from services.contact.models import Channel
from tenants.setup.portal import Portal, SchoolDoor

MESSAGE_LIMIT = 10_000
VALUE_LIMIT = 200
NAME_LIMIT = 200
TIMES_LIMIT = 500
#: The student says where; nothing to type is needed for these.
NEEDS_NO_VALUE = (Channel.CONVERSATION, Channel.VISIT)
#: How far back a contact may be recorded (4-guarantee.md).
RECORDED_WITHIN = timedelta(minutes=60)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Knock:
    """Everything a student said, checked."""

    school_id: UUID
    role_id: UUID
    channel_kind: str
    channel_value: str
    message: str
    name: str
    preferred_times: str
    language: str

    def canonical(self) -> bytes:
        """The same bytes for the same words, whatever order or line ends they came in."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str).encode()


def tidy(text: str | None) -> str:
    """Without the signs no keyboard makes, one kind of line end, nothing around."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def is_idempotency_key(key: str) -> bool:
    """A UUID, or 16 to 64 letters, digits, - and _."""
    return _KEY.fullmatch(key) is not None


def check_knock(
    door: Portal,
    *,
    school_id: UUID | None,
    role_id: UUID | None,
    channel_kind: str,
    channel_value: str,
    message: str,
    name: str,
    preferred_times: str,
    language: str,
) -> Knock:
    """The knock, or Invalid with everything that is wrong and what to do about it.

    A school that is the only one, and a role that is the only one there, need not be said.
    """
    errors: list[FieldError] = []
    school = _school(door, school_id, errors)
    chosen_role = _role(school, role_id, errors) if school else None
    value = tidy(channel_value)
    errors += _channel_errors(channel_kind, value)
    texts = {"message": tidy(message), "name": tidy(name), "preferred_times": tidy(preferred_times)}
    errors += _length_errors({**texts, "channel_value": value})
    spoken = language or door.default_language
    if spoken not in door.language_codes:
        errors.append(FieldError("language", _("Choose one of the languages here.")))
    if errors or school is None or chosen_role is None:
        raise Invalid(errors)
    return Knock(
        school_id=school.id,
        role_id=chosen_role,
        channel_kind=channel_kind,
        channel_value="" if channel_kind == Channel.CONVERSATION else value,
        language=spoken,
        **texts,
    )


def _school(door: Portal, school_id: UUID | None, errors: list[FieldError]) -> SchoolDoor | None:
    if school_id is None and len(door.schools) == 1:
        return door.schools[0]
    found = door.school(school_id) if school_id else None
    if found is None:
        errors.append(FieldError("school", _("Choose your school.")))
    return found


def _role(school: SchoolDoor, role_id: UUID | None, errors: list[FieldError]) -> UUID | None:
    if role_id is None and len(school.roles) == 1:
        return school.roles[0].id
    if role_id is None or school.role(role_id) is None:
        errors.append(FieldError("role", _("Choose who you want to talk to.")))
        return None
    return role_id


def _channel_errors(kind: str, value: str) -> list[FieldError]:
    if kind not in Channel.values:
        return [FieldError("channel", _("Choose how we can reach you."))]
    if kind in NEEDS_NO_VALUE:
        return []
    if not value:
        return [FieldError("channel_value", _("Write how we can reach you."))]
    if kind == Channel.EMAIL and not _is_email(value):
        return [FieldError("channel_value", _("Write an e-mail address, like name@example.com."))]
    if kind in (Channel.PHONE, Channel.SMS) and not 5 <= sum(sign.isdigit() for sign in value) <= 20:
        return [FieldError("channel_value", _("Write a phone number with at least 5 digits."))]
    return []


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


_LIMITS = {
    "message": MESSAGE_LIMIT,
    "name": NAME_LIMIT,
    "preferred_times": TIMES_LIMIT,
    "channel_value": VALUE_LIMIT,
}


def _length_errors(texts: dict[str, str]) -> list[FieldError]:
    return [
        FieldError(field, too_long(len(text), _LIMITS[field]))
        for field, text in texts.items()
        if len(text) > _LIMITS[field]
    ]


def too_long(length: int, limit: int) -> str:
    """How long it is, how long it may be; nothing is cut off."""
    return _("This is %(length)s signs long. There is room for %(limit)s. Make it a little shorter.") % {
        "length": length,
        "limit": limit,
    }


def check_text(text: str, field: str = "text") -> str:
    """One message of a conversation, tidied. Raises Invalid when empty or longer than there is room for."""
    clean = tidy(text)
    if not clean:
        raise Invalid([FieldError(field, _("Write something first."))])
    if len(clean) > MESSAGE_LIMIT:
        raise Invalid([FieldError(field, too_long(len(clean), MESSAGE_LIMIT))])
    return clean


def check_contact_time(at: datetime | None, *, now: datetime, opened_at: datetime) -> datetime:
    """When contact was made: not in the future, not before the knock, at most 60 minutes back."""
    when = at or now
    if when.tzinfo is None:
        raise Invalid([FieldError("at", _("Say which time zone the time is in."))])
    if when > now:
        raise Invalid([FieldError("at", _("This time has not come yet. Write when it happened."))])
    if when < now - RECORDED_WITHIN:
        raise Invalid([FieldError("at", _("Record a contact within 60 minutes. This is longer ago."))])
    if when < opened_at:
        raise Invalid([FieldError("at", _("This is before the student knocked. Write when it happened."))])
    return when
