"""The journey from the door to the receipt: one question a page, every answer carried in hidden fields.

No session, no cookie, no row: an answer lives in the page until it is sent. Pure; the door is given as a
value.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from kernel.errors import FieldError
from services.contact.models import Channel
from services.contact.rules import Said, is_found_only_here, problems, role_of, school_of
from services.contact.whom import spoken_at
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.portal import Portal, SchoolDoor


@dataclass(frozen=True, slots=True)
class Answers:
    """What was posted, untouched:

    nothing typed is ever lost on the way. `seen` = the check page was shown. `role` is a role's id, with an adult's
    after a "/", or, outside the student's own `school`, with another school's after an "@". `not_them`: ids. `eid`:
    the mark by which the browser's own eID visit is recognised (confirming.py); it says nothing by itself.
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
    topic: str = ""
    not_them: str = ""
    spoken: str = ""
    interpreter: str = ""
    say_instead: str = ""
    eid: str = ""

    @classmethod
    def of(cls, posted: Mapping[str, Any]) -> "Answers":
        said = {one.name: str(posted.get(one.name, "")) for one in fields(cls)}
        if isinstance(posted, MultiValueDict):  # one box for each
            said["not_them"] = " ".join(str(one) for one in posted.getlist("not_them"))
        return cls(**said)

    def hidden(self, without: tuple[str, ...]) -> list[tuple[str, str]]:
        """(name, value) of the hidden fields of a page that asks for `without` itself."""
        return [
            (one.name, getattr(self, one.name))
            for one in fields(self)
            if one.name not in without and getattr(self, one.name)
        ]

    def said(self) -> Said:
        role, _at, outside = self.role.partition("@")
        role, _slash, person = role.partition("/")
        home = _id(self.school)
        return Said(
            # Outside of what? Without the student's own school it would be an ordinary knock: it is asked for again.
            school_id=_id(outside) if outside and home else home,
            role_id=_id(role),
            person_id=_id(person),
            home_school_id=home if outside else None,
            not_them=tuple(one for part in self.not_them.split() if (one := _id(part))),
            topic=self.topic,
            spoken=self.spoken,
            interpreter=self.interpreter == "yes",
            say_instead=self.say_instead,
            eid=bool(self.eid),
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
    which earlier question decides that ("" when the door alone does). `keeps`: to skip it only goes on, and what was
    typed stays said.
    """

    name: str
    asks: tuple[str, ...]
    needed: Callable[[Portal, Said], bool]
    may_skip: bool = False
    after: str = ""
    keeps: bool = False


def _always(door: Portal, said: Said) -> bool:
    return True


def _several_roles(door: Portal, said: Said) -> bool:
    school = door.school(said.home_school_id) if said.home_school_id else school_of(door, said)
    return school is None or asks_whom(school) or role_of(door, said) is None


def asks_whom(school: SchoolDoor) -> bool:
    """Whether there is anything to choose: several roles, or several people in the only one."""
    return len(school.roles) > 1 or any(len(role.adults) > 1 for role in school.roles)


#: Two ways to write what is one spoken language.
_ONE_TONGUE = {"nn": "nb"}


def _speaks_another_language(door: Portal, said: Said) -> bool:
    """The student reads a language in which no adult there answers."""
    role = role_of(door, said)
    if role is None or not said.language:
        return False
    spoken = {_ONE_TONGUE.get(code, code) for code in spoken_at(door, role, REVIEWED_BY_US)}
    return _ONE_TONGUE.get(said.language, said.language) not in spoken


def _several_schools(door: Portal, said: Said) -> bool:
    """Also when one is left and another was said, which has closed since: the student chooses, not we."""
    return len(door.schools) > 1 or school_of(door, said) is None


STEPS = (
    Step("school", ("school",), _several_schools),
    Step("who", ("role",), _several_roles, may_skip=True, after="school"),
    Step("how", ("channel",), _always),
    Step(
        "reach",
        ("channel_value", "preferred_times", "discreet", "say_instead"),
        lambda door, said: said.channel_kind != Channel.CONVERSATION,
        after="how",
    ),
    Step("spoken", ("spoken", "interpreter"), _speaks_another_language, may_skip=True, after="who"),
    Step("about", ("message",), _always, may_skip=True, keeps=True),
    Step("name", ("name", "eid"), _always, may_skip=True),
)
CHECK = Step("check", (), _always)
#: Beside the way: asked when the student goes there, and then on from where they left it.
BESIDE = (
    Step("topic", ("topic",), _always, may_skip=True),
    Step("not", ("not_them",), _always, may_skip=True),
    Step("outside", ("role",), _always),
)


def steps(door: Portal, said: Said) -> list[Step]:
    """The questions of this door for what was said so far, the check page last."""
    return [*(step for step in STEPS if step.needed(door, said)), CHECK]


def length(step: Step, door: Portal, said: Said) -> int:
    """How many pages the journey has at least, seen from this page: on the way on, it only grows.

    A later question counts when nothing that is still to be answered can make it fall away.
    """
    asked = steps(door, said)
    names = [one.name for one in asked]
    place = place_of(step, door, said)
    before = set(names[:place])
    certain = [one for one in asked[place + 1 :] if _is_certain(one, before, names, door)]
    return place + 1 + len(certain)


def _is_certain(step: Step, before: set[str], names: list[str], door: Portal) -> bool:
    if not step.after or step.after in before or step.after not in names:
        return True
    return step.name == "who" and all(asks_whom(school) for school in door.schools)


def step_named(name: str, door: Portal, said: Said) -> Step:
    """The step, or the first when it is not asked here."""
    asked = steps(door, said)
    languages = [step for step in STEPS if step.name == "spoken"]
    return next((step for step in (*asked, *BESIDE, *languages) if step.name == name), asked[0])


def place_of(step: Step, door: Portal, said: Said) -> int:
    """The number of the page, from 0; a question beside the way stands where it was left."""
    names = [one.name for one in steps(door, said)]
    beside = {"spoken": "about"}.get(step.name, "who")
    return next((names.index(name) for name in (step.name, beside) if name in names), 0)


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
    if step.name not in names:
        return _after_beside(step, door, said)
    place = names.index(step.name)
    if unanswered and names.index(unanswered.name) < place:
        return unanswered
    return asked[min(place + 1, len(asked) - 1)]


def _after_beside(step: Step, door: Portal, said: Said) -> Step:
    """On from a question beside the way: whom they keep out is said before they choose; what was chosen leads on."""
    asked = steps(door, said)
    place = place_of(step, door, said)
    at_the_same = step.name in ("not", "spoken") or asked[place].name != "who"
    onward = place if at_the_same else place + 1
    unanswered = first_wrong(door, said)
    names = [one.name for one in asked]
    if unanswered and names.index(unanswered.name) < onward:
        return unanswered
    return asked[min(onward, len(asked) - 1)]


def first_wrong(door: Portal, said: Said) -> Step | None:
    """The first question whose answer is missing or wrong; None when all is said."""
    return next((step for step in steps(door, said) if wrong_at(step, door, said)), None)


def previous_step(step: Step, door: Portal, said: Said) -> Step | None:
    """The question before this one; None at the first."""
    asked = steps(door, said)
    place = place_of(step, door, said)
    if step.name not in {one.name for one in asked}:
        return asked[place]
    return asked[place - 1] if place else None


def chosen(door: Portal, said: Said) -> tuple[Any, Any]:
    """(school, role) as they stand in the portal, None for what is not said yet."""
    return school_of(door, said), role_of(door, said)
