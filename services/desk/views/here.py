"""Who else is at a request, asked by the open page every few seconds. No content, and nothing typed is touched."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.actor import actor_of
from kernel.errors import NotFound
from kernel.permissions import allowed
from services.contact.handover_queries import given_away
from services.contact.models import Handover
from services.contact.operations import taken_ago
from services.contact.queries import case_of_row, may
from services.desk import presence, queries
from services.desk.handover_words import receiver
from services.desk.views.case import stage_of
from services.desk.views.frame import at_the_desk, pressed, speaking


@at_the_desk
@pressed
def here(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """I am here; who else is, and what has changed since this page came: who has it, whether it is still there for
    me, what was written. Each change is said once.
    """
    actor = actor_of(request)
    row = queries.one(actor, request_id)
    if row is None:
        if (given := given_away(actor, request_id)) is not None:
            return _gone(request, given)
        if not request.POST.get("stage"):
            raise NotFound()
        return _answer(request, moved=_("This is with somebody else now."), again=reverse("desk:mine"))
    right = may(actor, case_of_row(row), "conversation", "detail")
    stage, before = stage_of(row, actor, is_read=right.allowed), request.POST.get("stage", "")
    said = []
    if stage not in ("shared", "offered"):
        presence.note(actor, request_id)
        said = [_said(other) for other in presence.others(actor, row.request)]
    moved = ""
    if before and before != stage:
        moved = taken_ago(row.request) if stage == "theirs" else _("This has changed since you opened it.")
    elif stage == "mine" and request.POST.get("turn", "") not in ("", queries.turn(row.request)):
        moved = _("Something new was written here.")
    news = f"{stage} {row.request.taken_by_id}" if moved and stage == "theirs" else ""
    again = reverse("desk:request", args=[request_id])
    return _answer(request, moved=moved, again=again, said=said, news=news)


def _answer(
    request: HttpRequest, *, moved: str, again: str, said: Sequence[str] = (), news: str = ""
) -> HttpResponse:
    text = " ".join([moved, *said]).strip()
    # "20 seconds ago" becomes "one minute ago": that is no news.
    known = " ".join([news or moved, *said]).strip()
    context = {
        "said": said,
        "moved": moved,
        "stage": request.POST.get("stage", ""),
        "turn": request.POST.get("turn", ""),
        "text": known,
        "announce": text if known != request.POST.get("known", "") else "",
        "again": again,
    }
    return render(request, "desk/here.html", context)


def _said(other: presence.Other) -> str:
    if other.doing == "writing":
        return _("%(name)s is writing.") % {"name": other.name}
    return _("%(name)s is looking at this.") % {"name": other.name}


def _gone(request: HttpRequest, given: Handover) -> HttpResponse:
    """Handed over while this page was open: said once, in the place of what asks, so that it asks no more."""
    if not allowed(actor_of(request), "contact.see_handover", given):
        raise NotFound()
    text = _("%(name)s has taken this over.") % {"name": receiver(given, speaking())}
    context = {"text": text, "again": reverse("desk:request", args=[given.request_id])}
    response = render(request, "desk/here-gone.html", context)
    response["HX-Reswap"] = "outerHTML"
    return response
