"""The working calendar as a list of entries: the week, public holidays, closed days, breaks."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel.errors import Conflict, Invalid
from kernel.tenancy import require_current
from tenants.setup import operations
from tenants.setup.api import bodies
from tenants.setup.api.base import SetupView, the_one
from tenants.setup.models import ClosedDay, SchoolBreak, WorkingCalendar


def entries() -> Iterator[dict[str, Any]]:
    """The week first, then days and breaks by date."""
    week = WorkingCalendar.objects.select_related("version").get()
    yield {
        "id": str(week.pk),
        "kind": "week",
        "open_hours": week.open_hours,
        "public_holidays_counted": week.public_holidays_counted,
        "school_breaks_counted": week.school_breaks_counted,
        "timezone": require_current().timezone,
        "version": week.version.number,
    }
    for day in ClosedDay.objects.order_by("day", "kind"):
        is_holiday = day.kind == ClosedDay.Kind.PUBLIC_HOLIDAY
        yield {
            "id": str(day.pk),
            "kind": "public_holiday" if is_holiday else "closed_day",
            "name": day.name,
            "first_day": day.day.isoformat(),
            "last_day": day.day.isoformat(),
            "state": day.state,
            "closes_at": f"{day.closes_at // 60:02}:{day.closes_at % 60:02}",
            "source": day.source,
        }
    for one in SchoolBreak.objects.order_by("first_day"):
        yield {
            "id": str(one.pk),
            "kind": "break",
            "name": one.name,
            "first_day": one.first_day.isoformat(),
            "last_day": one.last_day.isoformat(),
        }


class Calendar(SetupView):
    asks = SetupView.asks | {"kind"}

    @extend_schema(
        operation_id="setup_calendar_list",
        parameters=[OpenApiParameter("kind", str, enum=bodies.KINDS, description="one kind only")],
        responses=bodies.EntryGiven(many=True),
    )
    def get(self, request: Request) -> Response:
        """Every entry of the calendar; `?kind=` chooses one kind."""
        kind = request.query_params.get("kind")
        if kind is not None and kind not in bodies.KINDS:
            raise Invalid(kind=_("Choose one of: {known}.").format(known=", ".join(bodies.KINDS)))
        return self.listed(request, (one for one in entries() if kind in (None, one["kind"])))

    @extend_schema(request=bodies.NewEntry, responses={201: bodies.EntryGiven})
    def post(self, request: Request) -> Response:
        """Add a school break or an extra closed day."""
        body = self.read_body(bodies.NewEntry, request)
        if body["kind"] == "closed_day":
            if body.get("last_day", body["first_day"]) != body["first_day"]:
                raise Invalid(last_day=_("A closed day is one day. Use a break for several."))
            made = operations.add_closed_day(day=body["first_day"], name=body["name"], by=self.actor)
        else:
            made = operations.add_break(
                name=body["name"],
                first_day=body["first_day"],
                last_day=body.get("last_day", body["first_day"]),
                by=self.actor,
            )
        return Response(the_one(entries(), made), status=201)


class OneEntry(SetupView):
    @extend_schema(request=bodies.EntryBody, responses=bodies.EntryGiven)
    def patch(self, request: Request, entry_id: UUID) -> Response:
        """Change the week, or decide about a public holiday."""
        entry = the_one(entries(), entry_id)
        body = self.some(bodies.EntryBody, request)
        week = {"open_hours", "public_holidays_counted", "school_breaks_counted"}
        allowed = {"week": week, "public_holiday": {"state", "closes_at"}}.get(entry["kind"], set())
        if wrong := sorted(set(body) - allowed):
            raise Invalid(**dict.fromkeys(wrong, _("This entry has no such field.")))
        if entry["kind"] == "week":
            operations.change_hours(**body, by=self.actor)
        elif entry["kind"] == "public_holiday":
            decided = {"state": entry["state"], "closes_at": entry["closes_at"]} | body
            operations.change_holiday(closed_day_id=entry_id, **decided, by=self.actor)
        return Response(the_one(entries(), entry_id))


class CloseEntry(SetupView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, entry_id: UUID) -> Response:
        """Take a break or a closed day away. A public holiday is set to open instead."""
        entry = the_one(entries(), entry_id)
        if entry["kind"] == "break":
            operations.remove_break(break_id=entry_id, by=self.actor)
        elif entry["kind"] == "closed_day":
            operations.remove_closed_day(closed_day_id=entry_id, by=self.actor)
        elif entry["kind"] == "public_holiday":
            operations.change_holiday(closed_day_id=entry_id, state="open", by=self.actor)
        else:
            raise Conflict(_("The week can be changed, never removed."))
        return Response(status=204)
