"""The pages on which a student finds the right one: whom they want, what it is about, who must not get it, somebody
outside their school, in which language. What each shows, as values; nothing is kept."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _

from kernel import clock
from kernel.tenancy import require_current
from kernel.ui.bidi import apart, joined, listed
from kernel.ui.when import say_when
from services.contact.journey import Answers
from services.contact.rules import SAYS_INSTEAD, Said, kept_apart, role_of, school_of
from services.contact.topic_words import topic_text
from services.contact.views.pages import speaking
from services.contact.whom import (
    Answering,
    adults_at,
    answering,
    named,
    outside_doors,
    proposed,
    spoken_at,
    stands_on_them,
    topic_of,
    whoever_holds_a_post,
)
from tenants.setup.countries import REVIEWED_BY_US
from tenants.setup.portal import Adult, Portal, RoleAtSchool, SchoolDoor
from tenants.setup.tongues import TONGUES, tongue
from tenants.setup.topics import GRAVE, NEXT_STEPS


def home_of(door: Portal, answers: Answers) -> SchoolDoor | None:
    """The student's own school, also when they chose somebody outside it."""
    said = answers.said()
    return door.school(said.home_school_id) if said.home_school_id else school_of(door, said)


# --- whom they want -----------------------------------------------------------------------------------------


