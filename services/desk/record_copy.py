"""A conversation as a copy for the record elsewhere: plain text, and JSON. Pure."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.ui.when import say_when
from services.contact.models import ConversationMessage
from services.contact.operations import Conversation, Line
from services.desk.words import OUTCOMES, WAYS


def as_text(opened: Conversation, *, role: str, by: str, now: datetime, timezone: str, language: str) -> str:
    """Head, then everything that was said and done in the order of time."""

    def when(instant: datetime | None) -> str:
        return say_when(instant, now, timezone, language) if instant else "–"

    request = opened.request
    head = [
        (_("Number"), request.case_number),
        (_("Where"), f"{request.school.name}, {role}"),
        (_("Student"), opened.name or _("Student without name")),
        (_("How the student wanted to be reached"), _reach(opened)),
        (_("Knocked"), when(request.opened_at)),
        (pgettext("when it ended", "Closed"), when(request.closed_at)),
        (_("How it ended"), str(OUTCOMES.get(request.outcome, "–"))),
        (_("Copied by"), f"{by}, {when(now)}"),
    ]
    said = [(line.at, _sender(line.sender, line.name), _words(line)) for line in opened.lines]
    done = [(one.at, one.by.get_short_name(), _done(one.kind, one.outcome)) for one in opened.attempts]
    body = [f"{when(at)}, {who}:\n{text}" for at, who, text in in_order(said, done, lambda line: line[0])]
    return "\n\n".join(["\n".join(f"{name}: {value}" for name, value in head), *body]) + "\n"


def in_order[T](said: Sequence[T], done: Sequence[T], at: Callable[[T], datetime]) -> list[T]:
    """Messages as they were written, and what was done among them by its time.

    A student's message is known to the minute alone: of two in one minute the clock does not say which came first.
    """
    so_far = accumulate((at(one) for one in said), max)
    timed = [*zip(so_far, said, strict=True), *((at(one), one) for one in done)]
    return [one for _at, one in sorted(timed, key=lambda pair: pair[0])]


def _words(line: Line) -> str:
    """What was written, and what went with it by name: the files are saved beside the copy."""
    named = [_("File: %(name)s") % {"name": file.name} for file in line.files]
    return "\n".join(part for part in (line.text, *named) if part)


def _reach(opened: Conversation) -> str:
    way = str(WAYS[opened.request.channel_kind].name)
    return f"{way}: {opened.channel_value}" if opened.channel_value else way


def _sender(sender: str, name: str) -> str:
    if sender == ConversationMessage.Sender.STUDENT:
        return _("The student")
    if sender == ConversationMessage.Sender.FRIEND:
        return _("A friend of the student, %(tag)s") % {"tag": name}
    return name or _("A helper") if sender == ConversationMessage.Sender.HELPER else _("The platform")


def _done(kind: str, outcome: str) -> str:
    way = WAYS[kind]
    return str(way.reached if outcome == "reached" else way.tried)


def as_json(opened: Conversation, *, role: str, by: str, now: datetime) -> str:
    """The same for a program: instants in ISO 8601, UTC; states and ways as the API names them."""
    request = opened.request
    document: dict[str, Any] = {
        "case_number": request.case_number,
        "school": request.school.name,
        "role": role,
        "student": {"name": opened.name or None, "reached_by": opened.channel_value or None},
        "channel": request.channel_kind,
        "opened_at": _iso(request.opened_at),
        "closed_at": _iso(request.closed_at),
        "outcome": request.outcome or None,
        "messages": [
            {
                "from": line.sender,
                "name": line.name or None,
                "at": _iso(line.at),
                "text": line.text,
                "files": [
                    {"number": file.number, "name": file.name, "kind": file.kind} for file in line.files
                ],
            }
            for line in opened.lines
        ],
        "contacts": [
            {"by": one.by.name, "kind": one.kind, "outcome": one.outcome, "at": _iso(one.at)}
            for one in opened.attempts
        ],
        "copied_by": by,
        "copied_at": _iso(now),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _iso(instant: datetime | None) -> str | None:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None
