"""What the two pages show, for whoever shows them: set-up to administrators, insights to leads."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.guarantee import CountedHours, Guarantee, WorkingDays
from tenants.feasibility import picture, words
from tenants.feasibility.forms import TrialForm
from tenants.feasibility.gaps import STATES, Outlook
from tenants.feasibility.helping import Proposal, proposals
from tenants.feasibility.plan import Door, Plan, with_guarantee, with_substitutes, with_weekdays
from tenants.feasibility.queries import current_plan, posts_at
from tenants.presence.presence import mask_of, weekdays_of
from tenants.presence.queries import accounts
from tenants.setup.models import HelperRole, Post
from tenants.setup.portal import text_in
from tenants.setup.queries import portal
from tenants.setup.words import in_words

#: Gaps that the overview says in words; the rest is behind the doors.
SAID = 6
#: Schools that such a line names.
NAMED = 5

type AddressOf = Callable[[Door], str]


@dataclass(frozen=True, slots=True)
class Names:
    """What doors are called in the reader's language."""

    schools: Mapping[UUID, str]
    roles: Mapping[UUID, str]

    def door(self, door: Door) -> str:
        role, school = door
        return f"{self.roles[role]}, {self.schools[school]}"


def names() -> Names:
    """One query."""
    language = get_language() or "en"
    roles = HelperRole.objects.filter(closed_on=None).order_by("order", "key")
    return Names(
        {school.id: school.name for school in portal().schools},
        {role.pk: text_in(role.names, language) or role.key for role in roles},
    )


# --- overview ------------------------------------------------------------------------------------------


def overview(schools: Collection[UUID] | None, address_of: AddressOf) -> dict[str, Any]:
    """Schools (None: all) × roles, the worst first. The same few queries however many there are."""
    plan, called, now = current_plan(), names(), clock.now()
    doors = [door for door in plan.doors if schools is None or door[1] in schools]
    coming = plan.outlooks(now, doors)
    shown = [role for role in plan.roles if any(door[0] == role for door in coming)]
    worst = {
        school: _together(coming[door] for door in coming if door[1] == school)
        for school in dict.fromkeys(door[1] for door in coming)
    }
    rows = [
        {
            "school": called.schools[school],
            "cells": [
                _cell(called.roles[role], coming.get((role, school)), (role, school), address_of)
                for role in shown
            ],
        }
        for school in sorted(worst, key=lambda school: (*(-n for n in worst[school]), called.schools[school]))
    ]
    said = _said(coming, called, address_of)
    return {
        "heads": [called.roles[role] for role in shown],
        "rows": rows,
        "said": said[:SAID],
        "more": max(0, len(said) - SAID),
        "gaps": sum(len(one.gaps) for one in coming.values()),
        "alone": any(one.count("alone") for one in coming.values()),
        "nobody_yet": [
            called.schools[school] for school in plan.without_people if schools is None or school in schools
        ],
        "legend": _legend(coming.values()),
    }


def _together(coming: Iterable[Outlook]) -> tuple[int, ...]:
    """How bad a school is, all its doors taken together."""
    return tuple(map(sum, zip(*(one.badness for one in coming), strict=True)))


def _said(coming: Mapping[Door, Outlook], called: Names, address_of: AddressOf) -> list[dict[str, Any]]:
    """Gaps in words, the first day first; one line where a role has the same at several schools."""
    found: dict[tuple[date, str, str], list[Door]] = {}
    for door, one in coming.items():
        for gap in one.gaps:
            key = (gap.knocks[0], called.roles[door[0]], words.said_gap(gap))
            found.setdefault(key, []).append(door)
    return [
        {
            "role": role,
            "text": text,
            "places": [{"text": called.schools[door[1]], "href": address_of(door)} for door in doors[:NAMED]],
            "more": max(0, len(doors) - NAMED),
        }
        for (_day, role, text), doors in sorted(found.items(), key=lambda pair: pair[0])
    ]


