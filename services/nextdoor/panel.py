"""The section on the student's page: the next door is offered, or which one they asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import FieldError, Invalid
from kernel.tenancy import require_current
from kernel.ui.bidi import apart, joined, listed
from kernel.ui.when import say_when
from services.contact.handover_queries import beginnings
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, ConversationMessage, NextDoor
from services.contact.panels import Panel, Seen
from services.contact.taking_over import left_without_anybody
from services.nextdoor import operations
from services.nextdoor.queries import Door, answer_to, left_out, offered, sent_by
from services.nextdoor.words import READS, SHARES
from tenants.setup.models import HelperRole
from tenants.setup.portal import text_in
from tenants.setup.queries import portal

#: Where an error of the operation stands on the page.
_CONTROLS = {"role": "role_0", "shares": "shares_0", "text": "next_door_text"}


def context(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """After a broken promise the doors that are offered; once one was asked, which, and what it reads. Before it breaks
    too, where nobody is left who could answer: that somebody is being found, and by when."""
    request, language = seen.opened.request, get_language() or "en"
    if seen.standing.word == "broken":
        return _offer(seen, language)
    if seen.standing.word in ("waiting", "tried") and left_without_anybody(request):
        return {"nobody": _promised(seen, language)}
    sent = sent_by(request) if request.is_open else None
    if sent is None or sent.to_role is None:
        return None
    return {
        "sent": sent,
        "to": listed([_name(sent.to_role, language), request.school.name]),
        "old": _name(sent.from_role, language),
        "reads": READS[sent.shares],
        "writes_to": "" if _has_words(request, sent) else _who(request, sent.to_role, language),
        "error": seen.errors[0][1] if seen.errors else "",
    }


def _has_words(request: ContactRequest, sent: NextDoor) -> bool:
    """Whether the new door has something of the student's to read."""
    if sent.shares == NextDoor.Shares.EVERYTHING:
        return True
    said = request.messages.filter(sender=ConversationMessage.Sender.STUDENT, number__gt=sent.open_after)
    return said.exists()


def _who(request: ContactRequest, role: HelperRole, language: str) -> str:
    """Whoever has it now, by name where the municipality shows names; else the role."""
    holder = holder_of(request) if portal().look.show_names else None
    return holder.get_short_name() if holder else _name(role, language)


def _offer(seen: Seen, language: str) -> dict[str, Any] | None:
    request, broken = seen.opened.request, seen.opened.promise
    if broken is None:
        return None
    doors, said = offered(request), answer_to(broken)
    wrong = {field.removeprefix("id_"): text for field, text in seen.errors}
    posted: Mapping[str, Any] = seen.posted or {}
    typed = posted.get("text", "") if "role" in posted else ""  # else it was typed in the form for writing
    return {
        "old": _name(request.role, language),
        "doors": _rows(
            [_option(door, seen, language) for door in doors], posted.get("role", ""), bool(wrong or typed)
        ),
        "shares": list(SHARES.items()),
        "reads": READS[NextDoor.Shares.EVERYTHING],
        "has_older": beginnings([request.pk])[request.pk] > 0,
        "has_way": bool(seen.opened.channel_value or seen.opened.name),
        "is_waiting": said is not None and said.to_role_id is None and not seen.errors,
        "chosen_shares": posted.get("shares", ""),
        "typed": typed,
        "wrong": wrong,
        "error": wrong.get(PANEL.name, ""),
        "why": seen.errors[0][1] if seen.errors else "",
    }


def _rows(doors: list[dict[str, Any]], asked: str, is_open: bool) -> list[dict[str, Any]]:
    """The doors as they stand on the page, one form each. `is_theirs`: what was posted stands in this one, and so do
    the errors; the first while nothing was, or the door is gone."""
    theirs = next((number for number, door in enumerate(doors) if door["value"] == asked), 0)
    for number, door in enumerate(doors):
        door["is_theirs"] = number == theirs
        door["is_open"] = door["is_theirs"] and is_open
        door["id"] = "id_role_0" if number == theirs else f"id_role-{number}"
        door["shares_id"], door["text_id"] = f"id_shares-{number}", f"id_next_door_text-{number}"
    return doors


def _promised(seen: Seen, language: str) -> str:
    due = seen.standing.due
    if due is None:
        return ""
    when = say_when(due, seen.now, require_current().timezone, language)
    return _("You hear from us by %(when)s.") % {"when": when}


def _option(door: Door, seen: Seen, language: str) -> dict[str, Any]:
    due = say_when(door.due, seen.now, require_current().timezone, language)
    answers = _("You hear from us by %(when)s.") % {"when": due}
    return {
        "value": str(door.role.id),
        "label": listed([door.role.name(language), door.school]),
        "asks": door.people[0] if len(door.people) == 1 else door.role.name(language),
        "hint": joined(listed(door.people), door.role.keep(language) or door.role.describe(language)),
        "note": " ".join([answers, *_without(door)]),
    }


def _without(door: Door) -> list[str]:
    """That whom the student keeps out does not get it: by name where the school shows names."""
    names, and_others = left_out(door)
    said = [_("%(name)s does not get it.") % {"name": apart(name)} for name in names]
    return [*said, _("Whom you said no to does not get it.")] if and_others else said


def _name(role: HelperRole, language: str) -> str:
    return text_in(role.names, language) or role.key


def act(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    """Yes to one of them, or no: wait."""
    posted = request.POST
    if posted.get("act") == "wait":
        operations.wait(by=by, request_id=case_id)
        return
    try:
        operations.ask(
            by=by,
            request_id=case_id,
            role_id=_chosen(posted.get("role", "")),
            shares=posted.get("shares", NextDoor.Shares.NOT),
            text=posted.get("text", ""),
        )
    except Invalid as refused:
        named = [FieldError(_CONTROLS.get(one.field, one.field), one.message) for one in refused.errors]
        raise Invalid(named) from None


def _chosen(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


PANEL = Panel(
    "next-door",
    "promise",
    "nextdoor/panel.html",
    context,
    act,
    order=10,
    simple="nextdoor/simple.html",
    leaves=frozenset({"wait"}),
)
