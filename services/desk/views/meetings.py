"""The meeting on the page of a request: a panel, and its one address for every act."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Conflict, Invalid, Unavailable
from kernel.guarantee import due_at
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact.once import mark, once
from services.desk.panels import Case, Panel
from services.desk.views.case import show
from services.desk.views.frame import at_the_desk, pressed, speaking, tell
from services.meetings import operations
from services.meetings.models import MeetingTime, Way
from services.meetings.panel import reminder, why_it_moved
from services.meetings.queries import Shown, Standing
from services.meetings.rules import MOST_TIMES, USUAL, Proposed, instant_of
from services.meetings.words import ICONS, MOVED_FOR_HELPERS, REMINDED_FOR_HELPERS, URGENCIES, WAYS
from services.promises.models import Promise
from tenants.setup.queries import current_calendar, meetings_within

LENGTHS = (15, 30, 45, 60, 90)
#: How many rows for a time are in sight; the rest is folded.
SHOWN = 2


def _panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Only for the one who has it, with the conversation open."""
    if case.stage != "mine" or case.opened is None:
        return None
    standing = case.meeting if case.meeting and case.meeting.meeting.is_open else None
    typed = case.typed if case.typed.get("meeting") else {}
    errors = {key.removeprefix("error:"): text for key, text in typed.items() if key.startswith("error:")}
    strip = _strip(standing) if standing else None
    return {
        "fold": _("Meeting"),
        "fold_note": _how_it_stands(standing, strip),
        "fold_open": bool(typed) or (strip and strip["state"] == "broken"),
        "request_row": case.row.request,
        "standing": standing,
        "strip": strip,
        "urgencies": _urgencies(case),
        "urgency": typed.get("urgency", standing.meeting.urgency if standing else ""),
        "agreed": _row(standing.agreed) if standing and standing.agreed else None,
        "why": why_it_moved(standing, MOVED_FOR_HELPERS) if standing and standing.agreed else "",
        "reminder": reminder(case.row.request, standing, REMINDED_FOR_HELPERS) if standing else "",
        "offered": [_row(one, standing.promise) for one in standing.offered] if standing else [],
        "promised": _promised(standing),
        "too_late": _too_late(standing),
        "typed": typed,
        "act": typed.get("meeting", ""),
        "errors": errors,
        "summary": [(_IDS.get(field, f"id_{field}"), text) for field, text in errors.items() if field],
        "trouble": errors.get("", ""),
        "rows": (rows := _rows(typed, errors))[:SHOWN],
        "more_rows": rows[SHOWN:],
        "is_more": any(row["day"] or row["at"] or row["error"] for row in rows[SHOWN:]),
        "ways": [(way.value, str(WAYS[way])) for way in Way],
        "way": typed.get("way", _usual_way(case)),
        "minutes": typed.get("minutes", str(USUAL)),
        "lengths": [(str(n), _("%(n)d minutes") % {"n": n}) for n in LENGTHS],
        "first_day": case.now.astimezone(_zone()).date().isoformat(),
        "mark": mark(),
    }


#: Where a field is, for the summary above the form; of the others it is told by their name.
_IDS = {"reason": "id_meeting_reason", "urgency": "id_urgency_0", "times": "id_day_0"}


def _zone() -> ZoneInfo:
    return ZoneInfo(require_current().timezone)


def _usual_way(case: Case) -> str:
    """As the student wants to be reached, where that is a way to meet."""
    return {"phone": Way.PHONE.value, "video": Way.VIDEO.value, "walk": Way.WALK.value}.get(
        case.row.request.channel_kind, Way.ROOM.value
    )


def _urgencies(case: Case) -> list[dict[str, str]]:
    """Each with the time it would promise now."""
    request, zone = case.row.request, require_current().timezone
    try:
        calendar, _version = current_calendar()
    except Unavailable:
        return []
    found = []
    for urgency, value in meetings_within(request.school_id, request.role_id).items():
        due = due_at(calendar, value, clock.minute(case.now))
        when = say_when(due, case.now, zone, speaking()) if due else ""
        note = _("You meet by %(when)s") % {"when": when} if when else ""
        found.append({"value": urgency, "label": str(URGENCIES[urgency]), "note": note})
    return found


