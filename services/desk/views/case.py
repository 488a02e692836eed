"""One request: what stands in the open for everybody at its door, what is sealed for the one who has it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import NotFound
from kernel.permissions import allowed
from kernel.screen import is_shared
from kernel.tenancy import require_current
from kernel.ui.context import own_name
from services.attachments.intake import DOCUMENTS
from services.contact import once
from services.contact.enclosing import may_enclose
from services.contact.files_on_pages import shown as shown_files
from services.contact.handover_queries import given_away, promise_of_offer
from services.contact.models import Channel, ContactAttempt, ContactRequest, ConversationMessage, Handover
from services.contact.operations import (
    Conversation,
    Line,
    opens_again_until,
    read_conversation,
)
from services.contact.queries import Listed, Shelf, case_of_row, may
from services.desk import operations, panels, queries
from services.desk.handover_words import receiver
from services.desk.next_act import counts_as_contact, next_act
from services.desk.panels import Stage
from services.desk.record_copy import in_order
from services.desk.strip import Say, strip
from services.desk.views.frame import at_the_desk, page, pressed, speaking, told
from services.desk.views.shelves import listing
from services.desk.wish_words import danger_sign, first_for, wish_words
from services.desk.words import OUTCOMES, WAYS, student_called
from services.meetings.queries import Standing, shown_to
from services.promises.queries import next_reply
from tenants.setup.portal import text_in
from tenants.setup.queries import canned_replies
from tenants.walls.facts import asked_once


@dataclass(frozen=True, slots=True)
class Said:
    """What the helper typed and what was wrong with it, for showing the page again."""

    text: str = ""
    at: str = ""
    kind: str = ""  # chosen under "another way"; "" when that part was not sent
    notice: str = ""
    errors: tuple[tuple[str, str], ...] = ()

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id of the field, message) for the summary above the form."""
        ids = {
            "text": "id_text",
            "files": "id_files",
            "at": "id_other_at" if self.kind else "id_at",
            "kind": "id_kind",
        }
        return [(ids.get(field, ""), text) for field, text in self.errors]

    def error(self, field: str) -> str:
        return next((text for name, text in self.errors if name == field), "")

    @property
    def text_error(self) -> str:
        return self.error("text")

    @property
    def files_error(self) -> str:
        return " ".join(text for name, text in self.errors if name == "files")

    @property
    def at_error(self) -> str:
        return "" if self.kind else self.error("at")

    @property
    def other_at_error(self) -> str:
        return self.error("at") if self.kind else ""

    @property
    def kind_error(self) -> str:
        return self.error("kind")


