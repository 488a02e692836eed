"""Keeping what is typed, by the page's script or a button of the form itself; and replies that are ready."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid, NotFound
from services.desk import operations, presence, queries
from services.desk.models import Draft
from services.desk.views.case import Said, ready_replies, show
from services.desk.views.frame import at_the_desk, pressed


@at_the_desk
@pressed
def draft(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Keep it; `drop`: throw it away. The script sends `quiet` and gets no page."""
    posted, by = request.POST, actor_of(request)
    kind, text = posted.get("draft", Draft.Kind.REPLY), posted.get("text", "")
    if "drop" in posted:
        operations.drop_draft(by=by, request_id=request_id, kind=posted["drop"])
        messages.success(request, _("Your draft is thrown away."))
        return HttpResponseRedirect(reverse("desk:request", args=[request_id]))
    try:
        kept = operations.save_draft(
            by=by,
            request_id=request_id,
            kind=kind,
            text=text,
            mark=posted.get("once", ""),
            seen=posted.get("seen", ""),
        )
    except Invalid as refused:
        errors = tuple((one.field, str(one.message)) for one in refused.errors)
        return _again(request, request_id, kind, text, errors, status=422)
    except Conflict as lost:
        if "quiet" in posted:
            return HttpResponse(status=409)
        return _again(request, request_id, kind, text, (("text", str(lost.detail)),), status=409)
    if kept:
        presence.note(by, request_id, writes=True)
    if "quiet" in posted:
        return HttpResponse(status=204 if kept or not text.strip() else 409)
    told = _("Your draft is kept. Nobody else sees it.") if kept else _("There is nothing to keep.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("desk:request", args=[request_id]))


def _again(
    request: HttpRequest,
    request_id: UUID,
    kind: str,
    text: str,
    errors: tuple[tuple[str, str], ...],
    *,
    status: int,
) -> HttpResponse:
    """With what was typed in its own field, and why it is not kept."""
    if kind == Draft.Kind.NOTE:
        typed, wrong = {"new": text, "error": errors[0][1]}, ("id_note", errors[0][1])
        return show(request, request_id, typed=typed, wrong=wrong, status=status)
    return show(request, request_id, said=Said(text=text, errors=errors), status=status)


@at_the_desk
@pressed
def ready(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The page again, a ready reply behind what was typed; kept as a draft. Without a script; with one the words come
    in at the cursor, and nobody comes here."""
    text, by = request.POST.get("text", ""), actor_of(request)
    row = queries.one(by, request_id)
    if row is None:
        raise NotFound()
    chosen = next((one for one in ready_replies(row.request) if one["id"] == request.POST.get("ready")), None)
    if chosen is not None:
        text = f"{text.rstrip()}\n\n{chosen['text']}" if text.strip() else chosen["text"]
        mark, seen = request.POST.get("once", ""), request.POST.get("seen", "")
        with suppress(Invalid, Conflict):
            operations.save_draft(
                by=by, request_id=request_id, kind=Draft.Kind.REPLY, text=text, mark=mark, seen=seen
            )
    return show(request, request_id, said=Said(text=text))
