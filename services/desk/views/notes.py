"""Private notes on the page of a request: a panel, and its buttons."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid
from services.contact.once import mark, once
from services.desk import operations
from services.desk.panels import Case, Panel
from services.desk.views.case import Said, show
from services.desk.views.frame import at_the_desk, pressed, tell


def _panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Whoever has it reads and writes; whoever was let in reads, once the conversation is open."""
    keeps = case.row.request.taken_by_id == case.actor.id and case.stage in ("mine", "closed")
    if case.opened is None:
        return None
    notes = operations.read_notes(by=case.actor, request_id=case.row.request.pk)
    if not keeps and not notes.opened and not notes.closed:
        return None
    typed = case.typed
    rows = [_row(note, typed) for note in notes.opened]
    return {
        "fold": _("Private notes"),
        "fold_note": str(len(rows)) if rows else _("none yet"),
        "fold_open": typed.get("new") or (typed.get("error") and "why" not in typed),
        "request_row": case.row.request,
        "rows": rows,
        "closed": notes.closed,
        "keeps": keeps,
        "new": typed.get("new", ""),
        "new_error": typed.get("error", "") if not {"note", "why"} & typed.keys() else "",
        "mark": mark(),
        "seen": typed.get("seen", ""),
    }


def _row(note: operations.OpenedNote, typed: Mapping[str, str]) -> dict[str, Any]:
    """A note with its own form, open where a change was refused."""
    is_refused = typed.get("note") == str(note.id)
    return {
        "note": note,
        "is_refused": is_refused,
        "field": f"note-{note.id}",
        "typed": typed.get("edited", "") if is_refused else note.text,
        "error": typed.get("error", "") if is_refused else "",
    }


PANEL = Panel("notes", "more", "desk/notes.html", _panel, order=20)


@at_the_desk
@pressed
def add(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keep a note. What was typed is shown again whatever goes wrong."""
    text, by = request.POST.get("text", ""), actor_of(request)

    form, seen = request.POST.get("once", ""), request.POST.get("seen", "")

    def keep() -> object:
        operations.add_note(by=by, request_id=request_id, text=text)
        operations.drop_draft(by=by, request_id=request_id, kind="note", mark=form, seen=seen)
        return None

    def keep_once() -> object:
        said = (text,)
        return once(
            keep,
            mark=form,
            verb="add_note",
            by=by,
            request_id=request_id,
            said=said,
        )

    return _do(request, request_id, keep_once, {"new": text}, _("The note is kept. Only you can read it."))


@at_the_desk
def change(request: HttpRequest, request_id: UUID, note_id: UUID) -> HttpResponse:
    """Change it, delete it, or undo that: whichever button was pressed."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:request", args=[request_id]))
    posted, by = request.POST, actor_of(request)
    act = posted.get("act", "restore")
    if act == "delete":
        undo = reverse("desk:note", args=[request_id, note_id])

        def delete() -> object:
            return operations.delete_note(by=by, request_id=request_id, note_id=note_id)

        return _do(request, request_id, delete, {}, _("The note is deleted."), undo)
    if act == "edit":
        text = posted.get("text", "")
        seen = int(posted["seen"]) if posted.get("seen", "").isdecimal() else 0

        def edit() -> object:
            return operations.edit_note(by=by, request_id=request_id, note_id=note_id, text=text, seen=seen)

        return _do(
            request, request_id, edit, {"note": str(note_id), "edited": text}, _("The note is changed.")
        )

    def restore() -> object:
        return operations.restore_note(by=by, request_id=request_id, note_id=note_id)

    return _do(request, request_id, restore, {}, _("The note is back."))


def _do(
    request: HttpRequest,
    request_id: UUID,
    act: Callable[[], object],
    typed: dict[str, str],
    told: str,
    undo: str = "",
) -> HttpResponse:
    """Do it and go on. A refusal is said on top, with the way to the field, and at the field; what was typed stays."""
    field = f"note-{typed['note']}" if "note" in typed else "id_note"
    try:
        act()
    except Invalid as refused:
        error = str(refused.errors[0].message)
        shown = {**typed, "error": error}
        return show(request, request_id, typed=shown, wrong=(field, error), status=422)
    except Conflict as lost:
        said, why = None if typed else Said(notice=str(lost.detail)), str(lost.detail)
        wrong = (field, why) if typed else None
        return show(request, request_id, said=said, typed={**typed, "error": why}, wrong=wrong, status=409)
    tell(request, told, undo=undo, at=PANEL.name, within=operations.UNDO_WITHIN)
    return HttpResponseRedirect(f"{reverse('desk:request', args=[request_id])}#notes")
