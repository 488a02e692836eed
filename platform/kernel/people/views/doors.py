"""/account/doors/: a helper's other municipalities."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel.actor import actor_of
from kernel.outbox.links import address
from kernel.people.access import staff_required
from kernel.people.identity import doors as my
from kernel.people.identity import handover, operations
from kernel.tenancy import MunicipalityRef, municipality_by_id, require_current


@never_cache
@staff_required
@require_http_methods(["GET", "POST"])
def doors(request: HttpRequest) -> HttpResponse:
    """What waits at each; choose one more, and be sent there to finish the link."""
    person: Any = request.user
    proved = my.proved(request)
    choices = my.linkable(person) if proved else []
    context: dict[str, Any] = {
        "proved": proved is not None,
        "choices": [(one.id, one.name) for one in choices],
    }
    if request.method == "POST" and proved is not None:
        chosen = next((one for one in choices if str(one.id) == request.POST.get("municipality")), None)
        if chosen is not None:
            return _hand_over(request, chosen, *proved)
        context["error"] = _("Choose a municipality from the list.")
    context["doors"] = [
        {"door": one, "address": address("/sign-in/?next=/account/first-page/", one.municipality)}
        for one in (my.doors(person, *proved) if proved is not None else ())
    ]
    return render(request, "people/doors.html", context, status=422 if request.method == "POST" else 200)


def _hand_over(request: HttpRequest, to: MunicipalityRef, issuer: str, subject: str) -> HttpResponse:
    """The page that leads to the other door, with what shows there who the person is here."""
    person: Any = request.user
    token = handover.make(account_id=person.pk, issuer=issuer, subject=subject, to=to)
    query = urlencode({"from": str(require_current().id), "token": token})
    url = address(f"{reverse('people:accept_door')}?{query}", to)
    return render(request, "people/door-hand-over.html", {"to": to, "url": url})


@never_cache
@staff_required
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """At the other door: signed in there too, by the same provider, the person says yes."""
    given = request.POST if request.method == "POST" else request.GET
    token, number = given.get("token", ""), given.get("from", "")
    proved = my.proved(request)
    there = _municipality(number)
    if there is None:
        return redirect("people:doors")
    if request.method == "POST" and proved is not None:
        operations.link_doors(
            by=actor_of(request), there=there, token=token, issuer=proved[0], subject=proved[1]
        )
        return redirect("people:doors")
    mine = proved is not None and handover.is_for(*proved, token=token, made_in=there)
    context = {"there": there if mine else None, "token": token, "proved": proved is not None}
    return render(request, "people/door-accept.html", context, status=200 if request.method == "GET" else 403)


def _municipality(number: str) -> MunicipalityRef | None:
    try:
        found = municipality_by_id(int(number))
    except (LookupError, ValueError):
        return None
    known = found.kind != "operator" and found.state != "ended" and found.id != require_current().id
    return found if known else None


@require_POST
@staff_required
def remove(request: HttpRequest, municipality_id: int) -> HttpResponse:
    """End the link from here: neither end shows anything of the other any more."""
    operations.unlink_door(by=actor_of(request), municipality_id=municipality_id)
    return redirect("people:doors")