@at_the_desk
@require_safe
def case(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request; its words only for the one who has it, with a row in the read log. Whoever handed it over reads who
    has it now, and nothing else. What is not there for its reader (any more), or never was, gets one answer.
    """
    try:
        return show(request, request_id)
    except NotFound:
        actor = actor_of(request)
        given = given_away(actor, request_id)
        if given is None or not allowed(actor, "contact.see_handover", given):
            return page(request, "gone.html", None, {}, status=404)
        return _gone_over(request, given)


def _gone_over(request: HttpRequest, handover: Handover) -> HttpResponse:
    context = {
        "to": receiver(handover, speaking()),
        "at": handover.accepted_at,
        "number": _("Number %(number)s") % {"number": handover.request.case_number},
    }
    return page(request, "given-away.html", "handed", context)


@at_the_desk
@pressed
def read(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Read what is not mine: an act of its own, in the read log with its reason (contact knows which)."""
    return show(request, request_id, reads=True)


def show(
    request: HttpRequest,
    request_id: UUID,
    *,
    said: Said | None = None,
    reads: bool = False,
    typed: Mapping[str, str] | None = None,
    wrong: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one request; `typed` is for the panels, and `wrong` what was wrong in one of their forms: (id of the
    field, message). Raises NotFound for whoever does not answer at its door.
    """
    with asked_once():
        return _show(request, request_id, said=said, reads=reads, typed=typed, wrong=wrong, status=status)


def _show(
    request: HttpRequest,
    request_id: UUID,
    *,
    said: Said | None,
    reads: bool,
    typed: Mapping[str, str] | None,
    wrong: tuple[str, str] | None,
    status: int,
) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound()
    right = may(actor, case_of_row(row), "conversation", "detail")
    stage = stage_of(row, actor, is_read=right.allowed)
    shelf = _SHELF_OF.get(stage, "waiting")
    opened = None
    if stage == "mine" or reads:
        opened = read_conversation(by=actor, request_id=request_id)
    meeting = shown_to(actor, row.request, now) if stage == "mine" else None
    versions = queries.draft_versions(actor, request_id)
    drafts = operations.read_drafts(by=actor, request_id=request_id)
    typed = {"new": drafts.get("note", ""), **(typed or {})}
    typed["seen"] = _seen_version(request, "note", typed["new"], drafts, versions)
    said, messages = said or Said(), told(request)
    if not (said.text or said.errors):
        said = replace(said, text=drafts.get("reply", ""))
    context = {
        **listing(actor, shelf, current=request_id, shared=is_shared(request)),
        "is_case": True,
        "said": said,
        "errors": [*said.summary, *([wrong] if wrong else [])],
        "draft": drafts.get("reply", ""),
        "is_draft": bool(said.text) and said.text == drafts.get("reply"),
        "ready": ready_replies(row.request) if stage == "mine" else [],
        "may_enclose": stage == "mine" and may_enclose(actor, row.request),
        "accept": DOCUMENTS,
        "seen": _seen_version(request, "reply", said.text, drafts, versions),
        **_in_the_open(row, stage, now, shared=is_shared(request), meeting=meeting),
        **(opened_words(opened) if opened else {}),
        **_acts(row, stage, now),
        "may_read": right.allowed,
        "again_until": _again_until(actor, row, now),
        "is_taken_out": may(actor, case_of_row(row), "extraction", "export").allowed,
        "let_in_by_two": right.why == "two_persons",
        "came": _came_from(row) if stage == "mine" else {},
    }
    at_panels = {name: some[-1] for name, some in messages.items() if name}
    about = panels.Case(row, actor, stage, now, opened, meeting, typed, at_panels)
    context["panels"] = shown = panels.shown(request, about)
    context["is_asked"] = any(one.name == "answer" for one in shown.get("news", []))
    if context["is_asked"]:
        context["strip"] = None  # who is asked to take it over reads the clock where they answer
    there = {one.name for some in shown.values() for one in some if one.summary}
    # What belongs to a panel that is not there any more is said at the top.
    context["told"] = [one for name, some in messages.items() if name not in there for one in some]
    return page(request, "case.html", shelf, context, status=status)


def _again_until(actor: Actor, row: Listed, now: datetime) -> datetime | None:
    """Until when this reader can open again what was closed with a flood."""
    until = opens_again_until(row.request)
    is_open = until is not None and now <= until and allowed(actor, "contact.undo_close", row.request)
    return until if is_open else None


def ready_replies(request: ContactRequest) -> list[dict[str, str]]:
    """What the role has ready: its title in the reader's language, its text in the student's, the door filled in."""
    found = []
    for one in canned_replies(request.role_id):
        text: str = text_in(one.texts, request.language)
        names = {
            "{role}": text_in(request.role.names, request.language) or request.role.key,
            "{school}": request.school.name,
        }
        for place, name in names.items():
            text = text.replace(place, name)
        found.append({"id": str(one.pk), "title": text_in(one.titles, speaking()), "text": text})
    return found


def _seen_version(
    request: HttpRequest, kind: str, shown: str, drafts: Mapping[str, str], versions: Mapping[str, str]
) -> str:
    """The version of the draft that a form may write over: the one it shows, or the one the form that was sent here
    has shown or written. "" where another window wrote it.
    """
    version, posted = versions.get(kind, ""), request.POST
    is_own = shown == drafts.get(kind, "") or operations.is_of_form(
        version, mark=posted.get("once", ""), seen=posted.get("seen", "")
    )
    return version if is_own else ""


#: The tab a request stands under.
_SHELF_OF: dict[Stage, Shelf] = {
    "mine": "mine",
    "closed": "closed",
    "shared": "shared",
    "offered": "handed",
}


def stage_of(row: Listed, actor: Actor, *, is_read: bool = True) -> Stage:
    """free: nobody has it; mine; theirs: a colleague has it; closed; at another's door: shared, I was let in, or
    (not `is_read`) offered to me.
    """
    if not actor.holds(row.request.role_id, row.request.school_id):
        return "shared" if is_read else "offered"
    if not row.request.is_open:
        return "closed"
    if row.request.taken_by_id is None:
        return "free"
    return "mine" if row.request.taken_by_id == actor.id else "theirs"


def _in_the_open(
    row: Listed, stage: Stage, now: datetime, *, shared: bool, meeting: Standing | None
) -> dict[str, Any]:
    """What everybody at the door may see: enough to decide, nothing that was written. What comes next about a `meeting`
    only for the one who has it.
    """
    request, language, timezone = row.request, speaking(), require_current().timezone
    role = text_in(request.role.names, language) or request.role.key
    number = _("Number %(number)s") % {"number": request.case_number}
    is_urgent = row.is_grave and stage in ("free", "mine", "theirs")
    is_anothers = request.is_open and stage in ("theirs", "shared", "offered")
    promised = (
        None
        if is_anothers
        else strip(
            row,
            Say(now, timezone, language),
            offered=promise_of_offer(request.pk) if stage == "mine" else None,
            meeting=counts_as_contact(request, row.promise, meeting),
        )
    )
    comes_next = next_act(meeting, timezone=timezone, language=language)
    return {
        "row": row,
        "request_row": request,
        "stage": stage,
        "turn": queries.turn(request) if stage == "mine" else "",
        "who": student_called(queries.is_named(request)),
        "chips": [
            *([danger_sign(shared=shared)] if is_urgent else []),
            f"{request.school.name}, {role}",
            number,
            own_name(request.language),
            *first_for(row.wished),
        ],
        "wish": WAYS[request.channel_kind].wish,
        "taken_by": request.taken_by.get_short_name() if request.taken_by else "",
        "outcome": OUTCOMES.get(request.outcome, ""),
        "strip": promised,
        "comes_next": comes_next,
        "filled": "secondary" if comes_next and comes_next.what == "tell" else "primary",
        "contact_first": bool(comes_next and promised and comes_next.comes_after(promised.state)),
    }


def opened_words(opened: Conversation) -> dict[str, Any]:
    """What was sealed: the name, how to reach the student, the conversation with the attempts in it."""
    request = opened.request
    value = opened.channel_value
    number = "".join(sign for sign in value if sign.isdigit() or sign == "+")
    scheme = {"phone": "tel:", "sms": "sms:"}.get(request.channel_kind, "")
    mail = f"mailto:{value}" if request.channel_kind == Channel.EMAIL else ""
    return {
        "opened": opened,
        "who": opened.name or _("Student without name"),
        "reach": value,
        "reach_icon": {"phone": "phone", "sms": "sms", "email": "mail"}.get(request.channel_kind, ""),
        "reach_href": f"{scheme}{number}" if scheme and number else mail,
        "manner": _manner(request),
        "times": opened.preferred_times,
        "wished": wish_words(opened.wish),
        "lines": _lines(opened),
        "closed": opened.closed_before + opened.closed_apart,
    }


def _manner(request: ContactRequest) -> str:
    """What the student asked of whoever calls or writes to a phone that somebody else may pick up."""
    if request.channel_kind == Channel.PHONE:
        said = _("If somebody else answers: do not say who you are."), _("You may say who you are.")
    elif request.channel_kind == Channel.SMS:
        said = _("Others may see the message: do not write who you are."), _("You may write who you are.")
    else:
        return ""
    return said[0] if request.discreet else said[1]


#: What comes by itself comes with the breaking of its promise.
_AT_ONCE = timedelta(minutes=1)


def _came_from(row: Listed) -> dict[str, Any]:
    """Who had it when its promise broke and it came to the one who has it, as long as its student waits. Later it may
    have been let go and taken: then nothing is said.
    """
    at = row.request.taken_at
    broke = [one for one in row.promises if one.went_from_id and one.broken_at]
    if at is None or not broke or not row.waits():
        return {}
    newest = max(broke, key=lambda one: one.broken_at or at)
    came_by_it = newest.broken_at is not None and timedelta() <= at - newest.broken_at < _AT_ONCE
    if newest.went_from is None or not came_by_it:
        return {}
    return {"name": newest.went_from.get_short_name(), "at": at}


def _lines(opened: Conversation) -> list[dict[str, Any]]:
    """Messages and attempts in the order of time. An answer in the conversation speaks for itself."""
    said = [
        {
            "at": line.at,
            "text": line.text,
            "own": line.sender == ConversationMessage.Sender.HELPER,
            "system": line.sender == ConversationMessage.Sender.SYSTEM,
            "name": _called(line),
            "note": _("The student sees this in a moment.")
            if line.is_on_its_way
            else _seen(line.sender, line.seen_at),
            "files": shown_files(
                line.files, lambda number: reverse("desk:file", args=[opened.request.pk, number])
            ),
        }
        for line in opened.lines
    ]
    done = [
        {
            "at": attempt.at,
            "system": True,
            "text": f"{attempt.by.get_short_name()}: "
            f"{WAYS[attempt.kind].reached if attempt.outcome == 'reached' else WAYS[attempt.kind].tried}",
            "note": _note(attempt),
        }
        for attempt in opened.attempts
        if attempt.kind != Channel.CONVERSATION
    ]
    return in_order(said, done, lambda line: line["at"])


def _note(attempt: ContactAttempt) -> str:
    if not attempt.as_chosen:
        return _("Not the way the student chose: the clock went on.")
    is_on_its_way = attempt.visible_at is not None and attempt.visible_at > clock.now()
    return _("The student sees this in a moment.") if is_on_its_way else ""


def _called(line: Line) -> str:
    """A friend by what the student calls them, and that it is a friend."""
    if line.sender == ConversationMessage.Sender.FRIEND:
        return _("%(tag)s, a friend of the student") % {"tag": line.name}
    return line.name


def _seen(sender: str, seen_at: datetime | None) -> str:
    if sender != ConversationMessage.Sender.HELPER:
        return ""
    return pgettext("message", "Read") if seen_at else _("Not read yet")


def _acts(row: Listed, stage: Stage, now: datetime) -> dict[str, Any]:
    """What can be done now; `next_act` is the one filled button of the page."""
    request = row.request
    writes_here = request.is_found_only_here
    asks = next_reply(row.promises) is not None
    runs = row.waits() and not asks
    if stage != "mine":
        next_act = "take" if stage == "free" else ""
    else:
        next_act = "contact" if runs and not writes_here else "reply"
    others = [(kind, str(way.name)) for kind, way in WAYS.items() if kind != Channel.CONVERSATION]
    return {
        "next_act": next_act,
        "way": WAYS[request.channel_kind],
        "writes_here": writes_here,
        "runs": runs,
        "asks": asks and stage == "mine",
        "other_summary": _("The student was reached in another way") if runs else _("Write down a contact"),
        "other_ways": [pair for pair in others if pair[0] != request.channel_kind or writes_here or not runs],
        "mark": once.mark(),
        "other_mark": once.mark(),
        "meeting_mark": once.mark(),
        "undo": reverse("desk:release", args=[request.pk]),
    }
