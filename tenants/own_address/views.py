"""The administrator's page: write an address down, its records to copy, check, show, remove."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.errors import Conflict
from kernel.outbox.links import our_host
from kernel.people import limits
from kernel.tenancy import require_current
from kernel.ui.forms import SayingForm
from tenants.own_address import operations, queries, records
from tenants.setup.forms import attempt
from tenants.setup.views.common import administrators, page

#: Looks of one municipality in an hour: each asks name servers of somebody else's choice.
MOST_LOOKS = 12


class AddressForm(SayingForm):
    host = forms.CharField(
        label=gettext_lazy("Host name"),
        help_text=gettext_lazy("A name below your own, that leads nowhere yet: door.municipality.example"),
        max_length=300,
    )


@administrators
def addresses(request: HttpRequest) -> HttpResponse:
    """All of them with their records, and a form for one more."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = actor_of(request)
        if attempt(form, lambda: operations.add(by=by, host=form.cleaned_data["host"])):
            return _done(request, _("Written down. Now its two records."))
    ours = our_host(require_current())
    return page(
        request,
        "own_address",
        "own_address/addresses",
        form=form,
        rows=(rows := queries.addresses()),
        ours=ours,
        shown=next((str(row.id) for row in rows if row.is_shown), ""),
        choices=_choices(ours, rows),
    )


def _choices(ours: str, rows: list[queries.Address]) -> list[tuple[str, str]]:
    """What posters can say; nothing to choose while there is but ours."""
    those = [(str(row.id), row.name) for row in rows if row.state == "serving" or row.is_shown]
    return [("", ours), *those] if those else []


@administrators
@require_POST
def look(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Check now."""
    if not limits.allowed("own-address", str(require_current().id), most=MOST_LOOKS, seconds=3600):
        messages.warning(
            request, _("You have checked often. Wait an hour: new records take that long to be seen.")
        )
        return HttpResponseRedirect(reverse("own_address:addresses"))
    try:
        found = operations.look(by=actor_of(request), address_id=address_id)
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("own_address:addresses"))
    say = messages.success if found.proof == "there" and found.answers else messages.warning
    say(request, _words(found))
    return HttpResponseRedirect(reverse("own_address:addresses"))


def _words(found: records.Found) -> str:
    if found.proof == "unknown":
        return _("No name server answered. Nothing has changed. Try again in a while.")
    if found.proof == "missing" and found.others:
        return _("There is another record of ours at this name. Put the one below in its place.")
    if found.proof == "missing":
        return _("The text record is not there yet. New records can take an hour to be seen.")
    if not found.answers:
        return _("The address is yours. It does not lead here yet: look at the second record.")
    return _("The address is yours, and leads students here.")


@administrators
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """What posters, cards and links say: one of them, or ours."""
    chosen = request.POST.get("address", "")
    try:
        operations.show(by=actor_of(request), address_id=UUID(chosen) if chosen else None)
    except ValueError:
        raise Http404 from None
    return _done(request, _("Saved. Print posters and cards again when you like: the old ones still work."))


@administrators
def remove(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Ask, then take it away."""
    row = queries.one(address_id)
    if row is None:
        raise Http404
    if request.method == "POST":
        operations.remove(by=actor_of(request), address_id=address_id)
        return _done(request, _("Removed. You can take its records away too."))
    return page(request, "own_address", "own_address/remove", row=row)


def _done(request: HttpRequest, text: str) -> HttpResponseRedirect:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("own_address:addresses"))
