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
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact import operations, work
from services.contact.channels import BY_KIND, WAYS
from services.contact.door import nearest_doors, schools_matching
from services.contact.journey import (
    CHECK,
    Answers,
    Step,
    first_wrong,
    length,
    next_step,
    previous_step,
    step_named,
    steps,
    wrong_at,
)
from services.contact.origin import own_pages_only
from services.contact.rules import Said, is_found_only_here, role_of, school_of
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
        (one for one in (spoken, speaking()) if one in door.language_codes), door.default_language
    )
    with translation.override(language):
        answers = replace(answers, language=language)
        response = _answer(request, door, answers)
    if request.POST.get("speak"):
        remember_language(response, language)
    response["Content-Language"] = language
    return response


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
        return _show(request, step_named("", door, answers.said()), door, answers)
    step = step_named(posted["step"], door, answers.said())
    if posted.get("go"):
        return _show(request, step_named(posted["go"], door, answers.said()), door, answers)
    if posted.get("speak") or "find" in posted or _only_searched(step, posted):
        return _show(request, step, door, answers)
    if posted["step"] == CHECK.name:
        return _send(request, door, answers)
    if "skip" in posted and step.may_skip:
        answers = replace(answers, **dict.fromkeys(step.asks, ""))
    wrong = wrong_at(step, door, answers.said())
    if wrong:
        return _show(request, step, door, answers, errors=wrong, status=422)
    return _show(request, next_step(step, answers, door), door, answers)


def _only_sends(posted: QueryDict) -> bool:
    return posted.get("step") == CHECK.name and not posted.get("go") and not posted.get("speak")


def _only_searched(step: Step, posted: QueryDict) -> bool:
    """Enter in the search field presses "Next": with words and no school chosen, it was a search."""
    return step.name == "school" and bool(posted.get("words")) and not posted.get("school")


def _send(request: HttpRequest, door: Portal, answers: Answers) -> HttpResponse:
    """Knock. Whatever goes wrong, everything typed stands in the page that comes back.

    The operation is asked first, whatever has closed: what was accepted before gets its answer again.
    """
    said = answers.said()
    try:
        accepted = operations.knock(
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
            work=request.POST.get("work", ""),
        )
    except (OperationalError, InterfaceError, Unavailable):
        return _show(request, CHECK, door, answers, trouble="away", status=503)
    except (Conflict, Invalid):
        return _not_accepted(request, door, answers)
    return receipt_page(request, accepted, only_way_back=is_found_only_here(said))


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
    typed = (answers.message, answers.name, answers.channel_value, answers.preferred_times)
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
    status: int = 200,
) -> HttpResponse:
    if step.name == CHECK.name:
        answers = answers.with_key()
    said = answers.said()
    school = school_of(door, said)
    if step.name != "school" and school is not None and not school.roles and role_of(door, said) is None:
        return nobody_here(request, door, answers, school)
    asked = steps(door, said)
    previous = previous_step(step, door, said)
    context: dict[str, Any] = {
        "step": step,
        "number": [one.name for one in asked].index(step.name) + 1,
        "total": length(step, door, said),
        "back": previous.name if previous else "",
        "hidden": answers.hidden(without=step.asks),
        "answers": answers,
        "errors": [(_control_of(error.field), error.message) for error in errors or ()],
        "wrong": {error.field: error.message for error in errors or ()},
        "trouble": trouble,
        "language_form": "journey",
        **_CONTEXT[step.name](request, door, answers),
    }
    return page(request, f"knock/{step.name}.html", context, status=status)


def _control_of(field: str) -> str:
    """The id of the control that a message in the summary leads to."""
    return f"id_{field}_0" if field in ("school", "role", "channel") else f"id_{field}"


def _school(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    words = request.POST.get("words", "")
    found = schools_matching(door, words)
    return {
        "search": len(door.schools) > MANY_SCHOOLS,
        "words": words,
        "options": [{"value": str(school.id), "label": school.name} for school in found],
    }


def _who(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    school, language = school_of(door, answers.said()), speaking()
    if school is None:
        return {"options": []}
    now, zone = clock.this_minute(), require_current().timezone
    options = []
    for role in school.roles:
        due = door.due_if_now(now, school.id, role.id)
        when = say_when(due, now, zone, language) if due else ""
        options.append(
            {
                "value": str(role.id),
                "label": role.name(language),
                "hint": _who_hint(role.people, role.describe(language)),
                "note": _("Answers by %(when)s") % {"when": when} if when else "",
            }
        )
    return {"school": school, "options": options}


def _who_hint(people: tuple[str, ...], describes: str) -> str:
    return " · ".join(part for part in (", ".join(people), describes) if part)


def _how(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {
        "options": [
            {"value": way.kind, "label": way.name, "hint": way.hint, "icon": way.icon} for way in WAYS
        ]
    }


def _reach(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {"way": BY_KIND.get(answers.channel, WAYS[0]), "is_discreet": answers.said().discreet}


def _check(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    said, language = answers.said(), speaking()
    school, role = school_of(door, said), role_of(door, said)
    names = {step.name for step in steps(door, said)}
    rows = [
        ("school", _("School"), school.name if school else ""),
        ("who", _("Who"), role.name(language) if role else ""),
        ("how", _("How"), BY_KIND[said.channel_kind].name if said.channel_kind in BY_KIND else ""),
        ("reach", _("How we find you"), said.channel_value or _("Not said")),
        *_discreet_row(said),
        ("reach", _("When it suits you"), said.preferred_times or _("Not said")),
        ("about", _("What it is about"), said.message or _("You say it later")),
        ("name", _("Your name"), said.name or _("You do not say who you are")),
    ]
    due = door.due_if_now(clock.this_minute(), school.id, role.id) if school and role else None
    return {
        "challenge": work.challenge(),
        "rows": [{"go": go, "key": key, "value": value} for go, key, value in rows if go in names],
        "due": due,
        "is_anonymous": not (said.name.strip() or said.channel_value.strip()),
    }


def _discreet_row(said: Said) -> list[tuple[str, str, str]]:
    if said.channel_kind not in BY_KIND or not BY_KIND[said.channel_kind].discreet:
        return []
    chosen = _("We do not say who we are") if said.discreet else _("We may say who we are")
    return [("reach", _("If it is somebody else"), chosen)]


def _nothing(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    return {}


_CONTEXT = {
    "school": _school,
    "who": _who,
    "how": _how,
    "reach": _reach,
    "about": _nothing,
    "name": _nothing,
    "check": _check,
}
