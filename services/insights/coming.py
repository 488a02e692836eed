"""/insights/feasibility/: the next 30 days of the schools the person leads, as set-up shows them."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel.actor import Actor, actor_of
from kernel.errors import NotAllowed
from kernel.people.access import staff_required
from kernel.permissions import allowed
from services.insights import words
from services.insights.queries import sees_all
from services.insights.views import tabs
from tenants.feasibility import pages
from tenants.feasibility.plan import Door
from tenants.presence.stepping_in import administrators_to_ask


def address_of(door: Door) -> str:
    role, school = door
    return reverse("insights:coming_door", args=[school, role])


def _schools(actor: Actor) -> frozenset[UUID] | None:
    """Those the person leads; None: all. Whoever leads nothing is told so."""
    if not allowed(actor, "insights.open"):
        raise NotAllowed(_("This page is for those who lead a school, and for administrators."))
    if sees_all(actor):
        return None
    return frozenset(school for school in actor.leads if school is not None)


@staff_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Schools × roles, the worst first."""
    actor = actor_of(request)
    found = pages.overview(_schools(actor), address_of)
    return render(request, "insights/coming.html", {"tabs": tabs(actor, "coming"), **found})


@staff_required
@require_safe
def door(request: HttpRequest, school_id: UUID, role_id: UUID) -> HttpResponse:
    """One door of a school the person leads; another is not there."""
    actor = actor_of(request)
    schools = _schools(actor)
    if schools is not None and school_id not in schools:
        raise Http404
    here = address_of((role_id, school_id))
    found = pages.door((role_id, school_id), request.GET, here=here, gives=actor.is_administrator)
    if found is None:
        raise Http404
    context = {
        "tabs": tabs(actor, "coming"),
        "here": here,
        "back": reverse("insights:coming"),
        "ask": [] if actor.is_administrator else words.to_ask(administrators_to_ask()),
        **found,
    }
    status = 422 if found["form"].is_bound and found["form"].errors else 200
    return render(request, "insights/coming-door.html", context, status=status)
