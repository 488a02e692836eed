"""The journey: POST in, the next question out; the receipt at the end. Nothing is kept between two pages."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import student
from kernel.errors import Conflict, FieldError, Invalid, Unavailable
from kernel.ui.bidi import apart
from services.contact import confirming, operations, work
from services.contact.channels import BY_KIND, WAYS
from services.contact.confirming import Confirmed
from services.contact.door import nearest_doors, schools_matching
from services.contact.journey import (
    CHECK,
    Answers,
    Step,
    first_wrong,
    length,
    next_step,
    place_of,
    previous_step,
    step_named,
    steps,
    wrong_at,
)
from services.contact.origin import own_pages_only
from services.contact.rules import Said, is_found_only_here, role_of, school_of
from services.contact.to_whom import ToWhom, to_whom
from services.contact.views import choosing
from services.contact.views.pages import page, speaking
from services.contact.views.receipt import receipt_page
from tenants.setup.portal import Portal, SchoolDoor
from tenants.setup.queries import portal

#: More schools than this, and the page has a search field.
MANY_SCHOOLS = 8


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def knock(request: HttpRequest) -> HttpResponse:
    """One page of the journey.

    `step` = the page that was answered; `go` = a page to go to; `speak` = a language.
    """
    door = portal()
    answers = Answers.of(request.POST)
    spoken = request.POST.get("speak") or answers.language
    language = next(
        (one for one in (spoken, speaking()) if one in door.door_languages), door.default_language
    )
    with translation.override(language):
        answers = replace(answers, language=language)
        response = _answer(request, door, answers)
    if request.POST.get("speak"):
        remember_language(response, language)
    if answers.eid:
        confirming.stay(request, response)
    response["Content-Language"] = language
    return response


def resume(request: HttpRequest, answers: Answers, *, notice: str = "", status: int = 200) -> HttpResponse:
    """Back in the journey, with everything that was said: on from the name, or at it, with why it went no further."""
    door = portal()
    language = answers.language if answers.language in door.door_languages else door.default_language
    with translation.override(language):
        response = _resumed(request, door, answers, str(notice), status)
    response["Content-Language"] = language
    return response


def _resumed(request: HttpRequest, door: Portal, answers: Answers, notice: str, status: int) -> HttpResponse:
    if not _is_open(door):
        return _closed(request, door, answers)
    name = step_named("name", door, answers.said())
    if notice:
        return _show(request, name, door, replace(answers, eid=""), notice=notice, status=status)
    return _show(request, next_step(name, answers, door), door, answers)


def remember_language(response: HttpResponse, language: str) -> None:
    """The reader chose: the next pages speak it as well, until the browser closes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _answer(request: HttpRequest, door: Portal, answers: Answers) -> HttpResponse:
    posted = request.POST
    if not _is_open(door) and not _only_sends(posted):
        return _closed(request, door, answers)
    if request.method != "POST" or not posted.get("step"):
        waits = confirming.waits(request) if request.method != "POST" else ""
        return _show(request, step_named("", door, answers.said()), door, answers, waits=waits)
    step = step_named(posted["step"], door, answers.said())
    if posted.get("go"):
        return _show(request, step_named(posted["go"], door, answers.said()), door, answers)
    if posted.get("speak") or "find" in posted or _only_searched(step, posted):
        return _show(request, step, door, answers)
    if posted["step"] == CHECK.name:
        return _send(request, door, answers)
    if "skip" in posted and step.may_skip and not step.keeps:
        answers = replace(answers, **dict.fromkeys(step.asks, ""))
    answers = _with_what_follows(step, posted, door, answers)
    wrong = wrong_at(step, door, answers.said())
    if wrong:
        return _show(request, step, door, answers, errors=wrong, status=422)
    return _show(request, next_step(step, answers, door), door, answers)


def _with_what_follows(step: Step, posted: QueryDict, door: Portal, answers: Answers) -> Answers:
    """What an answer decides besides: a topic, or no wish at all, proposes a role; a language its interpreter."""
    if step.name == "topic" or (step.name == "who" and "skip" in posted):
        return choosing.with_proposal(door, answers)
    if step.name != "spoken":
        return answers
    other = "" if "skip" in posted else posted.get("other_spoken", "")
    return choosing.with_interpreter(door, replace(answers, spoken=other or answers.spoken))


def _only_sends(posted: QueryDict) -> bool:
    return posted.get("step") == CHECK.name and not posted.get("go") and not posted.get("speak")


def _only_searched(step: Step, posted: QueryDict) -> bool:
    """Enter in the search field presses "Next": with words and no school chosen, it was a search."""
    return step.name == "school" and bool(posted.get("words")) and not posted.get("school")


