"""/setup/look/: colour, logo, names, where quick exit leads; beside a miniature of the student's first
screen."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel.actor import actor_of
from kernel.errors import Invalid
from kernel.ui.theme import theme_css
from tenants.setup import operations
from tenants.setup.forms import LookForm, attempt
from tenants.setup.logos import MOST_BYTES
from tenants.setup.models import Look
from tenants.setup.operations.look import checked_brand
from tenants.setup.queries import portal
from tenants.setup.views.common import administrators, done, miniature, page


@administrators
def look(request: HttpRequest) -> HttpResponse:
    """Change the look. A refused file leaves everything else as it was typed."""
    row = Look.objects.get()
    initial = {"brand": row.brand, "show_names": row.show_names, "exit_url": row.exit_url}
    form = LookForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and "show" not in request.POST and form.is_valid():
        typed = form.cleaned_data
        upload = typed["logo"]
        # One byte more than allowed is enough to know that it is too large.
        content = upload.read(MOST_BYTES + 1) if upload else None
        by = actor_of(request)
        if attempt(
            form,
            lambda: operations.change_look(
                brand=typed["brand"],
                logo=content,
                show_names=typed["show_names"],
                exit_url=typed["exit_url"],
                by=by,
            ),
        ):
            return done(request, _("Saved. Your door looks like this now."), "look")
    return page(request, "look", "look", form=form, portal=portal(), **miniature(brand=_tried(request)))


def _tried(request: HttpRequest) -> str:
    """The colour to show: the one being tried when it is a colour, else the municipality's."""
    try:
        return checked_brand(request.POST.get("brand", ""))
    except Invalid:
        return portal().look.brand


@administrators
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The miniature alone, in the colour being tried (htmx)."""
    return render(request, "setup/look.html#miniature", miniature(brand=_tried(request)))


@administrators
def style(request: HttpRequest) -> HttpResponse:
    """The theme of a colour being tried, for the miniature only. 404 for what is no colour."""
    try:
        css = theme_css(checked_brand(request.GET.get("brand", "")))
    except Invalid:
        raise Http404 from None
    return HttpResponse(css.replace(":root", "[data-try]"), content_type="text/css; charset=utf-8")


@administrators
@require_POST
def remove_logo(request: HttpRequest) -> HttpResponse:
    operations.remove_logo(by=actor_of(request))
    return done(request, _("The name stands alone now."), "look")
