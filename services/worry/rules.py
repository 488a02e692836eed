"""What a step must say before it is written down. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from kernel.errors import FieldError, Invalid
from services.contact.rules import tidy
from services.worry.duties import ground
from services.worry.models import Step

LONGEST = 4000
WHO_LONGEST = 200
#: How far back a step can be written down. The clock counts it as at most an hour ago.
WRITTEN_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says they did.

    recipient      Step.Recipient
    who            name of whom they told, or of whom they talk it over with
    words          what was said
    student_first  whether the student heard of it before; else why_not_first
    told           "told" with because, in plain words; or "held_back" with the key of a ground
    done_at        None: now
    """

    recipient: str = ""
    who: str = ""
    words: str = ""
    student_first: bool | None = None
    why_not_first: str = ""
    told: str = ""
    ground: str = ""
    because: str = ""
    done_at: datetime | None = None


def checked(said: Said, *, country: str, now: datetime) -> Said:
    """The same, tidied, its time filled in. Raises Invalid with everything that is wrong."""
    said = replace(
        said,
        who=tidy(said.who),
        words=tidy(said.words),
        why_not_first=tidy(said.why_not_first),
        because=tidy(said.because),
        done_at=said.done_at or now,
    )
    errors = [*_time(said, now), *_lengths(said)]
    if said.recipient not in Step.Recipient.values:
        errors.append(FieldError("recipient", _("Choose who was told, or nobody yet.")))
    elif said.recipient == Step.Recipient.NOBODY:
        if not said.who:
            errors.append(FieldError("who", _("Write the name of whom you talk it over with.")))
    else:
        errors += _towards_the_student(said, country)
    if errors:
        raise Invalid(errors)
    return _nothing_to_the_student(said) if said.recipient == Step.Recipient.NOBODY else _without_rests(said)


def _towards_the_student(said: Said, country: str) -> list[FieldError]:
    errors = []
    if said.student_first is None:
        errors.append(FieldError("student_first", _("Say whether you told the student first.")))
    elif not said.student_first and not said.why_not_first:
        errors.append(FieldError("why_not_first", _("Write why you could not tell the student first.")))
    if said.told == Step.Told.TOLD:
        if not said.because:
            errors.append(FieldError("because", _("Write one plain sentence to the student.")))
    elif said.told == Step.Told.HELD_BACK:
        if ground(country, said.ground) is None:
            errors.append(FieldError("ground", _("Choose the legal ground for not telling now.")))
    else:
        errors.append(FieldError("told", _("Choose what the student is told.")))
    return errors


def _time(said: Said, now: datetime) -> list[FieldError]:
    at = said.done_at or now
    if at.tzinfo is None:
        return [FieldError("done_at", _("Say which time zone the time is in."))]
    if at > now:
        return [FieldError("done_at", _("This time has not come yet. Write when it happened."))]
    if at < now - WRITTEN_WITHIN:
        return [FieldError("done_at", _("This is more than seven days ago. Write it into the words."))]
    return []


def _lengths(said: Said) -> list[FieldError]:
    limits = {"who": WHO_LONGEST, "words": LONGEST, "why_not_first": LONGEST, "because": LONGEST}
    return [
        FieldError(name, _("At most %(most)s characters.") % {"most": most})
        for name, most in limits.items()
        if len(getattr(said, name)) > most
    ]


def _nothing_to_the_student(said: Said) -> Said:
    return replace(said, student_first=None, why_not_first="", told=Step.Told.NOTHING, ground="", because="")


def _without_rests(said: Said) -> Said:
    """What was typed under a choice that was then not taken is not kept."""
    said = replace(said, why_not_first="") if said.student_first else said
    return replace(said, ground="") if said.told == Step.Told.TOLD else replace(said, because="")
