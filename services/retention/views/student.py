"""The student's own: until when it is kept, everything about them to take home, and asking that it goes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import limits
from kernel.tenancy import require_current
from kernel.ui.when import say_when
from services.contact import visit
from services.contact.following import holds_on
from services.contact.models import ContactRequest
from services.contact.origin import own_pages_only
from services.contact.panels import Panel, Seen
from services.contact.views.conversation import to
from services.contact.views.pages import page
from services.retention import operations, queries, taking
from services.retention.views.frame import in_words
from services.retention.words import SOMETHING, WAITS_FOR
from tenants.setup.models import HelperRole, School
from tenants.walls.circles import record_due

#: Copies of one conversation in an hour.
MOST, WITHIN = 6, 3600
FORMS = ("page", "json", "text")


def kept_until(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """Once it is closed: the day it goes. While something holds it nobody can say one."""
    request = seen.opened.request
    day = queries.goes_on(request)
    if day is None or queries.wish_of(request.pk) is not None or holds_on(request):
        return None
    return {"day": in_words(day)}


def rights(_request: HttpRequest, seen: Seen) -> dict[str, Any]:
    """What they may take home and have deleted, and why not yet."""
    request = seen.opened.request
    wish = queries.wish_of(request.pk)
    law = queries.rights()
    return {
        "wish": wish,
        "cooled": wish is not None and wish.goes_at <= seen.now,
        "waits_for": waits_for(request) if wish is not None else [],
        "record": _record(request),
        "sources": law.erasure,
        "is_open": request.is_open,
        "wrong": dict(seen.errors).get("id_sure", ""),
    }


def waits_for(request: ContactRequest) -> list[str]:
    """Why it cannot go yet, each once, in a student's sentences."""
    codes = ["open"] if request.is_open else [hold.code for hold in holds_on(request)]
    return list(dict.fromkeys(str(WAITS_FOR.get(code, SOMETHING)) for code in codes))


def _record(request: ContactRequest) -> Any:
    """The law that wants a record elsewhere of this door; None when there is none."""
    role = HelperRole.objects.select_related("employer").get(pk=request.role_id)
    school = School.objects.get(pk=request.school_id)
    kind = role.employer.kind if role.employer else ""
    due = record_due(require_current().country, role.profession, school.form, kind)
    return due.source if due else None


def act(request: HttpRequest, by: Actor, _case_id: UUID) -> None:
    """Ask that it goes, or take that back."""
    if request.POST.get("act") == "keep":
        operations.take_back_wish(by=by)
        return
    if "sure" not in request.POST:
        raise Invalid(sure=_("Tick the box if you want it deleted."))
    operations.wish_gone(by=by)


KEPT_UNTIL = Panel(name="kept", place="promise", template="retention/kept.html", context=kept_until, order=90)
RIGHTS = Panel(
    name="rights", place="more", template="retention/rights.html", context=rights, act=act, order=90
)


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: HttpRequest) -> HttpResponse:
    """Everything about them, as a page or a file: asked for by a form of our own page. The read log has it."""
    by = visit.visitor(request)
    if by is None or by.case_id is None:
        return to(f"{reverse('contact:receipt')}?expired")
    if request.method != "POST":
        return to(reverse("contact:conversation"))
    if not visit.is_proven(request, by.case_id):
        raise NotAllowed(_("This page was open for a long time. Open it again with your code."))
    if not limits.allowed("take-home", str(by.case_id), most=MOST, seconds=WITHIN):
        return page(request, "retention/often.html", status=429)
    try:
        sections = operations.take_home(by=by)
    except NotFound:
        response = to(f"{reverse('contact:receipt')}?expired")
        visit.end(response)
        return response
    wanted = request.POST.get("as", "page")
    answer = _file(request, sections, wanted if wanted in FORMS else "page")
    visit.start(answer, by.case_id)
    return answer


def _file(request: HttpRequest, sections: Any, wanted: str) -> HttpResponse:
    parts = taking.shown(sections, _says())
    if wanted == "page":
        return page(request, "retention/yours.html", {"parts": parts, "proof": request.POST.get("proof", "")})
    content = taking.as_json(sections) if wanted == "json" else taking.as_text(parts)
    kind, ending = ("application/json", "json") if wanted == "json" else ("text/plain", "txt")
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="conversation.{ending}"'
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _says() -> Any:
    zone, now, language = require_current().timezone, clock.now(), get_language() or "en"

    def says(instant: datetime) -> str:
        return say_when(instant, now, zone, language)

    return says
