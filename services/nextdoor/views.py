"""The administrator's page: the order of doors for all schools, and a school's own where it differs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.actor import actor_of
from services.nextdoor import operations
from services.nextdoor.queries import Order, orders
from tenants.setup.models import HelperRole, School
from tenants.setup.views.common import administrators, open_roles, open_schools, page, role_name

NEVER = "never"


@administrators
def for_all(request: HttpRequest) -> HttpResponse:
    """The order that holds wherever a school has none of its own."""
    return _order(request, None)


@administrators
def of_school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """The order of one school."""
    return _order(request, get_object_or_404(School, pk=school_id, closed_on=None))


def _order(request: HttpRequest, school: School | None) -> HttpResponse:
    roles, known = open_roles(), orders()
    school_id = school.pk if school else None
    if request.method == "POST":
        by = actor_of(request)
        if request.POST.get("act") == "forget":
            operations.forget_order(by=by, school_id=school_id)
        else:
            places = {role.pk: request.POST.get(f"place-{role.pk}", "") for role in roles}
            operations.set_order(
                by=by,
                school_id=school_id,
                roles=sorted(
                    (one for one in places if places[one] != NEVER), key=lambda one: _place(places[one])
                ),
                never=[one for one in places if places[one] == NEVER],
            )
        messages.success(request, _("Saved. It holds from the next broken promise on."))
        return HttpResponseRedirect(request.path)
    order = known.get(school_id) or known.get(None) or Order(None, (), frozenset())
    return page(
        request,
        "nextdoor",
        "nextdoor/set-up",
        school=school,
        rows=_rows(roles, order),
        has_own=school_id in known,
        schools=[] if school else _schools(known),
    )


def _place(text: str) -> int:
    """Where a role stands; last where nothing we know was sent. Of two with one number the list's order decides."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 999


def _rows(roles: list[HelperRole], order: Order) -> list[dict[str, Any]]:
    """Each role, in the order that holds now, those that are never offered last; and what may be chosen."""
    at = {role_id: number for number, role_id in enumerate(order.roles)}
    ordered = sorted(roles, key=lambda role: (role.pk in order.never, at.get(role.pk, len(at))))
    choices = [(str(number), str(number)) for number in range(1, len(roles) + 1)]
    return [
        {
            "name": f"place-{role.pk}",
            "label": role_name(role),
            "value": NEVER if role.pk in order.never else str(number),
            "options": [*choices, (NEVER, _("Not offered"))],
        }
        for number, role in enumerate(ordered, 1)
    ]


def _schools(known: dict[UUID | None, Order]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "href": reverse("nextdoor:of_school", args=[one.pk]), "has_own": one.pk in known}
        for one in open_schools()
    ]
