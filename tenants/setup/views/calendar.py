"""/setup/calendar/: when helpers answer. Weekly hours, public holidays, breaks, extra closed days."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import Invalid
from kernel.guarantee import late_due
from tenants.setup import operations
from tenants.setup.actors import today
from tenants.setup.forms import BreakForm, ClosedDayForm, WeekForm, attempt
from tenants.setup.models import ClosedDay, SchoolBreak, WorkingCalendar
from tenants.setup.queries import current_calendar, guarantees
from tenants.setup.views.common import administrators, done, page
from tenants.setup.words import DAY_STATES, weekday_name


def _year(request: HttpRequest, day_id: UUID | None = None) -> int:
    """The year whose holidays are shown: that of the day just decided, the one asked for, else this one."""
    day = ClosedDay.objects.filter(pk=day_id).values_list("day", flat=True).first() if day_id else None
    if day:
        return day.year
    asked = request.GET.get("year", request.POST.get("year", ""))
    return int(asked) if asked.isdecimal() and len(asked) == 4 else today().year


def _years() -> list[int]:
    listed = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY).aggregate(
        a=Min("day"), z=Max("day")
    )
    first = min(listed["a"].year if listed["a"] else today().year, today().year)
    last = max(listed["z"].year if listed["z"] else today().year, today().year)
    return [year for year in range(first, last + 2) if year >= today().year - 1]


def _holidays(year: int) -> list[dict[str, Any]]:
    rows = ClosedDay.objects.filter(kind=ClosedDay.Kind.PUBLIC_HOLIDAY, day__year=year).order_by("day")
    return [
        {
            "row": row,
            "weekday": weekday_name(row.day.isoweekday()),
            "typed_state": row.state,
            "closes": f"{row.closes_at // 60:02}:{row.closes_at % 60:02}",
            "state": DAY_STATES[row.state],
        }
        for row in rows
    ]


def _late() -> datetime | None:
    """When something that is promised now may run out late; None: nothing does."""
    hours, _version = current_calendar()
    found = (late_due(hours, one, clock.now()) for one in guarantees().values())
    return next((one for one in found if one is not None), None)


def _show(
    request: HttpRequest, *, refused: str = "", typed: tuple[UUID, str, str] | None = None, **forms: Any
) -> HttpResponse:
    calendar = WorkingCalendar.objects.select_related("version").get()
    initial = WeekForm.shown(calendar.open_hours) | {
        "public_holidays_counted": calendar.public_holidays_counted,
        "school_breaks_counted": calendar.school_breaks_counted,
    }
    context = {
        "week": WeekForm(initial=initial),
        "break_form": BreakForm(prefix="break"),
        "day_form": ClosedDayForm(prefix="day"),
    } | forms
    year = _year(request, typed[0] if typed else None)
    holidays = _holidays(year)
    for one in holidays:
        if typed and one["row"].pk == typed[0]:
            one["typed_state"], one["closes"] = typed[1:]
    response = page(
        request,
        "calendar",
        "calendar",
        version=calendar.version,
        year=year,
        years=[
            {"text": str(one), "href": f"?year={one}#holidays", "current": one == year} for one in _years()
        ],
        holidays=holidays,
        refused=refused,
        late=_late(),
        break_open=context["break_form"].is_bound,
        day_open=context["day_form"].is_bound,
        states=[(key, text) for key, text in DAY_STATES.items()],
        breaks=list(SchoolBreak.objects.filter(last_day__gte=today()).order_by("first_day")),
        days=list(ClosedDay.objects.filter(kind=ClosedDay.Kind.EXTRA, day__gte=today()).order_by("day")),
        **context,
    )
    if refused:
        response.status_code = 422
    return response


@administrators
def calendar(request: HttpRequest) -> HttpResponse:
    """The whole calendar; POST changes the week."""
    if request.method != "POST":
        return _show(request)
    form = WeekForm(request.POST)
    by = actor_of(request)
    if form.is_valid() and attempt(
        form,
        lambda: operations.change_hours(
            open_hours=form.hours(),
            public_holidays_counted=form.cleaned_data["public_holidays_counted"],
            school_breaks_counted=form.cleaned_data["school_breaks_counted"],
            by=by,
        ),
    ):
        return done(request, _("Saved. Promises already given stay as they were."), "calendar")
    return _show(request, week=form)


@administrators
@require_POST
def holiday(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """Decide about one public holiday. Refused: the page again, with what was typed in its row."""
    state, closes_at = request.POST.get("state", ""), request.POST.get("closes_at", "")
    try:
        operations.change_holiday(
            closed_day_id=day_id, state=state, closes_at=closes_at or "12:00", by=actor_of(request)
        )
    except Invalid as refusal:
        words = " ".join(str(error.message) for error in refusal.errors)
        return _show(request, refused=words, typed=(day_id, state, closes_at))
    return HttpResponseRedirect(f"{reverse('setup:calendar')}?year={_year(request, day_id)}#holidays")


@administrators
@require_POST
def import_holidays(request: HttpRequest) -> HttpResponse:
    """Add a year's public holidays."""
    year = _year(request)
    added = operations.import_holidays(year=year, by=actor_of(request))
    text = _("%(n)d public holidays of %(year)d are listed now.") % {"n": added, "year": year}
    done(request, text, "calendar")
    return HttpResponseRedirect(f"{reverse('setup:calendar')}?year={year}#holidays")


@administrators
@require_POST
def add_break(request: HttpRequest) -> HttpResponse:
    form = BreakForm(request.POST, prefix="break")
    by = actor_of(request)
    if form.is_valid() and attempt(form, lambda: operations.add_break(**form.cleaned_data, by=by)):
        return done(request, _("The break is in the calendar."), "calendar")
    return _show(request, break_form=form)


@administrators
@require_POST
def remove_break(request: HttpRequest, break_id: UUID) -> HttpResponse:
    operations.remove_break(break_id=break_id, by=actor_of(request))
    return done(request, _("The break is gone from the calendar."), "calendar")


@administrators
@require_POST
def add_day(request: HttpRequest) -> HttpResponse:
    form = ClosedDayForm(request.POST, prefix="day")
    by = actor_of(request)
    if form.is_valid() and attempt(form, lambda: operations.add_closed_day(**form.cleaned_data, by=by)):
        return done(request, _("The closed day is in the calendar."), "calendar")
    return _show(request, day_form=form)


@administrators
@require_POST
def remove_day(request: HttpRequest, day_id: UUID) -> HttpResponse:
    operations.remove_closed_day(closed_day_id=day_id, by=actor_of(request))
    return done(request, _("The day is open again."), "calendar")