def _send(request: HttpRequest, door: Portal, answers: Answers) -> HttpResponse:
    """Knock. Whatever goes wrong, everything typed stands in the page that comes back.

    The operation is asked first, whatever has closed: what was accepted before gets its answer again.
    """
    vouched = confirming.confirmed(request, answers.eid)
    try:
        accepted = _knock_as_it_stands(request, door, answers, vouched)
        way_back = confirming.way_back(accepted.request_id) if answers.eid else ""
    except (OperationalError, InterfaceError, Unavailable):
        return _show(request, CHECK, door, answers, trouble="away", status=503)
    except (Conflict, Invalid) as refused:
        if isinstance(refused, Invalid) and any(error.field == "eid" for error in refused.errors):
            return _resumed(request, door, answers, _ended(), 422)
        return _not_accepted(request, door, choosing.without_the_gone(door, answers))
    only_here = is_found_only_here(answers.said()) and not way_back
    return receipt_page(request, accepted, only_way_back=only_here, way_back=way_back)


def _ended() -> str:
    return _("It was too long ago that you showed who you are. Do it once more, or continue without.")


def _knock_as_it_stands(
    request: HttpRequest, door: Portal, answers: Answers, vouched: Confirmed | None
) -> operations.Accepted:
    """As it was typed: what was accepted before is known by these words, whoever has left since. Then without whoever
    has left: that they must not get it is no reason to refuse it.
    """
    work_done, fewer = request.POST.get("work", ""), choosing.without_the_gone(door, answers)
    try:
        return _knock(answers, work_done, vouched)
    except (Conflict, Invalid):
        if fewer.said().not_them == answers.said().not_them:
            raise
    return _knock(fewer, work_done, vouched)


def _knock(answers: Answers, work_done: str, vouched: Confirmed | None) -> operations.Accepted:
    said = answers.said()
    return operations.knock(
        by=student(None),
        idempotency_key=answers.key,
        school_id=said.school_id,
        role_id=said.role_id,
        channel_kind=said.channel_kind,
        channel_value=said.channel_value,
        message=said.message,
        name=said.name,
        preferred_times=said.preferred_times,
        language=said.language,
        discreet=said.discreet,
        work=work_done,
        person_id=said.person_id,
        not_them=said.not_them,
        home_school_id=said.home_school_id,
        topic=said.topic,
        spoken=said.spoken,
        interpreter=said.interpreter,
        say_instead=said.say_instead,
        eid=said.eid,
        confirmed=vouched,
    )


def _not_accepted(request: HttpRequest, door: Portal, answers: Answers) -> HttpResponse:
    """The question that needs another answer; the check page when it was the key that is used."""
    if not _is_open(door):
        return _closed(request, door, answers)
    step = first_wrong(door, answers.said())
    if step is not None:
        wrong = wrong_at(step, door, answers.said())
        return _show(request, step, door, answers, errors=wrong, status=422)
    return _show(request, CHECK, door, replace(answers, key=""), trouble="again", status=409)


def _is_open(door: Portal) -> bool:
    return any(school.roles for school in door.schools)


def _closed(request: HttpRequest, door: Portal, answers: Answers) -> HttpResponse:
    """Nobody can be knocked on. What was typed stands there, to be copied."""
    typed = (
        answers.message, answers.name, answers.channel_value, answers.preferred_times, answers.say_instead,
    )  # fmt: skip
    kept = "\n\n".join(text for text in typed if text.strip())
    resting = any(school.has_people for school in door.schools)
    return page(request, "closed.html", {"typed": kept, "is_resting": resting}, status=409 if kept else 200)


def nobody_here(request: HttpRequest, door: Portal, answers: Answers, school: SchoolDoor) -> HttpResponse:
    """The student's own school has nobody who could keep a promise: said plainly, with the numbers that answer
    today and the next doors. What was typed goes along to whichever is chosen.
    """
    doors = nearest_doors(door, school)
    context = {
        "school": school,
        "doors": doors,
        "hidden": answers.hidden(without=("school", "role")),
        "language_form": "journey" if doors else "",
    }
    return page(request, "nobody-here.html", context)