def _cell(role: str, coming: Outlook | None, door: Door, address_of: AddressOf) -> dict[str, Any]:
    if coming is None:
        return {"role": role}
    text, tone = words.in_short(coming)
    return {
        "role": role,
        "text": text,
        "tone": tone,
        "href": address_of(door),
        "strip": picture.strip(coming.days),
    }


def _legend(coming: Collection[Outlook]) -> list[dict[str, Any]]:
    """Of the states that are in the picture."""
    there = {day.state for one in coming for day in one.days}
    return [
        {"state": state, "word": words.STATES[state][0], "means": words.STATES[state][1]}
        for state in STATES
        if state in there
    ]


# --- a door ----------------------------------------------------------------------------------------------


def door(at: Door, typed: QueryDict, *, here: str, gives: bool) -> dict[str, Any] | None:
    """The 30 days of one door and what is tried of it; None where there is no such door. `gives`: the reader may
    change set-up."""
    plan, called, now = current_plan(), names(), clock.now()
    coming = plan.outlooks(now, [at]).get(at) if at in plan.doors else None
    promised = plan.guarantee(at)
    if coming is None or promised is None:
        return None
    own, others = posts_at(at)
    form = TrialForm(
        typed if "try" in typed else None,
        posts=[(str(post.pk), _called(post, own)) for post in own],
        weekdays=plan.calendar.open_hours if plan.calendar else (),
        people=sorted(
            {(str(who), name) for one in others.values() for who, name in one.items()}, key=_by_name
        ),
        received=promised.received_when_closed if isinstance(promised, WorkingDays) else "next_open_day",
    )
    return {
        "form": form,
        "role": called.roles[at[0]],
        "school": called.schools[at[1]],
        "promised": in_words(promised),
        "headline": _headline(coming),
        "said": words.said_gaps(coming.gaps),
        "legend": _legend([coming]),
        "heads": picture.weekday_heads(),
        "weeks": picture.weeks(coming.days),
        "lines": _lines(coming),
        "helps": _helps(plan, at, now, own, others, here) if coming.gaps else [],
        "real": _real(at, own) if gives else [],
        **_tried(form, plan, at, now, coming, others),
    }


def _by_name(pair: tuple[str, str]) -> str:
    return pair[1]


def _called(post: Post, own: list[Post]) -> str:
    """The holder; from when, where one holds several posts one after another."""
    several = sum(other.account_id == post.account_id for other in own) > 1
    return f"{post.account.name}, {words.said_day(post.starts_on)}" if several else post.account.name


def _headline(coming: Outlook) -> str:
    n = coming.count("gap")
    if n:
        return words.days_with_a_gap(n)
    if coming.count("alone"):
        return _("It can be kept, and hangs on one person")
    return _("It can be kept on every day")


def _lines(coming: Outlook) -> list[dict[str, Any]]:
    """A line a date: who is there and by what, and by when a knock at its beginning is answered."""
    called = {one.pk: one.name for one in accounts(who for day in coming.days for who in day.people)}
    return [
        {
            "day": words.said_day(day.day),
            "people": "; ".join(
                f"{called[who]} ({words.AS_WHAT[how]})" for who, how in day.people.items() if who in called
            )
            if day.closed is None
            else "",
            "due": words.said_due(day.due) if day.due else "",
            "state": words.on_that_day(day) if day.closed is not None else words.STATES[day.state][0],
            "tone": words.TONES[day.state],
            "is_gap": day.state == "gap",
        }
        for day in coming.days
    ]


def _helps(
    plan: Plan, at: Door, now: datetime, own: list[Post], others: Mapping[UUID, Mapping[UUID, str]], here: str
) -> list[dict[str, str]]:
    rows = {row.pk: row for row in own}
    held = {post.post_id: post for post in plan.roster.posts}
    posts = [held[pk] for pk in rows if pk in held]
    sorted_others = {pk: sorted(found, key=lambda who: found[who]) for pk, found in others.items()}
    return [
        {**_proposed(one, rows, others, here), "left": words.left_of_it(one.left)}
        for one in proposals(plan, at, now, posts, sorted_others)
    ]


