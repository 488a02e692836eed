"""The page in words: one sentence on top, a row a line, and "hidden" where a figure is withheld."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from kernel.ui.when import say_when
from services.insights.explained import Explained, Who
from services.insights.queries import (
    DAYS,
    Empty,
    Figures,
    Help,
    Late,
    Listed,
    Paused,
    Score,
    ToExplain,
    Unrecorded,
)
from services.insights.withholding import FEWEST, Shown
from services.promises.models import Promise
from tenants.presence.stepping_in import Person
from tenants.setup.portal import text_in


def headline(broken: int, score: Score) -> str:
    """How it stands, in one sentence."""
    if broken:
        return ngettext(
            "One promise is broken, and the student still waits.",
            "%(n)s promises are broken, and the students still wait.",
            broken,
        ) % {"n": broken}
    if score.any_broken:
        return _("Nobody waits past the promise now.")
    if score.any_due:
        return _("Every promise was kept in the last %(days)s days.") % {"days": DAYS}
    return _("No promise has come due in the last %(days)s days.") % {"days": DAYS}


def below(broken: int, score: Score) -> str:
    """What to do about it, or what else is true."""
    if broken:
        return _("Please see to it that somebody answers.")
    if score.any_broken:
        return _("Some promises were broken in the last %(days)s days.") % {"days": DAYS}
    return ""


def lines(
    listed: Listed, now: datetime, timezone: str, language: str, who: Mapping[UUID, Who] | None = None
) -> list[dict[str, Any]]:
    """A list's rows: the role, the school and when the answer is due; and what was said of it, by `who`."""
    return [
        _line(row, now, timezone, language) | _said_of(row, now, timezone, language, who or {})
        for row in listed.rows
    ]


#: Who of those in charge said what was done.
WHO: dict[Who, LazyText] = {
    "you": pgettext_lazy("said by", "you"),
    "administrator": pgettext_lazy("said by", "an administrator"),
    "lead": pgettext_lazy("said by", "a lead"),
}


def _said_of(
    row: Late, now: datetime, timezone: str, language: str, who: Mapping[UUID, Who]
) -> dict[str, str]:
    """Beside a promise that still waits: that it is settled may be true, and is not written down."""
    if not row.explained or row.said_at is None or row.id is None:
        return {}
    said = {
        "when": say_when(row.said_at, now, timezone, language),
        "what": dict(_choices(row))[row.explained],
        "who": WHO[who.get(row.id, "lead")],
    }
    unwritten = row.explained == Promise.Explained.ANSWERED
    return {
        "says": _("Said %(when)s by %(who)s: %(what)s.") % said,
        "unwritten": _("Not written down here yet.") if unwritten else "",
    }


#: What was promised, where it is not simply an answer: said in front of the place.
KINDS = {
    Promise.Kind.MEETING: gettext_lazy("Meeting"),
    Promise.Kind.HANDOVER: gettext_lazy("Handover"),
    Promise.Kind.WORRY: gettext_lazy("Worry"),
    Promise.Kind.REPLY: gettext_lazy("New message"),
}


def _line(row: Late | ToExplain, now: datetime, timezone: str, language: str) -> dict[str, Any]:
    due = say_when(row.due_at, now, timezone, language)
    promised = _("promised by %(when)s") % {"when": due}
    if row.kind == Promise.Kind.WORRY:
        promised = _("to be decided by %(when)s") % {"when": due}
    kind = KINDS.get(Promise.Kind(row.kind)) if row.kind else None
    return {
        "title": text_in(row.role, language),
        "note": " · ".join(str(part) for part in (kind, row.school, promised) if part),
        "due": row.due_at,
        "number": _("Number %(number)s") % {"number": row.number} if row.number else "",
        "case_number": row.number,
        "id": row.to_explain if isinstance(row, Late) else row.id,
        "choices": _choices(row),
    }


def anchored(*lists: list[dict[str, Any]]) -> None:
    """Give each number's first row an id that a message can lead to. A number may stand in two lists."""
    seen: set[str] = set()
    for line in (one for some in lists for one in some):
        number = line["case_number"]
        line["row_id"] = f"number-{number}" if number and number not in seen else ""
        seen.add(number)


def said_lately(
    rows: Iterable[Explained], now: datetime, timezone: str, language: str
) -> list[dict[str, Any]]:
    """The rows of what was said and can be corrected: what, and when."""
    found = []
    for row in rows:
        line = _line(row.about, now, timezone, language)
        words = dict(line["choices"])[row.said]
        when = say_when(row.said_at, now, timezone, language)
        said = _("Said %(when)s: %(what)s") % {"when": when, "what": words}
        found.append(line | {"said": row.said, "says": said, "corrections": line["choices"][1:]})
    return found


def paused(rows: Iterable[Paused], now: datetime, timezone: str, language: str) -> list[str]:
    """Whose clock stands: role and school, since and until when."""
    return [
        _("%(role)s, %(school)s: since %(since)s, until %(until)s")
        % {
            "role": text_in(row.role, language),
            "school": row.school,
            "since": say_when(row.since, now, timezone, language),
            "until": say_when(row.until, now, timezone, language),
        }
        for row in rows
    ]


def with_nobody(rows: Iterable[Empty], language: str) -> list[str]:
    """The schools, and the roles there in which nobody is."""
    return [
        f"{row.school}: {', '.join(text_in(role, language) for _door, role in row.roles)}"
        if row.roles
        else _("%(school)s: nobody holds a post there yet") % {"school": row.school}
        for row in rows
    ]