def _show(
    request: HttpRequest,
    step: Step,
    door: Portal,
    answers: Answers,
    *,
    errors: list[FieldError] | None = None,
    trouble: str = "",
    notice: str = "",
    waits: str = "",
    status: int = 200,
) -> HttpResponse:
    if step.name == CHECK.name:
        if answers.eid and trouble != "away" and confirming.confirmed(request, answers.eid) is None:
            return _resumed(request, door, answers, _ended(), 200)
        answers = answers.with_key()
    said = answers.said()
    school = school_of(door, said)
    if step.name != "school" and school is not None and not school.roles and role_of(door, said) is None:
        return nobody_here(request, door, answers, school)
    previous = previous_step(step, door, said)
    context: dict[str, Any] = {
        "step": step,
        "number": place_of(step, door, said) + 1,
        "total": length(step, door, said),
        "back": previous.name if previous else "",
        "hidden": answers.hidden(without=step.asks),
        "answers": answers,
        "errors": [(_control_of(error.field), error.message) for error in errors or ()],
        "wrong": {error.field: error.message for error in errors or ()},
        "trouble": trouble,
        "notice": notice,
        "waits": waits,
        "language_form": "journey",
        **_CONTEXT[step.name](request, door, answers),
    }
    return page(request, f"knock/{step.name}.html", context, status=status)


def _control_of(field: str) -> str:
    """The id of the control that a message in the summary leads to."""
    cards = ("school", "role", "channel", "not_them", "spoken")
    return f"id_{field}_0" if field in cards else f"id_{field}"


def _school(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    words = request.POST.get("words", "")
    found = schools_matching(door, words)
    return {
        "search": len(door.schools) > MANY_SCHOOLS,
        "words": words,
        "options": [{"value": str(school.id), "label": school.name} for school in found],
    }


def _how(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {
        "options": [
            {"value": way.kind, "label": way.name, "hint": way.hint, "icon": way.icon} for way in WAYS
        ],
        "value": answers.channel or WAYS[0].kind,
        **choosing.chosen(door, answers),
    }


def _name(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {
        "ways": confirming.ways_at(request, door),
        "setting_out": confirming.address(),
        "confirmed": confirming.confirmed(request, answers.eid),
    }


def _reach(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {"way": BY_KIND.get(answers.channel, WAYS[0]), "is_discreet": answers.said().discreet}


def _check(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    said = answers.said()
    school, role, home = school_of(door, said), role_of(door, said), choosing.home_of(door, answers)
    names = {step.name for step in steps(door, said)}
    rows = [
        ("school", _("School"), home.name if home else ""),
        ("who", _("Who"), choosing.who_row(door, answers)),
        ("how", _("How"), BY_KIND[said.channel_kind].name if said.channel_kind in BY_KIND else ""),
        ("reach", _("How we find you"), said.channel_value or _("Not said")),
        *_discreet_row(said),
        ("reach", _("When it suits you"), said.preferred_times or _("Not said")),
        ("about", _("What it is about"), said.message or _("You say it later")),
        ("name", _("Your name"), _name_row(request, answers)),
    ]
    due = door.due_if_now(clock.this_minute(), school.id, role.id) if school and role else None
    shown = [row for row in rows if row[0] in names] + choosing.rows(door, answers)
    is_anonymous = not (said.eid or said.name.strip() or said.channel_value.strip())
    return {
        "challenge": work.challenge(),
        "rows": [{"go": go, "key": key, "value": value} for go, key, value in shown],
        "nothing_said": not said.message.strip(),
        **choosing.chosen(door, answers),
        **choosing.beside(door, answers),
        "due": due,
        "is_anonymous": is_anonymous,
        "to_whom": _known_to(door, said, speaking(), is_anonymous),
    }


def _name_row(request: HttpRequest, answers: Answers) -> str:
    """What the adult will see."""
    if not answers.eid:
        return answers.name or _("You do not say who you are")
    confirmed = confirming.confirmed(request, answers.eid)
    if confirmed is None:
        return ""
    return _("%(name)s, confirmed by %(provider)s") % {
        "name": apart(confirmed.name),
        "provider": apart(confirmed.by),
    }


def _known_to(door: Portal, said: Said, language: str, is_anonymous: bool) -> ToWhom | None:
    """Who knows what, at the door they chose. The page stands without it while the database is away."""
    school, role = school_of(door, said), role_of(door, said)
    if school is None or role is None:
        return None
    try:
        return to_whom(role.id, school.id, language, is_anonymous=is_anonymous)
    except (OperationalError, InterfaceError):
        return None


def _discreet_row(said: Said) -> list[tuple[str, str, str]]:
    if said.channel_kind not in BY_KIND or not BY_KIND[said.channel_kind].discreet:
        return []
    chosen = _("We do not say who we are") if said.discreet else _("We may say who we are")
    return [("reach", _("If it is somebody else"), chosen)]


def _nothing(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {}


_CONTEXT = {
    "school": _school,
    "who": choosing.who,
    "topic": choosing.topics,
    "not": choosing.keep_out,
    "outside": choosing.outside,
    "spoken": choosing.languages,
    "how": _how,
    "reach": _reach,
    "about": _nothing,
    "name": _name,
    "check": _check,
}
