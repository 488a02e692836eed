"""After the code: name, address, school, languages, look, check, founding.

Each answer is kept; one can come back.
"""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel.ui.theme import theme_css
from tenants.municipalities.countries import COUNTRIES
from tenants.onboarding import operations, queries, states
from tenants.onboarding.cookie import applicants
from tenants.onboarding.forms import AddressForm, LanguagesForm, LookForm, NameForm, SchoolForm, attempt
from tenants.onboarding.links import portal_host
from tenants.onboarding.models import Application
from tenants.onboarding.operations.describing import free_address
from tenants.onboarding.permissions import applicant
from tenants.onboarding.views.start import TOTAL
from tenants.setup.logos import MOST_BYTES

_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def _question(
    request: HttpRequest, application: Application, page: str, form: forms.Form, number: int, **more: Any
) -> HttpResponse:
    context = {"form": form, "application": application, "current": number, "total": TOTAL, **more}
    return render(request, f"onboarding/{page}.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, form: forms.Form, operation: Callable[[], Any]) -> bool:
    return request.method == "POST" and form.is_valid() and attempt(form, operation)


@_METHODS
@applicants(states.VERIFIED)
def name(request: HttpRequest, application: Application) -> HttpResponse:
    initial = {"name": application.name, "register_code": application.register_code}
    form = NameForm(request.POST or None, initial=initial)
    by = applicant(application.pk)
    if _done(
        request,
        form,
        lambda: operations.name_yourself(application_id=application.pk, **form.cleaned_data, by=by),
    ):
        return _onwards(request, application, "address")
    return _question(request, application, "name", form, 6)


@_METHODS
@applicants(states.VERIFIED)
def address(request: HttpRequest, application: Application) -> HttpResponse:
    suggested = application.slug or free_address(application, application.name)
    form = AddressForm(request.POST or None, initial={"slug": suggested})
    by = applicant(application.pk)
    if _done(
        request,
        form,
        lambda: operations.choose_address(application_id=application.pk, **form.cleaned_data, by=by),
    ):
        return _onwards(request, application, "school")
    shown = str(form["slug"].value() or suggested).strip().lower()
    ending = portal_host("x")[1:]
    alternative = free_address(application, application.name) if form.errors else ""
    return _question(
        request,
        application,
        "address",
        form,
        7,
        host=f"{shown}{ending}",
        ending=ending,
        alternative=alternative,
    )


@_METHODS
@applicants(states.VERIFIED)
def school(request: HttpRequest, application: Application) -> HttpResponse:
    form = SchoolForm(request.POST or None, initial={"pilot_school": application.pilot_school})
    by = applicant(application.pk)

    def keep() -> None:
        operations.name_pilot_school(
            application_id=application.pk, name=form.cleaned_data["pilot_school"], by=by
        )

    if _done(request, form, keep):
        return _onwards(request, application, "languages")
    return _question(request, application, "school", form, 8)


@_METHODS
@applicants(states.VERIFIED)
def languages(request: HttpRequest, application: Application) -> HttpResponse:
    usual = COUNTRIES[application.country].languages
    initial = {
        "languages": application.languages or list(usual),
        "default_language": application.default_language or usual[0],
    }
    form = LanguagesForm(request.POST or None, initial=initial)
    by = applicant(application.pk)

    def keep() -> None:
        chosen, first = form.cleaned_data["languages"], form.cleaned_data["default_language"]
        operations.choose_languages(application_id=application.pk, languages=chosen, default=first, by=by)

    if _done(request, form, keep):
        return _onwards(request, application, "look")
    return _question(request, application, "languages", form, 9)


@_METHODS
@applicants(states.VERIFIED)
def look(request: HttpRequest, application: Application) -> HttpResponse:
    initial = {"brand": application.brand or COUNTRIES[application.country].brand}
    posted = request.method == "POST"
    form = LookForm(request.POST, request.FILES, initial=initial) if posted else LookForm(initial=initial)
    by = applicant(application.pk)

    def keep() -> None:
        file = form.cleaned_data["logo"]
        content = file.read(MOST_BYTES + 1) if file else None
        operations.choose_look(
            application_id=application.pk, brand=form.cleaned_data["brand"], logo=content,
            remove_logo=request.POST.get("remove_logo") == "1", by=by,
        )  # fmt: skip

    if _done(request, form, keep):
        if request.POST.get("go") == "show":
            return redirect("onboarding:look")
        return redirect("onboarding:check")
    brand = str(form["brand"].value() or initial["brand"]).lower()
    colour = brand[1:] if re.fullmatch(r"#[0-9a-f]{6}", brand) else initial["brand"][1:]
    return _question(request, application, "look", form, 10, colour=colour)


@require_safe
def theme(request: HttpRequest, colour: str) -> HttpResponse:
    """The theme of a colour that somebody tries on."""
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        raise Http404
    response = HttpResponse(theme_css(f"#{colour}"), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
@applicants(*states.OPEN)
def logo(request: HttpRequest, application: Application) -> HttpResponse:
    """The logo as we keep it: drawn anew, PNG."""
    if not application.logo:
        raise Http404
    return HttpResponse(bytes(application.logo), content_type="image/png")


def _onwards(request: HttpRequest, application: Application, page: str) -> HttpResponse:
    """To the next question; somebody who came from the last page to change one thing goes back there."""
    fresh = queries.application(application.pk)
    if request.GET.get("from") == "check" and fresh is not None and fresh.brand:
        return redirect("onboarding:check")
    return redirect(f"onboarding:{page}")


@_METHODS
@applicants(states.VERIFIED)
def check(request: HttpRequest, application: Application) -> HttpResponse:
    """Everything once more; then the portal is built."""
    missing = operations.missing(application)
    form = forms.Form(request.POST or None)
    by = applicant(application.pk)
    if not missing and _done(
        request, form, lambda: operations.request_founding(application_id=application.pk, by=by)
    ):
        return redirect("onboarding:founding")
    known = {code: get_language_info(code)["name_local"].capitalize() for code, _name in settings.LANGUAGES}
    chosen = ", ".join(known[code] for code in application.languages)
    rows = [
        ("name", _("Name"), application.name),
        ("address", _("Address"), portal_host(application.slug) if application.slug else ""),
        ("school", _("First school"), application.pilot_school),
        ("languages", _("Languages"), chosen),
        ("look", _("Colour"), application.brand),
    ]
    items = [
        {"key": key, "value": value or _("Missing"), "href": f"/start/{page}/?from=check"}
        for page, key, value in rows
    ]
    return _question(request, application, "check", form, 11, items=items, missing=missing)


@require_safe
@applicants(states.FOUNDING, *states.WITH_PORTAL)
def founding(request: HttpRequest, application: Application) -> HttpResponse:
    """Being built: looks again by itself, also without JavaScript."""
    if application.state in states.WITH_PORTAL:
        return redirect("onboarding:gates")
    building = application.founding_step == "building"
    items = [
        {"text": _("Your answers are in"), "state": "done"},
        {"text": _("We build your own room"), "state": "now" if building else "later"},
        {"text": _("Invented people move in"), "state": "later"},
    ]
    return render(request, "onboarding/founding.html", {"application": application, "items": items})
