"""What a friend sees whom a student has asked in: what is written, and a place to write."""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel.actor import Actor
from kernel.errors import DomainError, Invalid, NotAllowed, NotFound
from services.contact import visit
from services.contact.once import mark, once
from services.contact.origin import own_pages_only
from services.contact.views.conversation import not_sent, to
from services.contact.views.pages import page
from services.reach import operations, visiting
from services.reach.queries import is_out
from tenants.setup.portal import text_in


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def friend(request: HttpRequest) -> HttpResponse:
    """The conversation of a friend's visit; without one, the page that asks for the code. Typed words are kept."""
    try:
        return _friend(request)
    except (OperationalError, InterfaceError):
        if request.method != "POST" or request.POST.get("act") == "leave":
            raise
        return not_sent(request, "away", status=503, action=reverse("reach:friend"))


def _friend(request: HttpRequest) -> HttpResponse:
    by = visiting.visitor(request)
    if request.method != "POST":
        return _shown(request, by) if by else _ask_code()
    if "receipt" in request.POST:
        try:
            return _write(request, operations.enter_as_friend(request.POST["receipt"]))
        except NotFound:
            if _was_asked_out(request):
                return _out(request)
            wrong = _("This code did not open anything. Look at each sign and try once more.")
            return _kept(request, 404, wrong)
    if by is None or by.id is None or not visit.is_proven(request, by.id):
        if _was_asked_out(request):
            return _out(request)
        if request.POST.get("text", "").strip():
            return _kept(request, 409)
        if by is None:
            return _ask_code()
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    if request.POST.get("act") == "leave":
        response = to(f"{reverse('contact:receipt')}?left")
        visit.end(response)
        return response
    return _write(request, by)


def _write(request: HttpRequest, by: Actor) -> HttpResponse:
    text = request.POST.get("text", "")
    if by.case_id is None:
        raise NotFound()
    try:
        once(
            lambda: operations.friend_writes(by=by, text=text),
            mark=request.POST.get("once", "")[:100],
            verb="friend_writes",
            by=by,
            request_id=by.case_id,
            said=(text,),
        )
    except Invalid as refused:
        return _shown(request, by, typed=text, wrong=str(refused.errors[0].message), status=422)
    except NotFound:
        return _out(request)
    except DomainError as refused:
        return _shown(request, by, typed=text, wrong=str(refused.detail), status=refused.status)
    response = to(reverse("reach:friend"))
    visiting.start(response, by)
    return response


def _shown(
    request: HttpRequest, by: Actor, *, typed: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    try:
        shared = operations.read_as_friend(by=by)
    except NotFound:
        return _out(request)
    role = shared.request.role
    names = {
        "student": _("Your friend"),
        "helper": text_in(role.names, get_language() or "en") or role.key,
    }
    context = {
        "tag": shared.tag,
        "lines": [
            {
                "text": line.text or _("A file. It is not shown to you."),
                "at": line.at,
                "own": line.by == "me",
                "system": line.by == "system",
                "name": line.name or names.get(line.by, ""),
            }
            for line in shared.lines
        ],
        "proof": visit.proof(by.id) if by.id else "",
        "once": mark(),
        "typed": typed,
        "wrong": wrong,
        "errors": [("id_text", wrong)] if wrong else [],
    }
    response = page(request, "reach/friend.html", context, status=status)
    visiting.start(response, by)
    return response


def _was_asked_out(request: HttpRequest) -> bool:
    """Whether the page that was sent is of a friend who takes part no more: their code opens nothing, and to ask for it
    would be a loop. Our own pages alone say so: a code by itself is answered like every other."""
    friend_id = visit.proven(request)
    return friend_id is not None and is_out(friend_id)


def _out(request: HttpRequest) -> HttpResponse:
    """They take part no more: what they typed stays on the page to copy, and whom to call."""
    response = page(request, "reach/out.html", {"typed": request.POST.get("text", "")}, status=410)
    visit.end(response)
    return response


def _kept(request: HttpRequest, status: int, wrong: str = "") -> HttpResponse:
    """What was typed, still there, and a place for the code."""
    return not_sent(request, "code", status=status, wrong=wrong, action=reverse("reach:friend"))


def _ask_code() -> HttpResponse:
    return to(f"{reverse('contact:receipt')}?expired")
