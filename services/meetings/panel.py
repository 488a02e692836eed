"""The section about a meeting on the student's page: what is promised, times to choose from, the one agreed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.functional import Promise as LazyText
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import Invalid, Unavailable
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact.introductions import introductions
from services.contact.machine import IN_FORCE
from services.contact.models import ContactRequest
from services.contact.panels import Panel, Seen
from services.meetings import operations
from services.meetings.models import Meeting, MeetingTime, Way
from services.meetings.queries import Shown, Standing, shown_to, was_agreed
from services.meetings.reminding import reminder_of
from services.meetings.rules import is_in_hours
from services.meetings.words import ICONS, MOVED, REMINDED, WAYS
from services.promises.queries import promises_of
from tenants.setup.queries import current_calendar, portal

State = MeetingTime.State


def context(request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """None when there is no meeting, and when it is over and says nothing that still matters."""
    if not seen.opened.request.is_open:
        return None
    standing = shown_to(seen.by, seen.opened.request, seen.now)
    if standing is None or (not standing.meeting.is_open and standing.meeting.state != Meeting.State.HELD):
        return None
    promise = standing.promise
    zone = ZoneInfo(require_current().timezone)
    language = get_language() or "en"
    return {
        "standing": standing,
        "was_held": standing.meeting.state == Meeting.State.HELD,
        "held_at": standing.last.starts_at if standing.last and standing.last.state == State.HELD else None,
        "due": promise.due_at if promise and promise.state_at(seen.now) == "waiting" else None,
        "why": why_it_moved(standing, MOVED),
        "reminder": reminder(seen.opened.request, standing, REMINDED),
        "broke": _broke(standing),
        "agreed": _shown(standing.agreed) if standing.agreed else None,
        "comes": _who_comes(seen, standing.agreed.time, language) if standing.agreed else "",
        "options": [_option(one, seen, zone.key, language) for one in standing.offered],
        "said": _said_of_the_last(standing),
        "typed": seen.posted.get("text", "") if seen.posted else "",
        "chosen": seen.posted.get("time", "") if seen.posted else "",
        "error": seen.errors[0][1] if seen.errors else "",
    }


def why_it_moved(standing: Standing, words: Mapping[str, str | LazyText]) -> str:
    """One sentence why the promise is due when it is; "" while nothing has moved it. Also for the helper's page."""
    if standing.moved is None or standing.promise is None:
        return ""
    zone, language = require_current().timezone, get_language() or "en"
    until = standing.moved.until or standing.promise.due_at
    return str(words[standing.moved.why]) % {
        "until": say_when(until, standing.now, zone, language),
        "due": say_when(standing.promise.due_at, standing.now, zone, language),
    }


def _who_comes(seen: Seen, time: MeetingTime, language: str) -> str:
    """Who comes to a time that was agreed with whoever had the conversation before; "" when nothing has changed."""
    known = introductions(seen.opened.request, language, names=portal().look.show_names)
    newest = next((one for one in reversed(known) if one.state in IN_FORCE), None)
    if newest is None or newest.accepted_at is None or time.proposed_at > newest.accepted_at:
        return ""
    said = {"from": newest.giver, "to": newest.receiver}
    if newest.walk_along:
        return _("%(to)s comes to it, and %(from)s comes along.") % said
    return _("%(to)s comes to it instead of %(from)s.") % said


def reminder(request: ContactRequest, standing: Standing, words: Mapping[str, str | LazyText]) -> str:
    """Whether the student is reminded of the agreed time; "" without one ahead. Also for the helper's page."""
    if standing.agreed is None or standing.has_begun:
        return ""
    return str(words[reminder_of(request, standing.agreed.time, standing.promise)])


def _broke(standing: Standing) -> bool:
    """Whether a promise of this meeting ran out: said with an apology until a time is agreed."""
    if standing.agreed or standing.promise is None:
        return False
    known = promises_of(standing.meeting.pk)
    return any(one.state_at(standing.now) == "broken" and one.kept_at is None for one in known)


def _option(one: Shown, seen: Seen, timezone: str, language: str) -> dict[str, Any]:
    parts = _parts(one)
    if one.time.way == Way.VIDEO:
        parts = [*parts[:-1], _("You get a link")]
    return {
        "value": str(one.time.pk),
        "label": capfirst(say_when(one.time.starts_at, seen.now, timezone, language)),
        "hint": " · ".join(parts),
    }


def _parts(one: Shown) -> list[str]:
    minutes = int((one.time.ends_at - one.time.starts_at).total_seconds() // 60)
    parts = [
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
        str(WAYS[Way(one.time.way)]),
    ]
    if not _is_open_then(one):
        parts.insert(0, _("Outside our usual hours"))
    return [*parts, one.place] if one.place else parts


def _is_open_then(one: Shown) -> bool:
    try:
        calendar, _version = current_calendar()
    except Unavailable:
        return True
    return is_in_hours(one.time.starts_at, one.time.ends_at, calendar)


def _shown(one: Shown) -> dict[str, Any]:
    is_link = one.time.way == Way.VIDEO and bool(one.place)
    return {
        "at": one.time.starts_at,
        "note": " · ".join(_parts(Shown(one.time, "")) + ([one.place] if one.place and not is_link else [])),
        "icon": ICONS[Way(one.time.way)],
        "link": one.place if is_link else "",
    }


def _said_of_the_last(standing: Standing) -> dict[str, Any] | None:
    """What a student reads of the time that was decided last: nobody is blamed."""
    last = standing.last
    if last is None or not standing.meeting.is_open or standing.agreed:
        return None
    if last.state in (State.TAKEN_BACK, State.FELL_THROUGH) and not standing.offered:
        return {"at": last.starts_at, "what": "off" if was_agreed(last) else "gone"}
    if last.state == State.NO_SHOW:
        return {"at": last.starts_at, "what": "missed"}
    return None


def act(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    """Choose, say that none fits, ask for another time, or want none any more."""
    posted = request.POST
    match posted.get("act", ""):
        case "none":
            operations.none_fit(by=by, request_id=case_id, text=posted.get("text", ""))
        case "another":
            operations.cancel(by=by, request_id=case_id, again=True)
        case "stop":
            operations.cancel(by=by, request_id=case_id, again=False)
        case _:
            operations.pick(by=by, request_id=case_id, time_id=_chosen(posted.get("time", "")))


def _chosen(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(time_0=_("Choose one of the times.")) from None


PANEL = Panel("meeting", "promise", "meetings/panel.html", context, act)
