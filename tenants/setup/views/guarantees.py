"""/setup/guarantees/: what is promised where, with worked examples computed from what the form says right
now."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import Invalid
from kernel.guarantee import CountedHours, Guarantee, due_at, late_due, worked_examples
from tenants.feasibility.asking import Asks, asks, press
from tenants.feasibility.plan import Place, with_guarantee
from tenants.setup import operations
from tenants.setup.forms import GuaranteeForm, attempt
from tenants.setup.miniature import promise
from tenants.setup.models import ResponseGuarantee
from tenants.setup.operations.guarantees import checked_guarantee
from tenants.setup.portal import narrowest
from tenants.setup.queries import current_calendar
from tenants.setup.queries import guarantees as all_guarantees
from tenants.setup.views.common import administrators, done, open_roles, open_schools, page, role_name
from tenants.setup.words import in_words


def meaning(form: GuaranteeForm, role: str = "") -> dict[str, Any]:
    """What the form's values would promise: examples and the student's line, about one role or everybody; or
    what stands in the way.

    Works on an unbound form (initial values) and on one just typed.
    """
    values = {name: form[name].value() for name in ("kind", "amount", "received_when_closed")}
    try:
        guarantee = checked_guarantee(
            kind=str(values["kind"]),
            amount=int(str(values["amount"])),
            received_when_closed=str(values["received_when_closed"] or "next_open_day"),
        )
    except ValueError:
        return {"refusals": [_("Write the number of hours or days.")]}
    except Invalid as refusal:
        return {"refusals": [error.message for error in refusal.errors]}
    calendar, _version = current_calendar()
    now = clock.now()
    return {
        "words": in_words(guarantee),
        "examples": [
            {"asked": asked, "due": due} for asked, due in worked_examples(calendar, guarantee, now)
        ],
        "now": now,
        "late": late_due(calendar, guarantee, now),
        **promise(due_at(calendar, guarantee, now), role),
    }


def _initial(guarantee: Guarantee | None) -> dict[str, Any]:
    if guarantee is None:
        return {}
    if isinstance(guarantee, CountedHours):
        return {
            "kind": ResponseGuarantee.Kind.COUNTED_HOURS.value,
            "amount": int(guarantee.hours),
            "received_when_closed": "next_open_day",
        }
    return {
        "kind": ResponseGuarantee.Kind.WORKING_DAYS.value,
        "amount": guarantee.days,
        "received_when_closed": guarantee.received_when_closed,
    }


def place_of(request: HttpRequest) -> tuple[UUID | None, UUID | None]:
    """The school and the role the address names; 404 for what is not an id."""
    try:
        return tuple(  # type: ignore[return-value]
            UUID(text) if (text := request.GET.get(name, "")) else None for name in ("school", "role")
        )
    except ValueError:
        raise Http404 from None


def _exceptions() -> list[dict[str, Any]]:
    """Where something else is promised than to everybody: schools, then roles, then roles at a school."""
    schools: dict[UUID | None, str] = {school.pk: school.name for school in open_schools()}
    roles: dict[UUID | None, str] = {role.pk: role_name(role) for role in open_roles()}
    found = [
        {
            "school": school_id or "",
            "role": role_id or "",
            "place": title_of(roles.get(role_id), schools.get(school_id)),
            "words": in_words(guarantee),
            "order": ((school_id is not None) + 2 * (role_id is not None)),
        }
        for (school_id, role_id), guarantee in all_guarantees().items()
        if (school_id or role_id)
        and (school_id is None or school_id in schools)
        and (role_id is None or role_id in roles)
    ]
    return sorted(found, key=lambda one: (one["order"], one["place"]))


def title_of(role: str | None, school: str | None) -> str:
    """For whom the form promises: "Everybody", "School nurse", "School nurse · Solhaug"."""
    return " · ".join(one for one in (role, school) if one) or _("Everybody")


@administrators
def guarantees(request: HttpRequest) -> HttpResponse:
    """What is promised where. `?school=&role=` chooses the place that is changed."""
    school_id, role_id = place_of(request)
    found = all_guarantees()
    form = GuaranteeForm(request.POST or None, initial=_initial(narrowest(found, school_id, role_id)))
    leaves: Asks = {}
    if request.method == "POST" and "show" not in request.POST and form.is_valid():
        typed = form.cleaned_data
        by = actor_of(request)
        leaves = _leaves(request, typed, (school_id, role_id))
        if not leaves and attempt(
            form,
            lambda: operations.set_guarantee(
                kind=typed["kind"],
                amount=typed["amount"],
                received_when_closed=typed["received_when_closed"] or "next_open_day",
                school_id=school_id,
                role_id=role_id,
                by=by,
            ),
        ):
            return done(request, _("Saved. Promises already given stay as they were."), "guarantees")
    names: dict[UUID | None, str] = {school.pk: school.name for school in open_schools()}
    roles: dict[UUID | None, str] = {role.pk: role_name(role) for role in open_roles()}
    if (school_id and school_id not in names) or (role_id and role_id not in roles):
        raise Http404
    return page(
        request,
        "guarantees",
        "guarantees",
        form=form,
        form_title=title_of(roles.get(role_id), names.get(school_id)),
        school_id=school_id or "",
        role_id=role_id or "",
        is_own=(school_id, role_id) in found and bool(school_id or role_id),
        **meaning(form, roles.get(role_id, "")),
        everybody=in_words(found[None, None]) if (None, None) in found else "",
        exceptions=_exceptions(),
        is_elsewhere=bool(school_id or role_id),
        choose_schools=[("", _("All schools")), *((str(pk), name) for pk, name in names.items())],
        choose_roles=[("", _("Everybody")), *((str(pk), name) for pk, name in roles.items())],
        **leaves,
    )


def _leaves(request: HttpRequest, typed: dict[str, Any], place: Place) -> Asks:
    """The gaps the promise would leave; what cannot be promised at all the operation says."""
    try:
        promised = checked_guarantee(
            kind=typed["kind"],
            amount=typed["amount"],
            received_when_closed=typed["received_when_closed"] or "next_open_day",
        )
    except Invalid:
        return {}
    return asks(request, with_guarantee(place, promised))


@administrators
@require_POST
def examples(request: HttpRequest) -> HttpResponse:
    """The worked examples alone, while the administrator types (htmx)."""
    _school_id, role_id = place_of(request)
    role = next((role_name(row) for row in open_roles() if row.pk == role_id), "")
    return render(request, "setup/guarantees.html#meaning", meaning(GuaranteeForm(request.POST), role))


@administrators
@require_POST
def reset(request: HttpRequest) -> HttpResponse:
    """Promise there what is promised around it again."""
    school_id, role_id = place_of(request)
    by = actor_of(request)

    def act() -> HttpResponse:
        operations.reset_guarantee(school_id=school_id, role_id=role_id, by=by)
        return done(request, _("Here the general promise holds again."), "guarantees")

    step = with_guarantee((school_id, role_id), None)
    return press(
        request, "guarantees", reverse("setup:guarantees"), act, *([step] if school_id or role_id else [])
    )
