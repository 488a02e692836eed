"""What an administrator keeps: times, local numbers, the safety text. Not a word of any student."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.actor import actor_of
from kernel.errors import Conflict, Invalid
from kernel.people.access import staff_required
from kernel.permissions import require
from kernel.tenancy import require_current
from kernel.ui.bidi import apart
from kernel.ui.context import own_name
from services.worry import operations, queries
from services.worry.models import LocalNumber, SafetyText
from services.worry.safety import DRAFTS, OURS, as_message
from services.worry.views.frame import View, page
from services.worry.views.lines import read_by
from services.worry.words import ABOUT, NUMBERS
from tenants.setup.queries import portal
from tenants.setup.queries.answers import open_schools
from tenants.setup.views.common import navigation


def administrators(view: View) -> View:
    """Signed in with a second factor, and administrator of this municipality; others get 403 in words."""

    @staff_required
    def gate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        require(actor_of(request), "worry.set_up")
        return view(request, **kwargs)

    return gate


@administrators
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Times and numbers."""
    return _home(request)


def _home(
    request: HttpRequest, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> HttpResponse:
    typed, errors = typed or {}, errors or {}
    hours, minutes = queries.times()
    rows = queries.all_numbers()
    schools = open_schools()
    missing = [
        str(NUMBERS[kind]) for kind in LocalNumber.Kind.values if kind not in {row.kind for row in rows}
    ]
    with_principal = {row.school_id for row in rows if row.kind == LocalNumber.Kind.PRINCIPAL}
    return page(
        request,
        "setup.html",
        nav=navigation("worry"),
        status=422 if errors else 200,
        hours=typed.get("hours", str(hours)),
        minutes=typed.get("minutes", str(minutes)),
        rows=[
            {
                "id": row.pk,
                "what": NUMBERS[row.kind],
                "school": row.school.name if row.school else "",
                "name": row.name,
                "phone": row.phone,
                "address": row.address,
            }
            for row in rows
        ],
        missing=missing,
        without=[one.name for one in schools if one.pk not in with_principal],
        kinds=[("", _("Choose")), *NUMBERS.items()],
        schools=[("", _("For every school")), *((str(one.pk), one.name) for one in schools)],
        typed=typed,
        errors=errors,
        summary=[(f"id_{field}", text) for field, text in errors.items()],
    )


@administrators
@require_POST
def times(request: HttpRequest) -> HttpResponse:
    """How long there is to decide."""
    typed = {name: request.POST.get(name, "") for name in ("hours", "minutes")}
    try:
        operations.set_times(
            by=actor_of(request), hours=_whole(typed["hours"]), minutes=_whole(typed["minutes"])
        )
    except Invalid as refused:
        return _home(request, typed, {error.field: str(error.message) for error in refused.errors})
    return _saved(request)


@administrators
@require_POST
def number(request: HttpRequest) -> HttpResponse:
    """Whom one calls here."""
    typed = {name: request.POST.get(name, "") for name in ("kind", "school", "name", "phone", "address")}
    try:
        operations.set_number(
            by=actor_of(request),
            kind=typed["kind"],
            name=typed["name"],
            phone=typed["phone"],
            address=typed["address"],
            school_id=_uuid(typed["school"]),
        )
    except Invalid as refused:
        return _home(request, typed, {error.field: str(error.message) for error in refused.errors})
    return _saved(request)


@administrators
@require_POST
def remove_number(request: HttpRequest, number_id: UUID) -> HttpResponse:
    operations.remove_number(by=actor_of(request), number_id=number_id)
    return _saved(request)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """What stands in each language, and a version of one's own."""
    if request.method != "POST":
        return _texts(request)
    typed = {name: request.POST.get(name, "") for name in ("about", "language", "text")}
    typed["about"] = typed["about"] or SafetyText.About.SELF
    try:
        operations.write_safety_text(by=actor_of(request), **typed)
    except Invalid as refused:
        return _texts(request, typed, {error.field: str(error.message) for error in refused.errors})
    messages.success(request, _("Saved. It is sent by nobody before somebody has reviewed it."))
    return HttpResponseRedirect(reverse("worry:texts"))


@administrators
@require_POST
def review(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """Somebody has read it, by name and day."""
    typed = {name: request.POST.get(name, "") for name in ("reviewed_by", "reviewed_on")}
    try:
        operations.review_safety_text(
            by=actor_of(request),
            text_id=text_id,
            reviewed_by=typed["reviewed_by"],
            reviewed_on=_day(typed["reviewed_on"]),
        )
    except Invalid as refused:
        errors = {error.field: str(error.message) for error in refused.errors}
        return _texts(request, typed | {"reviewing": str(text_id)}, errors)
    except Conflict as lost:
        return _texts(request, notice=str(lost.detail))
    messages.success(request, _("Reviewed. From now on this version is sent."))
    return HttpResponseRedirect(reverse("worry:texts"))


def _texts(
    request: HttpRequest,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    notice: str = "",
) -> HttpResponse:
    typed, errors = typed or {}, errors or {}
    codes = list(dict.fromkeys([*portal().language_codes, *OURS]))
    waiting = [_line(row) for row in queries.safety_versions() if row.reviewed_on is None]
    stands = [(code, about, queries.safety_text(code, about)) for code in codes for about in ABOUT]
    reviewing = typed.get("reviewing", "")
    prefix = f"{reviewing}-" if reviewing else ""
    return page(
        request,
        "texts.html",
        nav=navigation("safety"),
        status=422 if errors else 409 if notice else 200,
        stands=[
            {
                "name": f"{apart(own_name(code))}: {ABOUT[about]}",
                "language": code,
                "about": about,
                "text": as_message(text.text, require_current().country) if text else "",
                "read_by": read_by(text) if text else "",
                "draft": "" if text else DRAFTS[about].get(code, ""),
            }
            for code, about, text in stands
        ],
        abouts=list(ABOUT.items()),
        waiting=waiting,
        languages=[("", _("Choose")), *((code, own_name(code)) for code in codes)],
        typed=typed,
        errors=errors,
        reviewing=reviewing,
        notice=notice,
        summary=[(f"id_{prefix}{field}", text) for field, text in errors.items()],
    )


def _line(row: SafetyText) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "name": f"{apart(own_name(row.language))}: {ABOUT[row.about]}",
        "language": row.language,
        "version": row.version,
        "text": row.text,
        "by": row.written_by.name,
        "at": row.written_at,
    }


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("worry:setup"))


def _whole(typed: str) -> int:
    try:
        return int(typed)
    except ValueError:
        return 0


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