WHY = {
    "broken": (pgettext_lazy("a promise", "Broken"), "danger"),
    "danger": (gettext_lazy("In danger"), "warning"),
    "nobody": (gettext_lazy("Nobody is there"), "danger"),
}
#: Names of a list; the rest is a number.
NAMED = 6


def help_at(rows: Iterable[Help], language: str, *, gives: bool) -> list[dict[str, Any]]:
    """Who could step in at each door, and the act that fits. `gives`: whether the reader gives posts themselves."""
    return [_help(row, text_in(row.role, language), gives) for row in rows]


def _help(row: Help, role: str, gives: bool) -> dict[str, Any]:
    why, tone = WHY[row.why]
    others = [*row.who.elsewhere, *row.who.lent]
    return {
        "place": f"{role}, {row.school}",
        "why": why,
        "tone": tone,
        "here": [_named(one) for one in row.who.here],
        "elsewhere": [_to_give(one, row.school, gives) for one in others[:NAMED]],
        "more": max(0, len(others) - NAMED),
        "nobody": not row.who.here and not others,
    }


def _named(person: Person) -> dict[str, str]:
    """Somebody to write to: an address of their own, and no word of what about."""
    return {
        "name": person.name,
        "write": _("Write to %(name)s") % {"name": person.name} if person.email else "",
        "mail": f"mailto:{person.email}" if person.email else "",
    }


def _to_give(person: Person, school: str, gives: bool) -> dict[str, str]:
    notes = [", ".join(person.at)]
    if person.lent_by:
        notes.append(_("lent by %(lender)s, by agreement") % {"lender": person.lent_by})
    if person.is_substitute:
        notes.append(_("named as a substitute here"))
    where = reverse("setup:person", args=[person.account_id]) if gives else ""
    said = _("Give %(name)s a post at %(school)s") % {"name": person.name, "school": school}
    return {**_named(person), "note": " · ".join(notes), "give": said if gives else "", "href": where}


def to_ask(people: Iterable[Person]) -> list[dict[str, str]]:
    """Administrators, for a lead who cannot give posts."""
    return [_named(one) for one in people]


def to_record(rows: Iterable[Unrecorded], language: str) -> list[str]:
    """Who still has to record how many elsewhere: role, school and the count."""
    nobodys = _("%(who)s. Nobody answers there any more: give somebody the post, and they can record it.")
    said = []
    for row in rows:
        who = f"{text_in(row.role, language)}, {row.school}: {row.count}"
        said.append(nobodys % {"who": who} if row.is_nobodys else who)
    return said


#: What the lead may say was done. Nothing is typed: words about a student have no place here.
EXPLAINED = {
    Promise.Explained.ANSWERED: gettext_lazy("The student has been answered now"),
    Promise.Explained.GIVEN_ON: gettext_lazy("Somebody else has it now"),
    Promise.Explained.STAFFED: gettext_lazy("We have seen to it that more people answer"),
    Promise.Explained.CALENDAR: gettext_lazy("The calendar or the promise was wrong and is changed"),
    Promise.Explained.OTHER: gettext_lazy("Something else, dealt with outside of here"),
}


def to_explain(
    rows: Iterable[ToExplain], now: datetime, timezone: str, language: str
) -> list[dict[str, Any]]:
    """The rows of what the lead has still to say."""
    return [_line(row, now, timezone, language) for row in rows]


#: The first of them, where what was promised is not an answer.
SETTLED = {
    Promise.Kind.MEETING: gettext_lazy("The student has had the meeting, or has a time for it"),
    Promise.Kind.WORRY: gettext_lazy("It has been decided now what to do"),
}
_OFFER_SETTLED = gettext_lazy("It is settled now who has it")


def _choices(row: Late | ToExplain) -> list[tuple[str, str]]:
    """What may have been done about a promise of its kind."""
    settled = SETTLED.get(Promise.Kind(row.kind)) if row.kind else None
    if row.is_offer:
        settled = _OFFER_SETTLED
    said = {**EXPLAINED, Promise.Explained.ANSWERED: settled or EXPLAINED[Promise.Explained.ANSWERED]}
    return [("", _("Choose")), *((key.value, str(text)) for key, text in said.items())]


def headers() -> list[str]:
    return [
        _("School and role"),
        pgettext("figures of promises", "Promised"),
        pgettext("figures of promises", "Reached in time"),
        pgettext("figures of promises", "Tried in time"),
        pgettext("figures of promises", "Broken"),
    ]


def cells(figures: Figures, language: str) -> list[list[str]]:
    """The table's rows; the last one is what is too few to stand alone."""
    rows = [
        _cells(
            f"{row.school}: {text_in(row.role, language)}", row.shown, hidden=pgettext("a figure", "hidden")
        )
        for row in figures.rows
    ]
    if figures.together:
        name = _("All with fewer than %(n)s, together") % {"n": FEWEST}
        rows.append(_cells(name, figures.together, hidden=pgettext("a figure", "hidden")))
    return rows


def _cells(name: str, shown: Shown, *, hidden: str) -> list[str]:
    every = (shown.promised, shown.reached, shown.tried, shown.broken)
    return [name, *(hidden if figure is None else str(figure) for figure in every)]


def too_few(figures: Figures, language: str) -> str:
    """ "Rosthaug vgs: Helsesykepleier, Psykolog. Lier vgs: Rådgiver." """
    schools: dict[str, list[str]] = {}
    for school, role in figures.few:
        schools.setdefault(school, []).append(text_in(role, language))
    return " ".join(f"{school}: {', '.join(roles)}." for school, roles in schools.items())


def is_anything_hidden(figures: Figures) -> bool:
    shown = [*(row.shown for row in figures.rows), figures.together]
    return bool(figures.few) or any(one is not None and one.reached is None for one in shown)
