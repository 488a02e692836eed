"""/setup/feasibility/: the next 30 days of every door, for administrators, and what set-up does with a gap.

Leads see their schools' in insights.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.actor import actor_of
from tenants.feasibility import pages
from tenants.feasibility.forms import OnGapsForm
from tenants.feasibility.plan import Door
from tenants.feasibility.queries import chosen_lately
from tenants.setup import operations
from tenants.setup.forms import attempt
from tenants.setup.queries import blocks_gaps
from tenants.setup.views.common import administrators, page


def address_of(door: Door) -> str:
    role, school = door
    return reverse("feasibility:door", args=[school, role])


@administrators
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Schools × roles, the worst first."""
    form = OnGapsForm(initial={"on_gaps": "block" if blocks_gaps() else "warn"})
    return _overview(request, form)


def _overview(request: HttpRequest, form: OnGapsForm) -> HttpResponse:
    found = pages.overview(None, address_of)
    return page(request, "feasibility", "feasibility/overview", form=form, history=_history(), **found)


def _history() -> list[dict[str, Any]]:
    said = {"warn": _("Show it before it is saved"), "block": _("Refuse it")}
    return [
        {"at": one.at, "name": one.name, "now": said[one.now], "undo": one.before if n == 0 else ""}
        for n, one in enumerate(chosen_lately())
    ]


@administrators
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Warn of gaps or refuse them; the same button takes the last choice back."""
    form, by = OnGapsForm(request.POST), actor_of(request)
    if form.is_valid() and attempt(form, lambda: operations.change_on_gaps(by=by, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("feasibility:overview"))
    return _overview(request, form)


@administrators
@require_safe
def door(request: HttpRequest, school_id: UUID, role_id: UUID) -> HttpResponse:
    """One door: its gaps, its days, what helps, and a trial."""
    here = address_of((role_id, school_id))
    found = pages.door((role_id, school_id), request.GET, here=here, gives=True)
    if found is None:
        raise Http404
    return page(
        request, "feasibility", "feasibility/door", here=here, back=reverse("feasibility:overview"), **found
    )
