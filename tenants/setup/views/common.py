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

#: Every page of set-up, in groups: (section, what it is called, its address; rooms above are named by address).
GROUPS: tuple[tuple[Any, tuple[tuple[str, Any, str], ...]], ...] = (
    (
        _("Who answers"),
        (
            ("schools", _("Schools"), "setup:schools"),
            ("roles", _("Roles"), "setup:roles"),
            ("people", _("People"), "setup:people"),
            ("replies", _("Ready replies"), "setup:replies"),
            ("providers", _("Sign-in"), "setup:providers"),
        ),
    ),
    (
        _("What you promise"),
        (
            ("calendar", _("Calendar"), "setup:calendar"),
            ("guarantees", _("Promise"), "setup:guarantees"),
            ("feasibility", _("The next 30 days"), "/setup/feasibility/"),
            ("meetings", _("Meetings"), "setup:meetings"),
            ("reminders", _("Reminders"), "setup:reminders"),
            ("nextdoor", _("Next doors"), "/setup/next-doors/"),
        ),
    ),
    (
        _("What students see"),
        (
            ("languages", _("Languages"), "setup:languages"),
            ("look", _("Look"), "setup:look"),
            ("topics", _("Topics"), "setup:topics"),
            ("wording", _("Wording"), "setup:wording"),
            ("ways_in", _("Ways in"), "setup:ways_in"),
            ("own_address", _("Own address"), "/setup/address/"),
        ),
    ),
    (
        _("Safety"),
        (
            ("worry", _("Worry and duty"), "/worry/setup/"),
            ("safety", _("The safety text"), "/worry/setup/texts/"),
            ("files", _("Pictures and files"), "setup:files"),
            ("retention", _("Keeping"), "/setup/retention/"),
            ("holds", _("Kept longer"), "/setup/retention/holds/"),
        ),
    ),
    (
        _("How it goes"),
        (
            ("insights", _("Kept promises"), "/insights/"),
            ("logreview", _("Log review"), "/log-review/"),
            ("openings", _("Two-person openings"), "/openings/"),
            ("mail", _("Messages"), "setup:mail"),
        ),
    ),
)


def navigation(section: str) -> dict[str, Any]:
    """What setup/nav.html shows: every page in its group, where one is, and what that is called."""
    home = {"text": _("Overview"), "href": reverse("setup:home"), "current": section == "home"}
    groups = [
        {
            "title": title,
            "pages": [
                {"text": text, "href": _address(to), "current": name == section} for name, text, to in pages
            ],
        }
        for title, pages in GROUPS
    ]
    here = next((one for group in groups for one in group["pages"] if one["current"]), home)
    return {"home": home, "groups": groups, "here": here["text"]}


def _address(to: str) -> str:
    return to if to.startswith("/") else reverse(to)


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
    context |= {"nav": navigation(section)}
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