def _strip(standing: Standing) -> dict[str, Any] | None:
    """The promise of the meeting, while no time is agreed."""
    promise = standing.promise
    if promise is None or standing.agreed:
        return None
    when = say_when(promise.due_at, standing.now, require_current().timezone, speaking())
    late = promise.state_at(standing.now) == "broken"
    note = "" if late else why_it_moved(standing, MOVED_FOR_HELPERS)
    text = _("You should have met by %(when)s.") if late else _("You meet by %(when)s.")
    return {"text": text % {"when": when}, "note": note, "state": "broken" if late else "open"}


def _promised(standing: Standing | None) -> str:
    """By when one meets, to stand beside the times: while that runs, and no time is agreed."""
    promise = standing.promise if standing else None
    if standing is None or promise is None or standing.agreed or promise.state_at(standing.now) != "waiting":
        return ""
    return say_when(promise.due_at, standing.now, require_current().timezone, speaking())


def _too_late(standing: Standing | None) -> str:
    """What is open for choice keeps no promise: each time lies after it. "" while one would keep it."""
    when = _promised(standing)
    if standing is None or standing.promise is None or not when or not standing.offered:
        return ""
    if any(one.time.starts_at <= standing.promise.due_at for one in standing.offered):
        return ""
    return ngettext(
        "The time you propose is after what is promised: %(when)s.",
        "Every time you propose is after what is promised: %(when)s.",
        len(standing.offered),
    ) % {"when": when}


def _how_it_stands(standing: Standing | None, strip: dict[str, Any] | None) -> str:
    """The fold's own line: the time, or by when there is to be one."""
    if standing is None:
        return _("none agreed")
    if standing.agreed is None:
        return str(strip["text"]) if strip else ""
    when = say_when(standing.agreed.time.starts_at, standing.now, require_current().timezone, speaking())
    return _("You meet %(when)s.") % {"when": when}


def _row(one: Shown, promise: Promise | None = None) -> dict[str, Any]:
    """`is_late`: it would not keep this promise."""
    minutes = int((one.time.ends_at - one.time.starts_at).total_seconds() // 60)
    parts = [_("%(n)d minutes") % {"n": minutes}, str(WAYS[Way(one.time.way)]), one.place]
    return {
        "id": str(one.time.pk),
        "at": one.time.starts_at,
        "said": say_when(one.time.starts_at, clock.now(), require_current().timezone, speaking()),
        "says": " · ".join(part for part in parts if part),
        "icon": ICONS[Way(one.time.way)],
        "is_late": promise is not None and one.time.starts_at > promise.due_at,
    }


def meeting_says(time: MeetingTime) -> str:
    """When and how one meets, on one line: "tomorrow at 10:00, in a room"."""
    when = say_when(time.starts_at, clock.now(), require_current().timezone, speaking())
    return f"{when}, {str(WAYS[Way(time.way)]).lower()}"


def _rows(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "key": str(n),
            "number": n + 1,
            "day": typed.get(f"day_{n}", ""),
            "at": typed.get(f"at_{n}", ""),
            "error": errors.get(f"day_{n}", ""),
        }
        for n in range(MOST_TIMES)
    ]


PANEL = Panel("meeting", "more", "desk/meeting.html", _panel, order=10)


