"""Legal holds: placed and ended by administrators, looked over by those who review the log."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel.actor import Actor, actor_of
from kernel.errors import NotAllowed
from kernel.people.access import staff_required
from kernel.permissions import allowed
from services.retention import operations, queries
from services.retention.forms import HoldForm
from services.retention.views.frame import done, in_words
from services.retention.words import BASES
from tenants.setup.actors import today
from tenants.setup.forms import attempt
from tenants.setup.views.common import administrators, page


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    """The list, and the form for one more."""
    form, by = HoldForm(request.POST or None), actor_of(request)
    placed = form.is_valid() and attempt(form, lambda: operations.place_hold(by=by, **form.cleaned_data))
    if request.method == "POST" and placed:
        return done(request, _("Held. It stays until then."), "holds")
    return page(request, "holds", "retention/holds", form=form, lines=_lines(by))


@administrators
@require_POST
def end(request: HttpRequest, hold_id: UUID) -> HttpResponseRedirect:
    """It may go when its time is over."""
    operations.end_hold(by=actor_of(request), hold_id=hold_id)
    return done(request, _("Ended. It goes when its time is over."), "holds")


@staff_required
@require_safe
def reviewed(request: HttpRequest) -> HttpResponse:
    """The same list without the form, for those who review a log. Others get 403 in words."""
    by = actor_of(request)
    if not allowed(by, "retention.see_holds"):
        raise NotAllowed(_("This page is for administrators and those who review the log."))
    return render(
        request, "retention/reviewed.html", {"lines": _lines(by), "back": reverse("logreview:home")}
    )


def _lines(by: Actor) -> list[dict[str, Any]]:
    return [
        {
            "id": hold.pk,
            "number": hold.request.case_number,
            "why": BASES[hold.basis],
            "by": hold.placed_by.name,
            "from": in_words(queries.local_day(hold.placed_at)),
            "until": in_words(hold.last_day),
            "ended": in_words(queries.local_day(hold.ended_at)) if hold.ended_at else "",
            "ended_by": hold.ended_by.name if hold.ended_by else "",
            "stands": hold.ended_at is None and hold.last_day >= today(),
        }
        for hold in queries.holds(by)
    ]
