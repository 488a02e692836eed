"""The simple door, for the youngest: a picture, a grown-up, a name; read aloud where the device can.

It is another way into the same knock: the same promise, the same operation, the same receipt. Everything is in the
page until it is sent, as in the journey (journey.py).
"""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import student
from kernel.errors import Conflict, Invalid, Unavailable
from kernel.ui.bidi import listed
from services.contact import operations, work
from services.contact.journey import Answers
from services.contact.models import Channel
from services.contact.origin import own_pages_only
from services.contact.rules import tidy
from services.contact.views.knock import nobody_here, remember_language
from services.contact.views.pages import page, speaking
from services.contact.views.receipt import said as receipt_said
from services.contact.views.who import people_at
from services.contact.whom import proposed, topic_of
from tenants.setup.actors import today
from tenants.setup.portal import Portal, RoleAtSchool, SchoolDoor
from tenants.setup.queries import portal
from tenants.setup.topics import TopicRule

#: What may be hard, by the picture that stands for it: the words on it are the words that are sent.
FEELINGS: dict[str, LazyText] = {
    "mean": gettext_lazy("Somebody is mean to me."),
    "sad": gettext_lazy("I am sad or scared."),
    "other": gettext_lazy("It is something else."),
}
#: What each is good for, said to somebody of eight.
HELPS: dict[str, LazyText] = {
    "school_nurse": gettext_lazy("Helps when your body or your heart hurts."),
    "school_doctor": gettext_lazy("Helps when your body hurts."),
    "psychologist": gettext_lazy("Helps when thoughts are hard."),
    "counsellor": gettext_lazy("Helps when it is hard with others."),
    "educational_psychology": gettext_lazy("Helps when it is hard to learn."),
    "special_educator": gettext_lazy("Helps when it is hard to learn."),
}
#: The topic of the journey that a picture stands for: who leaves the choice to us gets whom it proposes.
TOPIC = {"mean": "bullying", "other": "else"}
ANYBODY, COME, WRITE = "any", "come", "write"
NAME_LIMIT, CLASS_LIMIT, WORDS_LIMIT = 80, 40, 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """What was said so far, as it came. `how`: a grown-up comes, or answers here; `group`: the class; `words`: more,
    for those who write.
    """

    school: str = ""
    about: str = ""
    role: str = ""
    how: str = ""
    name: str = ""
    group: str = ""
    words: str = ""
    language: str = ""
    key: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Told":
        return cls(**{one.name: request.POST.get(one.name, "") for one in fields(cls)})

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        return [
            (one.name, getattr(self, one.name))
            for one in fields(self)
            if one.name not in without and getattr(self, one.name)
        ]

    def answers(self) -> Answers:
        """The same in the journey's words. A name that was typed before "I do not say my name" is not sent."""
        comes = self.how == COME
        where = ", ".join(part for part in (tidy(self.name), tidy(self.group)) if part and comes)
        feeling = str(FEELINGS[self.about]) if self.about in FEELINGS else ""
        return Answers(
            school=self.school,
            role=self.role,
            channel=Channel.VISIT if comes else Channel.CONVERSATION,
            channel_value=where,
            message="\n\n".join(part for part in (feeling, tidy(self.words)) if part),
            name=tidy(self.name) if comes else "",
            language=self.language,
            key=self.key,
        )


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def simple(request: HttpRequest) -> HttpResponse:
    """One page of the simple door. `step` = what was answered, `go` = a page to go to, `speak` = a language."""
    door, told = portal(), Told.of(request)
    spoken = request.POST.get("speak") or told.language
    language = next(
        (one for one in (spoken, speaking()) if one in door.language_codes), door.default_language
    )
    with translation.override(language):
        response = _answer(request, door, replace(told, language=language))
    if request.POST.get("speak"):
        remember_language(response, language)
    response["Content-Language"] = language
    return response


