"""The journey from the door to the receipt: one question a page, every answer carried in hidden fields.

No session, no cookie, no row: an answer lives in the page until it is sent. Pure; the door is given as a
value.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.translation import gettext as _

from kernel.errors import FieldError
from services.contact.models import Channel
from services.contact.rules import Said, is_found_only_here, problems, role_of, school_of
from tenants.setup.portal import Portal


@dataclass(frozen=True, slots=True)
class Answers:
    """What was posted, untouched:

    nothing typed is ever lost on the way. `seen` = the check page was shown.
    """

    school: str = ""
    role: str = ""
    channel: str = ""
    channel_value: str = ""
    preferred_times: str = ""
    message: str = ""
    name: str = ""
    discreet: str = ""
    language: str = ""
    key: str = ""
    seen: str = ""

    @classmethod
    def of(cls, posted: Mapping[str, Any]) -> "Answers":
        return cls(**{one.name: str(posted.get(one.name, "")) for one in fields(cls)})

    def hidden(self, without: tuple[str, ...]) -> list[tuple[str, str]]:
        """(name, value) of the hidden fields of a page that asks for `without` itself."""
        return [
            (one.name, getattr(self, one.name))
            for one in fields(self)
            if one.name not in without and getattr(self, one.name)
        ]

    def said(self) -> Said:
        return Said(
            school_id=_id(self.school),
            role_id=_id(self.role),
            channel_kind=self.channel,
            channel_value=self.channel_value,
            message=self.message,
            name=self.name,
            preferred_times=self.preferred_times,
            language=self.language,
            discreet=self.discreet != "no",
        )

    def with_key(self) -> "Answers":
        """With an idempotency key, made the first time the check page is shown."""
        return replace(self, key=self.key or uuid.uuid4().hex, seen="1")


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `asks` are the fields on its page; `needed` says whether it is asked at all, and `after`
    which earlier question decides that ("" when the door alone does).
    """

    name: str
    asks: tuple[str, ...]
    needed: Callable[[Portal, Said], bool]
    may_skip: bool = False
    after: str = ""


def _always(door: Portal, said: Said) -> bool:
    return True


def _several_roles(door: Portal, said: Said) -> bool:
    school = school_of(door, said)
    return school is None or len(school.roles) > 1 or role_of(door, said) is None


def _several_schools(door: Portal, said: Said) -> bool:
    """Also when one is left and another was said, which has closed since: the student chooses, not we."""
    return len(door.schools) > 1 or school_of(door, said) is None


STEPS = (
    Step("school", ("school",), _several_schools),
    Step("who", ("role",), _several_roles, after="school"),
    Step("how", ("channel",), _always),
    Step(
        "reach",
        ("channel_value", "preferred_times", "discreet"),
        lambda door, said: said.channel_kind != Channel.CONVERSATION,
        after="how",
    ),
    Step("about", ("message",), _always, may_skip=True),
    Step("name", ("name",), _always, may_skip=True),
)
CHECK = Step("check", (), _always)


def steps(door: Portal, said: Said) -> list[Step]:
    """The questions of this door for what was said so far, the check page last."""
    return [*(step for step in STEPS if step.needed(door, said)), CHECK]


def length(step: Step, door: Portal, said: Said) -> int:
    """How many pages the journey has at least, seen from this page: on the way on, it only grows.

    A later question counts when nothing that is still to be answered can make it fall away.
    """
    asked = steps(door, said)
    names = [one.name for one in asked]
    place = names.index(step.name) if step.name in names else 0
    before = set(names[:place])
    certain = [one for one in asked[place + 1 :] if _is_certain(one, before, names, door)]
    return place + 1 + len(certain)


def _is_certain(step: Step, before: set[str], names: list[str], door: Portal) -> bool:
    if not step.after or step.after in before or step.after not in names:
        return True
    return step.name == "who" and all(len(school.roles) > 1 for school in door.schools)


def step_named(name: str, door: Portal, said: Said) -> Step:
    """The step, or the first when it is not asked here."""
    asked = steps(door, said)
    return next((step for step in asked if step.name == name), asked[0])


def wrong_at(step: Step, door: Portal, said: Said) -> list[FieldError]:
    """What is wrong with the answers of one page.

    A meeting needs a place or a name: asked for here, while the student can still say it. The operation itself
    refuses nobody for that.
    """
    wrong = [error for error in problems(door, said) if error.field in step.asks]
    if step.name == "reach" and said.channel_kind == Channel.VISIT and is_found_only_here(said):
        remedy = _("Write a place, or your name and class. Then we can find you.")
        wrong.append(FieldError("channel_value", remedy))
    return wrong


def next_step(step: Step, answers: Answers, door: Portal) -> Step:
    """Where a good answer leads: on; straight back to the check page when that was seen and all is said.

    An earlier answer that no longer stands (a school or a role has closed) is asked for again first.
    """
    said = answers.said()
    asked = steps(door, said)
    unanswered = first_wrong(door, said)
    if answers.seen:
        return unanswered or CHECK
    names = [one.name for one in asked]
    place = names.index(step.name) if step.name in names else -1
    if unanswered and names.index(unanswered.name) < place:
        return unanswered
    return asked[min(place + 1, len(asked) - 1)]


def first_wrong(door: Portal, said: Said) -> Step | None:
    """The first question whose answer is missing or wrong; None when all is said."""
    return next((step for step in steps(door, said) if wrong_at(step, door, said)), None)


def previous_step(step: Step, door: Portal, said: Said) -> Step | None:
    """The question before this one; None at the first."""
    asked = steps(door, said)
    place = next((n for n, one in enumerate(asked) if one.name == step.name), 0)
    return asked[place - 1] if place else None


def chosen(door: Portal, said: Said) -> tuple[Any, Any]:
    """(school, role) as they stand in the portal, None for what is not said yet."""
    return school_of(door, said), role_of(door, said)
