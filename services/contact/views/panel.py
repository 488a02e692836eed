"""What a student sends with the form of a panel (services.contact.panels)."""

from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import Actor
from kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from services.contact import operations, visit
from services.contact.once import once
from services.contact.origin import own_pages_only
from services.contact.panels import Panel, named
from services.contact.views.conversation import not_sent, open_page, stay, to

#: What every form carries, and is no part of what it says.
_FRAME = ("proof", "once", "receipt", "csrfmiddlewaretoken")


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """Hand the form to its panel, then show the conversation. GET leads to the conversation.

    A mistake 422, a lost race 409, and whatever else an operation refuses: the same page, with the words and why.
    Without the visit: what was typed stands in the page that asks for the code (409), and so it does while the
    database is away (503), and when the panel (404) or the conversation (410) is not there any more.
    """
    found = named(name)
    if found is None or found.act is None:
        if request.POST.get("text", "").strip():
            return not_sent(request, "moved", status=404)
        raise Http404
    if request.method != "POST":
        return to(reverse("contact:conversation"))
    try:
        return _acted(request, found)
    except (OperationalError, InterfaceError):
        return _kept(request, "away", 503)


def _acted(request: HttpRequest, panel: Panel) -> HttpResponse:
    by = visit.visitor(request)
    typed = bool(request.POST.get("text", "").strip())
    if "receipt" in request.POST:
        try:
            by = operations.open_by_receipt(request.POST["receipt"])
        except NotFound:
            wrong = _("This code did not open anything. Look at each sign and try once more.")
            return _kept(request, "code", 404, wrong)
    elif by is None or by.case_id is None or not visit.is_proven(request, by.case_id):
        if typed:
            return _kept(request, "code", 409)
        if by is not None:
            raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    return _done(request, panel, by)


def _done(request: HttpRequest, panel: Panel, by: Actor) -> HttpResponse:
    act, case_id = panel.act, by.case_id
    if act is None or case_id is None:
        raise Http404
    said = [one for one in sorted(request.POST.lists()) if one[0] not in _FRAME]
    try:
        once(
            lambda: act(request, by, case_id),
            mark=request.POST.get("once", "")[:100],
            verb=f"panel:{panel.name}",
            by=by,
            request_id=case_id,
            said=tuple(text for field, values in said for text in (field, *values)),
        )
    except Invalid as refused:
        wrong = [(f"id_{error.field}", str(error.message)) for error in refused.errors]
        return open_page(request, by, case_id, of=panel.name, wrong=wrong, status=422)
    except DomainError as refused:
        why = str(refused.detail) or _("This is not there any more. Your page is up to date now.")
        return open_page(
            request, by, case_id, of=panel.name, wrong=[(panel.name, why)], status=refused.status
        )
    if request.POST.get("act") in panel.leaves and (request.POST.get("text", "").strip() or request.FILES):
        return _as_typed(request, panel, by, case_id)
    return stay(request, case_id, at=panel.name)


def _as_typed(request: HttpRequest, panel: Panel, by: Actor, case_id: UUID) -> HttpResponse:
    """Done, and nothing said of what was typed: the page with the words where they were. A browser gives no file back.

    Pressed from the form for writing, which always says `was_open`, the words are that form's.
    """
    typed = request.POST.get("text", "") if "was_open" in request.POST else ""
    again = [_("Choose your pictures again, or send your words without them.")] if request.FILES else []
    return open_page(request, by, case_id, of=panel.name, typed=typed, wrong_files=again, status=200)


def _kept(request: HttpRequest, why: str, status: int, wrong: str = "") -> HttpResponse:
    """What was typed, still there; the form goes where it was going."""
    carried = [
        (field, value)
        for field, values in request.POST.lists()
        if field not in (*_FRAME, "text", "act")
        for value in values
    ]
    return not_sent(request, why, status=status, wrong=wrong, action=request.path, carried=carried)