def _answer(request: HttpRequest, door: Portal, told: Told) -> HttpResponse:
    school = _school(door, told)
    if school is None:
        return _which(request, door)
    told = replace(told, school=str(school.id))
    step, go = request.POST.get("step", ""), request.POST.get("go", "")
    if step == "find" and not go and "speak" not in request.POST:
        return _send(request, door, school, told)
    if not school.roles:
        return nobody_here(request, door, told.answers(), school)
    if request.POST.get("speak"):
        return show(request, door, school, told, step=step or "about")
    if go in _PAGES:
        return show(request, door, school, told, step=go)
    return _onward(request, door, school, told, step)


def _onward(request: HttpRequest, door: Portal, school: SchoolDoor, told: Told, step: str) -> HttpResponse:
    """The next thing to ask. A question that was not answered comes again and says so."""
    if told.about not in FEELINGS:
        errors = [("about-mean", _("Choose a picture."))] if step else []
        return show(request, door, school, told, step="about", errors=errors)
    if len(school.roles) > 1 and _role(door, school, told) is None:
        errors = [("role-0", _("Choose a grown-up."))] if step == "who" else []
        return show(request, door, school, told, step="who", errors=errors)
    # From here on the page carries whom we chose: the same page sent again is the same knock.
    chosen = _role(door, school, told)
    told = replace(told, role=str(chosen.id) if chosen else told.role)
    if told.how not in (COME, WRITE):
        errors = [("how-come", _("Choose a picture."))] if step == "how" else []
        return show(request, door, school, told, step="how", errors=errors)
    return show(request, door, school, told, step="find")


def _school(door: Portal, told: Told) -> SchoolDoor | None:
    """The one that was said; else the only one with a simple door."""
    said = next((one for one in door.schools if str(one.id) == told.school), None)
    young = [one for one in door.schools if one.simple]
    return said or (young[0] if len(young) == 1 else None)


def _which(request: HttpRequest, door: Portal) -> HttpResponse:
    """Which school; where none has a simple door, to the ordinary one."""
    young = [one for one in door.schools if one.simple]
    if not young:
        return HttpResponseRedirect(reverse("contact:first"))
    return page(request, "contact/simple/school.html", {"schools": young})


def _topic(door: Portal, told: Told) -> TopicRule | None:
    return topic_of(door, TOPIC.get(told.about, ""))


def _role(door: Portal, school: SchoolDoor, told: Told) -> RoleAtSchool | None:
    """Whom they chose; for those who leave it to us whom the topic proposes, else whoever answers first."""
    if told.role == ANYBODY or (len(school.roles) == 1 and not told.role):
        return proposed(door, school, _topic(door, told), frozenset(), clock.this_minute())
    return next((one for one in (*school.roles, *school.unstaffed) if str(one.id) == told.role), None)


def show(
    request: HttpRequest,
    door: Portal,
    school: SchoolDoor,
    told: Told,
    *,
    step: str = "about",
    errors: list[tuple[str, str]] | None = None,
    trouble: str = "",
    status: int = 0,
) -> HttpResponse:
    """A page of the simple door, also as a school's own first screen (way_in.py)."""
    name = step if step in _PAGES else "about"
    if name == "find":
        told = replace(told, key=told.key or Answers().with_key().key)
    role = _role(door, school, told)
    seen = (role,) if role else school.roles
    due = [when for one in seen if (when := door.due_if_now(clock.this_minute(), school.id, one.id))]
    context: dict[str, Any] = {
        "school": school,
        "told": told,
        "step": name,
        "hidden": told.hidden(*_PAGES[name]),
        "due": max(due, default=None),
        "errors": errors or [],
        "wrong": {field.removeprefix("id_"): text for field, text in errors or ()},
        "trouble": trouble,
        "language_form": "journey",
        "back": _before(school, name),
        **_MORE[name](door, school, told),
    }
    return page(request, f"contact/simple/{name}.html", context, status=status or (422 if errors else 200))