def _proposed(
    one: Proposal, rows: Mapping[UUID, Post], others: Mapping[UUID, Mapping[UUID, str]], here: str
) -> dict[str, str]:
    """In words, and the address that tries it."""
    tries: dict[str, Any] = {"try": "1"}
    if one.guarantee is not None:
        text = _("An adult answers %(when)s.") % {"when": in_words(one.guarantee)}
        tries |= _as_typed(one.guarantee)
        return {"text": text.rstrip("."), "href": f"{here}?{urlencode(tries)}#trial"}
    assert one.post_id is not None
    post = rows[one.post_id]
    tries["post"] = str(post.pk)
    if one.weekday is not None:
        tries["weekdays"] = [*weekdays_of(post.weekdays), one.weekday]
        text = _("%(name)s on one weekday more: %(weekday)s") % {
            "name": post.account.name,
            "weekday": WEEKDAYS[one.weekday - 1],
        }
    else:
        assert one.substitute is not None
        tries["substitute"] = str(one.substitute)
        text = _("%(substitute)s stands in for %(name)s") % {
            "substitute": others[post.pk][one.substitute],
            "name": post.account.name,
        }
    return {"text": text, "href": f"{here}?{urlencode(tries, doseq=True)}#trial"}


def _as_typed(guarantee: Guarantee) -> dict[str, Any]:
    if isinstance(guarantee, CountedHours):
        return {"kind": "counted_hours", "amount": int(guarantee.hours)}
    return {"kind": "working_days", "amount": guarantee.days}


def _tried(
    form: TrialForm,
    plan: Plan,
    at: Door,
    now: datetime,
    coming: Outlook,
    others: Mapping[UUID, Mapping[UUID, str]],
) -> dict[str, Any]:
    """What would be, beside what is. Nothing is stored."""
    if not form.is_bound or not form.is_valid():
        return {}
    typed, tried = form.cleaned_data, plan
    post_id = UUID(typed["post"]) if typed["post"] else None
    if post_id and typed["weekdays"]:
        tried = with_weekdays(post_id, mask_of(int(day) for day in typed["weekdays"]))(tried)
    if post_id and typed["substitute"]:
        who = UUID(typed["substitute"])
        if who not in others[post_id]:
            form.add_error(
                "substitute", _("This person cannot stand in for that post. Choose somebody else.")
            )
            return {}
        named = tried.roster.substitutes.get(post_id, ())
        tried = with_substitutes(post_id, dict.fromkeys((*named, who)))(tried)
    instead = form.guarantee()
    if instead is not None:
        tried = with_guarantee((at[1], at[0]), instead)(tried)
    if tried is plan:
        form.add_error(None, _("Choose what to try: weekdays, somebody who stands in, or another promise."))
        return {}
    then = tried.outlooks(now, [at])[at]
    return {
        "then": {
            "now": words.in_short(coming)[0],
            "now_strip": picture.strip(coming.days),
            "then": words.in_short(then)[0],
            "then_strip": picture.strip(then.days),
            "tone": "success" if not then.gaps else "warning" if then.badness < coming.badness else "danger",
            "said": words.said_gaps(then.gaps),
        }
    }


def _real(at: Door, own: list[Post]) -> list[dict[str, str]]:
    """Where an administrator changes it."""
    role, school = at
    posts = [
        {
            "text": _("Weekdays and substitutes: %(name)s") % {"name": post.account.name},
            "href": reverse("presence:post", args=[post.pk]),
        }
        for post in own
    ]
    promise = {
        "text": _("The promise at this door"),
        "href": f"{reverse('setup:guarantees')}?{urlencode({'school': school, 'role': role})}",
    }
    return [*posts, promise, {"text": _("Give somebody a post"), "href": reverse("setup:people")}]
