"""What a knock must be, and what it says in one canonical form. Pure: the door is given as a value."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.errors import FieldError, Invalid
from services.contact.models import Channel
from services.contact.whom import is_open_to, staff_of, stands_on_them, whoever_holds_a_post
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.tongues import TONGUES
from tenants.setup.topics import TOPICS

MESSAGE_LIMIT = 10_000
VALUE_LIMIT = 200
NAME_LIMIT = 200
TIMES_LIMIT = 500
#: The student says where; nothing to type is needed for these.
NEEDS_NO_VALUE = (Channel.CONVERSATION, Channel.VISIT)
#: Somebody else may pick up: what shall be said to them?
SAYS_INSTEAD = (Channel.PHONE, Channel.SMS)
#: How far back a contact may be recorded (docs/how/guarantee.md).
RECORDED_WITHIN = timedelta(minutes=60)
SAY_LIMIT = 200
#: How many a student may keep out of one knock: more than any school has adults to choose from.
KEPT_OUT_LIMIT = 50
#: What may be said since there was more to choose: unsaid, a knock reads as it did before.
_SAID_SINCE = frozenset(
    ("person_id", "not_them", "home_school_id", "topic", "spoken", "interpreter", "say_instead", "eid")
)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
#: Unicode's embeddings, overrides and isolates, which turn round what stands beside them; and the empty sign.
_NO_KEYBOARD_MAKES = dict.fromkeys((0, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, slots=True)
class Knock:
    """Everything a student said, checked against the door as it is now."""

    school_id: UUID
    role_id: UUID
    channel_kind: str
    channel_value: str
    message: str
    name: str
    preferred_times: str
    language: str
    discreet: bool = True
    person_id: UUID | None = None
    not_them: tuple[UUID, ...] = ()
    home_school_id: UUID | None = None
    topic: str = ""
    spoken: str = ""
    interpreter: bool = False
    say_instead: str = ""


def tidy(text: str | None) -> str:
    """Without the signs no keyboard makes, one kind of line end, nothing around.

    Marks of direction (U+200E, U+200F) and joiners stay: they are typed, and turn nothing round.
    """
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").translate(_NO_KEYBOARD_MAKES).strip()


def is_idempotency_key(key: str) -> bool:
    """A UUID, or 16 to 64 letters, digits, - and _."""
    return _KEY.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class Said:
    """What a student has said so far, as typed. Ids that are no ids are None."""

    school_id: UUID | None = None
    role_id: UUID | None = None
    channel_kind: str = ""
    channel_value: str = ""
    message: str = ""
    name: str = ""
    preferred_times: str = ""
    language: str = ""
    discreet: bool = True
    person_id: UUID | None = None
    not_them: tuple[UUID, ...] = ()
    home_school_id: UUID | None = None
    topic: str = ""
    spoken: str = ""
    interpreter: bool = False
    say_instead: str = ""
    eid: bool = False

    def canonical(self) -> bytes:
        """The same bytes for the same words as sent, whatever line ends they came in.

        The door has no part in it (what is open today changes), nor has the language of the page.
        """
        words = {
            name: tidy(value) if isinstance(value, str | None) else value
            for name, value in asdict(self).items()
        }
        del words["language"]
        if words["discreet"]:  # said before there was a choice: the same words
            del words["discreet"]
        words = {name: value for name, value in words.items() if value or name not in _SAID_SINCE}
        return json.dumps(words, sort_keys=True, ensure_ascii=False, default=str).encode()


def school_of(door: Portal, said: Said) -> SchoolDoor | None:
    """The school said; the only one need not be said."""
    if said.school_id is None:
        return door.schools[0] if len(door.schools) == 1 else None
    return door.school(said.school_id)


def role_of(door: Portal, said: Said) -> RoleAtSchool | None:
    """The role said, at the school said, also where nobody is there now: a cry for help is never turned away.

    The only one offered there need not be said.
    """
    school = school_of(door, said)
    if school is None:
        return None
    if said.role_id is None:
        return school.roles[0] if len(school.roles) == 1 else None
    return school.any_role(said.role_id)


def problems(door: Portal, said: Said) -> list[FieldError]:
    """Everything that is wrong or missing, with what to do about it; empty when it can be sent."""
    errors: list[FieldError] = []
    if school_of(door, said) is None:
        errors.append(FieldError("school", _("Choose your school.")))
    elif role_of(door, said) is None:
        errors.append(FieldError("role", _("Choose who you want to talk to.")))
    errors += _whom_errors(door, said)
    errors += _channel_errors(said.channel_kind, tidy(said.channel_value))
    errors += _length_errors(said)
    if (said.language or door.default_language) not in door.door_languages:
        errors.append(FieldError("language", _("Choose one of the languages here.")))
    return errors


def check_knock(door: Portal, said: Said) -> Knock:
    """The knock, tidied. Raises Invalid with every problem."""
    errors = problems(door, said)
    school, role = school_of(door, said), role_of(door, said)
    if errors or school is None or role is None:
        raise Invalid(errors)
    conversation = said.channel_kind == Channel.CONVERSATION
    return Knock(
        school_id=school.id,
        role_id=role.id,
        channel_kind=said.channel_kind,
        channel_value="" if conversation else tidy(said.channel_value),
        message=tidy(said.message),
        name=tidy(said.name),
        preferred_times="" if conversation else tidy(said.preferred_times),
        language=said.language or door.default_language,
        discreet=said.discreet,
        person_id=said.person_id,
        not_them=tuple(dict.fromkeys(said.not_them)),
        home_school_id=said.home_school_id,
        topic=said.topic,
        spoken=said.spoken,
        interpreter=said.interpreter and bool(said.spoken),
        say_instead=tidy(said.say_instead) if said.channel_kind in SAYS_INSTEAD else "",
    )


def kept_apart(door: Portal, said: Said) -> frozenset[UUID]:
    """Who must not get it: whom the student named, and everybody of their own school when they want nobody there."""
    at_home = staff_of(door, said.home_school_id) if said.home_school_id else frozenset()
    return frozenset(said.not_them) | at_home


def _whom_errors(door: Portal, said: Said) -> list[FieldError]:
    """Whom they want, whom they do not, and whether anybody is left who could keep the promise."""
    errors: list[FieldError] = []
    school, role = school_of(door, said), role_of(door, said)
    if (
        said.home_school_id
        and (
            door.school(said.home_school_id) is None
            or school is None
            or role is None
            or not is_open_to(door, said.home_school_id, school.id, role.id)
        )
    ) or (said.person_id and (role is None or said.person_id not in {one.id for one in role.adults})):
        errors.append(FieldError("role", _("Choose who you want to talk to.")))
    elif said.person_id and said.person_id in said.not_them:
        errors.append(FieldError("role", _("You said that this one must not get it. Choose somebody else.")))
    elif school and role and stands_on_them(door, school.id, role.id, kept_apart(door, said)):
        nobody = _("Nobody else here is %(role)s. Choose another, or somebody outside your school.")
        errors.append(FieldError("role", nobody % {"role": role.name(get_language() or "en")}))
    errors += _kept_out_errors(door, said)
    if said.topic and said.topic not in TOPICS:
        errors.append(FieldError("topic", _("Choose what it is about, or skip this.")))
    if said.spoken and said.spoken not in TONGUES:
        errors.append(FieldError("spoken", _("Choose a language from the list, or skip this.")))
    return errors


def _kept_out_errors(door: Portal, said: Said) -> list[FieldError]:
    """Whoever holds a post can be kept out, whether or not their name is shown (any more): the word stands."""
    if len(said.not_them) > KEPT_OUT_LIMIT or not set(said.not_them) <= whoever_holds_a_post(door):
        return [FieldError("not_them", _("Choose among the adults on the list."))]
    return []


def is_found_only_here(said: Said) -> bool:
    """Whether the code is the only way back to the answer (ContactRequest.is_found_only_here, before the row)."""
    named = said.eid or tidy(said.name)
    nowhere = said.channel_kind == Channel.VISIT and not tidy(said.channel_value) and not named
    return said.channel_kind == Channel.CONVERSATION or nowhere


def _channel_errors(kind: str, value: str) -> list[FieldError]:
    if kind not in Channel.values:
        return [FieldError("channel", _("Choose how we can reach you."))]
    if kind in NEEDS_NO_VALUE:
        return []
    if not value:
        return [FieldError("channel_value", _("Write how we can reach you."))]
    if kind == Channel.EMAIL and not _is_email(value):
        return [FieldError("channel_value", _("Write an e-mail address, like name@example.com."))]
    if kind in (Channel.PHONE, Channel.SMS) and not _is_phone(value):
        return [FieldError("channel_value", _("Write a phone number with at least 5 digits."))]
    if kind == Channel.VIDEO and not (_is_phone(value) or _is_email(value)):
        return [FieldError("channel_value", _("Write a phone number or an e-mail address."))]
    return []


def _is_phone(value: str) -> bool:
    return 5 <= sum(sign.isdigit() for sign in value) <= 20


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
    "say_instead": SAY_LIMIT,
}


def _length_errors(said: Said) -> list[FieldError]:
    unused = (
        ("channel_value", "preferred_times", "say_instead")
        if said.channel_kind == Channel.CONVERSATION
        else ()
    )
    lengths = {field: len(tidy(getattr(said, field))) for field in _LIMITS if field not in unused}
    return [
        FieldError(field, too_long(length, _LIMITS[field]))
        for field, length in lengths.items()
        if length > _LIMITS[field]
    ]


def too_long(length: int, limit: int) -> str:
    """How long it is, how long it may be; nothing is cut off."""
    return _("This is %(length)s characters long. There is room for %(limit)s. Make it a little shorter.") % {
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