@at_the_desk
@pressed
def meeting(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Agree how urgent, propose, take back, move, write down what came of it: whichever button was pressed.

    Done once for a form sent twice. A refusal shows the request again with everything typed (422, 409).
    """
    posted, by = request.POST, actor_of(request)
    typed = {key: str(said) for key, said in posted.items() if key not in ("csrfmiddlewaretoken", "once")}
    act = posted.get("act", "")
    typed["meeting"] = act
    try:
        once(
            lambda: _ACTS[act](by, request_id, typed) if act in _ACTS else None,
            mark=posted.get("once", "")[:100],
            verb=f"meeting:{act}",
            by=by,
            request_id=request_id,
            said=tuple(f"{key}={value}" for key, value in sorted(typed.items())),
        )
    except Invalid as refused:
        errors = {f"error:{error.field}": str(error.message) for error in refused.errors}
        return show(request, request_id, typed={**typed, **errors}, status=422)
    except Conflict as lost:
        return show(request, request_id, typed={**typed, "error:": str(lost.detail)}, status=409)
    tell(request, _told(act), at=PANEL.name)
    return HttpResponseRedirect(f"{reverse('desk:request', args=[request_id])}#meeting")


def _told(act: str) -> str:
    return {
        "urgency": _("The student sees by when you meet."),
        "propose": _("The student can choose a time now."),
        "take_back": _("The time is taken back."),
        "move": _("Moved. The student can choose a new time."),
        "held": _("Written down: you have met."),
        "no_show": _("Written down. The student sees that you try again."),
    }.get(act, "")


def _set_urgency(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    return operations.set_urgency(by=by, request_id=request_id, urgency=typed.get("urgency", ""))


def _propose(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    times, rows = _times(typed)
    try:
        return operations.propose(
            by=by,
            request_id=request_id,
            times=times,
            urgency=typed.get("urgency", ""),
            outside_hours="outside" in typed,
        )
    except Invalid as refused:
        raise _as_typed(refused, rows) from None


def _take_back(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    return operations.take_back(
        by=by, request_id=request_id, time_id=_id(typed), reason=typed.get("text", "")
    )


def _move(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    times, rows = _times(typed)
    try:
        return operations.move(
            by=by,
            request_id=request_id,
            time_id=_id(typed),
            reason=typed.get("text", ""),
            times=times,
            outside_hours="outside" in typed,
        )
    except Invalid as refused:
        raise _as_typed(refused, rows) from None


def _held(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    return operations.record_held(by=by, request_id=request_id)


def _no_show(by: Actor, request_id: UUID, typed: Mapping[str, str]) -> object:
    return operations.record_no_show(by=by, request_id=request_id)


_ACTS = {
    "urgency": _set_urgency,
    "propose": _propose,
    "take_back": _take_back,
    "move": _move,
    "held": _held,
    "no_show": _no_show,
}


def _id(typed: Mapping[str, str]) -> UUID:
    try:
        return UUID(typed.get("time", ""))
    except ValueError:
        raise Conflict(_("This time is not open any more.")) from None


def _times(typed: Mapping[str, str]) -> tuple[list[Proposed], list[int]]:
    """The rows that say something, and which row each is. Raises Invalid (day_N) for what is no time."""
    found: list[Proposed] = []
    rows: list[int] = []
    for n in range(MOST_TIMES):
        day, at = typed.get(f"day_{n}", "").strip(), typed.get(f"at_{n}", "").strip()
        if not day and not at:
            continue
        try:
            starts_at = instant_of(day, at, _zone())
        except Invalid as refused:
            raise Invalid(**{f"day_{n}": refused.errors[0].message}) from None
        minutes = typed.get("minutes", "")
        length = int(minutes) if minutes.isdecimal() and len(minutes) < 5 else 0
        found.append(Proposed(starts_at, length, typed.get("way", ""), typed.get("place", "")))
        rows.append(n)
    return found, rows


def _as_typed(refused: Invalid, rows: list[int]) -> Invalid:
    """The operation's fields under the names they have in the form."""
    named: dict[str, Any] = {}
    for error in refused.errors:
        _of, number, field = [*error.field.split("."), "", ""][:3]
        if field == "starts_at":
            named[f"day_{rows[int(number)]}"] = error.message
        elif field:
            named[field] = error.message
        else:
            named["day_0" if error.field == "times" else error.field] = error.message
    return Invalid(**named)