def who(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    """Roles with the people who hold them; nobody whom the student keeps out, nor a role that stands on them alone."""
    home = home_of(door, answers)
    if home is None:
        return {"options": []}
    aside = frozenset(answers.said().not_them)
    left = [role for role in home.roles if not stands_on_them(door, home.id, role.id, aside)]
    alone = [role.name(speaking()) for role in home.roles if role not in left]
    options = [option for role in left for option in _options(door, home, role, aside)]
    return {
        "school": home,
        "options": options,
        "value": answers.role,
        "alone": listed(alone),
        "has_topics": any(topic.is_shown for topic in door.topics) and bool(left),
        "may_keep_out": bool(adults_at(home)),
        "kept_out": listed(_names(door, answers.said().not_them)),
        "may_go_outside": bool(outside_doors(door, home, aside)),
    }


def _options(
    door: Portal, school: SchoolDoor, role: RoleAtSchool, aside: frozenset[UUID]
) -> list[dict[str, Any]]:
    """The role; below it its people, where there are several to choose from."""
    people = [adult for adult in role.adults if adult.id not in aside]
    alone = people[0] if len(role.adults) == 1 and people else None
    note = _away_of(door, school, role, alone, aside) if alone else ""
    names = listed(adult.name for adult in people)
    hint = joined(names, role.describe(speaking()), _answers_in(role.speaks), note)
    found = [
        {
            "value": str(role.id),
            "label": role.name(speaking()),
            "hint": hint,
            "note": _by(door, school.id, role),
        }
    ]
    if len(role.adults) > 1:
        found += [_person(door, school, role, adult, aside) for adult in people]
    return found


def _person(
    door: Portal, school: SchoolDoor, role: RoleAtSchool, adult: Adult, aside: frozenset[UUID]
) -> dict[str, Any]:
    away = _away_of(door, school, role, adult, aside)
    return {
        "value": f"{role.id}/{adult.id}",
        "label": adult.name,
        "hint": joined(role.name(speaking()), _answers_in(adult.speaks), away),
        "face": True,
    }


def _by(door: Portal, school_id: UUID, role: RoleAtSchool) -> str:
    now = clock.this_minute()
    due = door.due_if_now(now, school_id, role.id)
    when = say_when(due, now, require_current().timezone, speaking()) if due else ""
    return _("Answers by %(when)s") % {"when": when} if when else ""


def _answers_in(codes: tuple[str, ...]) -> str:
    """Said where it says something: an adult has told it, and it is not the language of the page alone."""
    if not codes or codes == (speaking(),):
        return ""
    return _("Answers in %(languages)s") % {"languages": listed(tongue(code) for code in codes)}


def _away_of(
    door: Portal, school: SchoolDoor, role: RoleAtSchool, adult: Adult, aside: frozenset[UUID]
) -> str:
    return say_away(answering(door, school.id, role.id, adult, aside))


def say_away(one: Answering) -> str:
    """Until when somebody is away, and who answers instead; "" when they answer themselves."""
    if not one.is_away:
        return ""
    name = _short(one.adult)
    if one.back_on:
        day = formats.date_format(one.back_on, "l j. F" if speaking() != "en" else "l j F")
        away = _("%(name)s is away until %(day)s.") % {"name": apart(name), "day": day}
    else:
        away = _("%(name)s is away.") % {"name": apart(name)}
    if one.nobody:
        return f"{away} {_('Choose another.')}"
    if one.instead:
        return f"{away} {_('%(name)s answers instead.') % {'name': apart(_short(one.instead))}}"
    return f"{away} {_('A colleague answers instead.')}"


def _short(adult: Adult) -> str:
    return adult.name.split(" ", 1)[0]


# --- what it is about ---------------------------------------------------------------------------------------


def topics(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    rows = [{"key": rule.key, "text": topic_text(door, rule.key)} for rule in door.topics if rule.is_shown]
    return {"topics": rows}


def with_proposal(door: Portal, answers: Answers) -> Answers:
    """The role that the topic proposes at the student's own school, chosen for them to see and change. Unchanged where
    nobody is left."""
    school = home_of(door, answers)
    if school is None:
        return answers
    topic = topic_of(door, answers.topic)
    aside = frozenset(answers.said().not_them)
    role = proposed(door, school, topic, aside, clock.this_minute())
    return replace(answers, role=str(role.id)) if role else answers


def chosen(door: Portal, answers: Answers) -> dict[str, Any]:
    """What stands above the questions that follow: who it is for, who answers when they are away, and with a grave
    topic the numbers and what happens next."""
    said = answers.said()
    school, role = school_of(door, said), role_of(door, said)
    grave = answers.topic if answers.topic in GRAVE else ""
    return {
        "grave": grave,
        "next_steps": NEXT_STEPS.get(grave, ()),
        "proposal": role.name(speaking()) if role and answers.topic and not said.person_id else "",
        "proposal_people": listed(role.people) if role else "",
        "away": _away_now(door, said, school, role),
    }


def _away_now(door: Portal, said: Said, school: SchoolDoor | None, role: RoleAtSchool | None) -> str:
    adult = _wanted(said, role)
    if adult is None or school is None or role is None:
        return ""
    return _away_of(door, school, role, adult, kept_apart(door, said))


def _wanted(said: Said, role: RoleAtSchool | None) -> Adult | None:
    """The adult they chose; also the only one of a role."""
    if role is None:
        return None
    if said.person_id is None:
        return role.adults[0] if len(role.adults) == 1 else None
    return next((adult for adult in role.adults if adult.id == said.person_id), None)


# --- who must not get it, and somebody outside --------------------------------------------------------------


def keep_out(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    home, chosen_ids = home_of(door, answers), answers.not_them.split()
    rows = adults_at(home) if home else ()
    still = [
        one for one in answers.said().not_them if one in whoever_holds_a_post(door) and not named(door, one)
    ]
    unnamed = [{"value": str(one), "label": _unnamed(), "face": True, "checked": True} for one in still]
    return {
        "options": [
            {
                "value": str(adult.id),
                "label": adult.name,
                "hint": role.name(speaking()),
                "face": True,
                "checked": str(adult.id) in chosen_ids,
            }
            for role, adult in rows
        ]
        + unnamed,
        "value": chosen_ids,
        "may_go_outside": bool(home and outside_doors(door, home, frozenset())),
    }


def outside(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    home = home_of(door, answers)
    found = outside_doors(door, home, frozenset(answers.said().not_them)) if home else ()
    return {
        "home": home,
        "options": [
            {
                "value": f"{one.role.id}@{one.school.id}",
                "label": one.role.name(speaking()),
                "hint": joined(one.school.name, listed(one.role.people), one.role.describe(speaking())),
                "note": _by(door, one.school.id, one.role),
            }
            for one in found
        ],
        "value": answers.role,
    }


# --- languages ----------------------------------------------------------------------------------------------


def languages(request: HttpRequest, door: Portal, answers: Answers) -> dict[str, Any]:
    """The languages an adult there answers in, the one of the page first; all others with an interpreter."""
    there = sorted(
        _answered_in(door, answers), key=lambda code: (code != speaking(), list(TONGUES).index(code))
    )
    others = [(code, name) for code, name in TONGUES.items() if code not in there]
    others.sort(key=lambda one: one[0] != speaking())
    hint = _("An adult answers in this")
    return {
        "options": [{"value": code, "label": tongue(code), "hint": hint} for code in there],
        "value": answers.spoken if answers.spoken in there else "",
        "others": [("", _("No other language")), *others],
        "other": "" if answers.spoken in there else answers.spoken,
    }


def _answered_in(door: Portal, answers: Answers) -> tuple[str, ...]:
    return spoken_at(door, role_of(door, answers.said()), REVIEWED_BY_US)


def with_interpreter(door: Portal, answers: Answers) -> Answers:
    """The interpreter goes with every language that nobody there answers in."""
    needed = bool(answers.spoken) and answers.spoken not in _answered_in(door, answers)
    return replace(answers, interpreter="yes" if needed else "")


# --- the check page -----------------------------------------------------------------------------------------


def who_row(door: Portal, answers: Answers) -> str:
    """Whom it is for, in words."""
    said = answers.said()
    school, role = school_of(door, said), role_of(door, said)
    if role is None:
        return ""
    wanted = next((adult.name for adult in role.adults if adult.id == said.person_id), "")
    parts = [wanted, role.name(speaking()), school.name if school and said.home_school_id else ""]
    return listed(part for part in parts if part)


def rows(door: Portal, answers: Answers) -> list[tuple[str, str, str]]:
    """What was said beside the way, as (where it is changed, what, how)."""
    said = answers.said()
    found = []
    if answers.topic:
        found.append(("topic", _("It is about"), topic_text(door, answers.topic)))
    if kept_out := _names(door, said.not_them):
        found.append(("not", _("Must not get it"), listed(kept_out)))
    if said.spoken:
        name = tongue(said.spoken)
        how = _("%(language)s, with an interpreter") % {"language": name} if said.interpreter else name
        found.append(("spoken", _("Language"), how))
    if said.say_instead.strip() and said.channel_kind in SAYS_INSTEAD:
        found.append(("reach", _("Say this to somebody else"), said.say_instead))
    return found


def beside(door: Portal, answers: Answers) -> dict[str, bool]:
    """What can be said from the check page that was not asked on the way."""
    home = home_of(door, answers)
    return {
        "may_keep_out": bool(home and adults_at(home)) and not answers.not_them,
        "may_choose_language": not answers.spoken,
    }


def without_the_gone(door: Portal, answers: Answers) -> Answers:
    """Whoever holds no post anywhere by now cannot get it, and is nobody to keep out. Whoever is merely no longer
    named stays kept out.
    """
    there = whoever_holds_a_post(door)
    kept = [one for one in answers.said().not_them if one in there]
    return replace(answers, not_them=" ".join(map(str, kept)))


def _names(door: Portal, ids: tuple[UUID, ...]) -> list[str]:
    """By name, or as somebody whose name is not shown (any more); whoever has left is none of them."""
    found = [named(door, one) for one in ids if one in whoever_holds_a_post(door)]
    return list(dict.fromkeys(adult.name if adult else _unnamed() for adult in found))


def _unnamed() -> str:
    return _("An adult whose name we do not show")
