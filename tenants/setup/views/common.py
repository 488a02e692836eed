"""The gate and the frame of every page of set-up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.actor import actor_of
from kernel.people.access import staff_required
from kernel.permissions import require
from tenants.setup.miniature import context
from tenants.setup.models import Employer, HelperRole, School
from tenants.setup.portal import text_in
from tenants.setup.queries import portal

type View = Callable[..., HttpResponse]

#: The pages in the order an administrator meets them.
PAGES = (
    ("home", _("Overview")),
    ("schools", _("Schools")),
    ("roles", _("Roles")),
    ("replies", _("Ready replies")),
    ("people", _("People")),
    ("providers", _("Sign-in")),
    ("calendar", _("Calendar")),
    ("guarantees", _("Promise")),
    ("meetings", _("Meetings")),
    ("reminders", _("Reminders")),
    ("languages", _("Languages")),
    ("look", _("Look")),
    ("wording", _("Wording")),
    ("mail", _("Messages")),
)


def administrators(view: View) -> View:
    """Signed in with a second factor, and administrator of this municipality; others get 403 in words."""

    @staff_required
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(actor_of(request), "setup.read")
        return view(request, *args, **kwargs)

    return gate


def page(request: HttpRequest, section: str, template: str, **context: Any) -> HttpResponse:
    """The page; 422 when a form on it was refused. `template` of set-up, or of another room ("presence/post")."""
    refused = any(
        isinstance(value, BaseForm) and value.is_bound and value.errors for value in context.values()
    )
    sections = [
        {"text": text, "href": reverse(f"setup:{name}"), "current": name == section} for name, text in PAGES
    ]
    sections.append({"text": _("Keeping"), "href": "/setup/retention/", "current": section == "retention"})
    sections.append({"text": _("Worry and duty"), "href": "/worry/setup/", "current": False})
    sections.append({"text": _("Kept promises"), "href": "/insights/", "current": False})
    context |= {"sections": sections, "section": section}
    name = template if "/" in template else f"setup/{template}"
    return render(request, f"{name}.html", context, status=422 if refused else 200)


def done(request: HttpRequest, text: Any, to: str, *args: Any) -> HttpResponseRedirect:
    """Say what was done, and show the page again: pressing reload does nothing twice."""
    messages.success(request, text)
    return HttpResponseRedirect(reverse(f"setup:{to}", args=args))


def miniature(**changed: Any) -> dict[str, Any]:
    """What setup/miniature.html shows: the student's first screen as it is, with what is being tried
    instead."""
    shown = portal()
    return {"brand": shown.look.brand, **context(shown, get_language() or "en"), **changed}


def role_name(role: HelperRole) -> str:
    """The role's name in the reader's language."""
    return text_in(role.names, get_language() or "en") or role.key


def open_roles() -> list[HelperRole]:
    return list(HelperRole.objects.filter(closed_on=None).order_by("order", "key"))


def open_schools() -> list[School]:
    return list(School.objects.filter(closed_on=None).order_by("name"))


def employer_choices() -> list[tuple[str, str]]:
    return [(str(row.pk), row.name) for row in Employer.objects.order_by("name")]
