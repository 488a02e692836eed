"""The record that the law wants elsewhere: what is due and where, a copy for it, and that it was written."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor, actor_of
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people.identity.assurance import proof_required
from kernel.permissions import allowed
from kernel.tenancy import require_current
from services.contact import operations as contact
from services.contact.models import RecordDue
from services.contact.operations import Settling
from services.contact.queries import Listed, record_due_of
from services.desk import queries
from services.desk.panels import Case, Panel
from services.desk.record_copy import as_json, as_text
from services.desk.views.case import opened_words
from services.desk.views.frame import TAKE_OUT, at_the_desk, page, pressed, speaking
from services.desk.words import SYSTEMS
from tenants.setup.actors import today
from tenants.setup.portal import text_in
from tenants.walls.facts import duty

_IDS = {"recorded_in": "id_recorded_in", "recorded_on": "id_recorded_on", "because": "id_because"}


def what_is_due(due: RecordDue) -> dict[str, Any]:
    """In which system, and by which law."""
    found = duty(due.role or due.request.role, due.school or due.request.school, due.employer).record
    law = f"{found.source.law} {found.source.section}" if found else ""
    return {"due": due, "system": SYSTEMS.get(due.system, due.system), "law": law}


def _panel(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Above a closed request: that something is still to be recorded; once opened, what was said of it."""
    request = case.row.request
    if case.stage != "closed":
        return None
    due = record_due_of(case.actor, request.pk)
    if due is None or (due.settled and case.opened is None):
        return None
    said = case.opened.records[0] if case.opened and case.opened.records and due.settled else None
    return {**what_is_due(due), "said": said, "request_row": request}


PANEL = Panel("record", "news", "desk/record-panel.html", _panel, order=20)


@at_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """What is due, the copy, and saying that it was written: for the one who has it, and for who owes it, also where
    the request is at another door by now and nothing more of it is theirs.
    """
    actor = actor_of(request)
    if record_due_of(actor, request_id) is None:
        _mine(actor, request_id)
    if request.method != "POST":
        return _page(request, request_id, {"recorded_on": today().isoformat()})
    posted = {name: request.POST.get(name, "") for name in _IDS}
    is_written = request.POST.get("act") != "not_due"
    try:
        if is_written:
            said = Settling(posted["recorded_in"], _day(posted["recorded_on"]))
        else:
            said = Settling(because=posted["because"])
        contact.settle_record(by=actor, request_id=request_id, said=said)
    except Invalid as refused:
        names = {error.field: str(error.message) for error in refused.errors}
        if not is_written and "recorded_in" in names:
            names = {"because": _("Write why no record is due.")}
        return _page(request, request_id, posted, names)
    messages.success(request, _("Noted. Nothing more is to be recorded of this."))
    return HttpResponseRedirect(_back(queries.one(actor, request_id)))


@at_the_desk
@proof_required(TAKE_OUT)
@pressed
def copy(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The conversation to print, to copy, or as a file. An act of reading: the log has it, the student sees it."""
    actor, now = actor_of(request), clock.now()
    row = _mine(actor, request_id)
    opened = contact.copy_for_record(by=actor, request_id=request_id)
    role = text_in(row.request.role.names, speaking()) or row.request.role.key
    wanted = request.POST.get("as", "page")
    if wanted == "json":
        said = as_json(opened, role=role, by=actor.name, now=now)
        return _file(said, "application/json; charset=utf-8", "record.json")
    zone = require_current().timezone
    said = as_text(opened, role=role, by=actor.name, now=now, timezone=zone, language=speaking())
    if wanted == "text":
        return _file(said, "text/plain; charset=utf-8", "record.txt")
    context = {
        **opened_words(opened),
        "request_row": row.request,
        "role": role,
        "text": said,
        "copied_at": now,
        "copied_by": actor.name,
        "number": _("Number %(number)s") % {"number": row.request.case_number},
    }
    return page(request, "record-copy.html", "closed", context)


def _file(said: str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(said, content_type=kind, headers=headers)


def _back(row: Listed | None) -> str:
    """To the request where the actor sees it, else to the shelf."""
    return reverse("desk:request", args=[row.request.pk]) if row else reverse("desk:unrecorded")


def _page(
    request: HttpRequest, request_id: UUID, typed: dict[str, str], errors: dict[str, str] | None = None
) -> HttpResponse:
    errors, actor = errors or {}, actor_of(request)
    due, row = record_due_of(actor, request_id), queries.one(actor, request_id)
    known = due.request if due else row.request if row else None
    if known is None:
        raise NotFound()
    context = {
        "request_row": known,
        "back": _back(row),
        "may_copy": row is not None and allowed(actor, "contact.copy_for_record", row.request),
        "number": _("Number %(number)s") % {"number": known.case_number},
        "typed": typed,
        "errors": errors,
        "summary": [(_IDS[field], text) for field, text in errors.items() if field in _IDS],
        "today": today().isoformat(),
        **(what_is_due(due) if due else {}),
    }
    return page(request, "record.html", "unrecorded", context, status=422 if errors else 200)


def _mine(actor: Actor, request_id: UUID) -> Listed:
    row = queries.one(actor, request_id)
    if row is None:
        raise NotFound()
    if not allowed(actor, "contact.copy_for_record", row.request):
        raise NotAllowed(_("Only the one who has it can do this."))
    return row


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed.strip() else None
    except ValueError:
        raise Invalid(recorded_on=_("Write a date, like 2026-11-26.")) from None