#: What each page asks itself.
_PAGES: dict[str, tuple[str, ...]] = {
    "about": ("about",),
    "who": ("role",),
    "how": ("how",),
    "find": ("name", "group", "words"),
}


def _before(school: SchoolDoor, step: str) -> str:
    asked = [one for one in _PAGES if one != "who" or len(school.roles) > 1]
    return asked[asked.index(step) - 1] if step in asked[1:] else ""


def _about(door: Portal, school: SchoolDoor, told: Told) -> dict[str, Any]:
    plain = Answers(school=str(school.id))
    return {"feelings": list(FEELINGS.items()), "plain": [("step", ""), *plain.hidden(without=())]}


def _who(door: Portal, school: SchoolDoor, told: Told) -> dict[str, Any]:
    language = speaking()
    photos = {
        role.id: [one["photo"] for one in people_at(door, school, role, today()) if one["photo"]]
        for role in school.roles
    }
    return {
        "roles": [
            {
                "value": str(role.id),
                "photo": next(iter(photos[role.id]), ""),
                "name": role.name(language),
                "helps": HELPS.get(role.profession, ""),
                "people": listed(role.people),
            }
            for role in school.roles
        ],
        "anybody": ANYBODY,
    }


def _find(door: Portal, school: SchoolDoor, told: Told) -> dict[str, Any]:
    role = _role(door, school, told)
    return {
        "comes": told.how != WRITE,
        "challenge": work.challenge(),
        "role_name": role.name(speaking()) if role else "",
        "limits": {"name": NAME_LIMIT, "group": CLASS_LIMIT, "words": WORDS_LIMIT},
    }


def _how(door: Portal, school: SchoolDoor, told: Told) -> dict[str, Any]:
    return {"come": COME, "write": WRITE}


_MORE = {"about": _about, "who": _who, "how": _how, "find": _find}


def _send(request: HttpRequest, door: Portal, school: SchoolDoor, told: Told) -> HttpResponse:
    """Knock. Whatever goes wrong, everything typed stands in the page that comes back."""
    role = _role(door, school, told)
    if role is None:
        if not school.roles:
            return nobody_here(request, door, told.answers(), school)
        return show(request, door, school, told, step="who", errors=[("role-0", _("Choose a grown-up."))])
    told = replace(told, role=str(role.id), how=told.how or WRITE, key=told.key or Answers().with_key().key)
    if errors := _wrong(told):
        return show(request, door, school, told, step="find", errors=errors)
    said, topic = told.answers().said(), _topic(door, told)
    try:
        accepted = operations.knock(
            by=student(None),
            idempotency_key=told.key,
            school_id=said.school_id,
            role_id=said.role_id,
            channel_kind=said.channel_kind,
            channel_value=said.channel_value,
            message=said.message,
            name=said.name,
            language=said.language,
            work=request.POST.get("work", ""),
            topic=topic.key if topic else "",
        )
    except (OperationalError, InterfaceError, Unavailable):
        return show(request, door, school, told, step="find", trouble="away", status=503)
    except (Conflict, Invalid):
        anew = replace(told, key="")
        return show(request, door, school, anew, step="find", trouble="again", status=409)
    context = receipt_said(accepted, only_way_back=not said.channel_value)
    return page(request, "contact/simple/receipt.html", context)


def _wrong(told: Told) -> list[tuple[str, str]]:
    errors = []
    if told.how == COME and not tidy(told.name):
        errors.append(("id_name", _("Write your name. Then we can find you.")))
    if len(tidy(told.name)) > NAME_LIMIT:
        errors.append(("id_name", _("Your name is too long. Write it shorter.")))
    if len(tidy(told.group)) > CLASS_LIMIT:
        errors.append(("id_group", _("Your class is too long. Write it shorter.")))
    if len(tidy(told.words)) > WORDS_LIMIT:
        errors.append(("id_words", _("That is too long. Write a little less.")))
    return errors
