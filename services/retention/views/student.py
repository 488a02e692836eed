"""The student's own: until when it is kept, everything about them to take home, and asking that it goes."""

from datetime import date, datetime, timedelta
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
from services.contact.models import ContactRequest
from services.contact.origin import own_pages_only
from services.contact.panels import Panel, Seen
from services.contact.views.conversation import to
from services.contact.views.pages import page
from services.retention import operations, queries, taking
from services.retention.views.frame import in_words
from services.retention.waiting import waits_for
from services.retention.words import RECORDED
from tenants.setup.models import HelperRole, School
from tenants.walls.circles import Record, record_due
from tenants.walls.law import language_of

#: Copies of one conversation in an hour.
MOST, WITHIN = 6, 3600
FORMS = ("page", "json", "text")
#: How long it is said on the page that a wish was taken back.
JUST_NOW = timedelta(minutes=20)


def kept_until(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    """Once it is closed: the day it goes; while nobody can name one, why not."""
    request = seen.opened.request
    if request.is_open or queries.wish_of(request.pk) is not None:
        return None
    waits, day = _waits(seen), queries.goes_on(request)
    return {"day": in_words(day) if day and not waits else "", "waits_for": waits}


def rights(_request: HttpRequest, seen: Seen) -> dict[str, Any]:
    """What they may take home and have deleted: when, what waits for what, and what stays."""
    request, country = seen.opened.request, require_current().country
    wish, record = queries.wish_of(request.pk), _record(request)
    return {
        "wish": wish,
        "cooled": wish is not None and wish.goes_at <= seen.now,
        "waits_for": _waits(seen),
        "may_take_back": request.is_open,
        "kept_again": wish is None and queries.took_wish_back(request.pk, since=seen.now - JUST_NOW),
        "recorded": RECORDED[record.system] if record else "",
        "record_law": record.source if record else None,
        "record_language": language_of(country),
        "sources": queries.rights().erasure,
        "wrong": dict(seen.errors).get("id_sure", ""),
        "refused": dict(seen.errors).get("rights", ""),
    }


def _waits(seen: Seen) -> list[str]:
    return waits_for(seen.opened.request, seen.standing, says=_says(), says_day=in_words)


def _record(request: ContactRequest) -> Record | None:
    """The record that the law wants elsewhere of this door; None when there is none."""
    role = HelperRole.objects.select_related("employer").get(pk=request.role_id)
    school = School.objects.get(pk=request.school_id)
    kind = role.employer.kind if role.employer else ""
    return record_due(require_current().country, role.profession, school.form, kind)


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
    visit.start(answer, by.case_id, simple=visit.is_simple(request))
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

    def says(at: datetime | date) -> str:
        return say_when(at, now, zone, language) if isinstance(at, datetime) else in_words(at)

    return says
