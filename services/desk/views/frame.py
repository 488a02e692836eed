"""The gate and the frame of every page of the desk, and what becomes of a text that could not be sent."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kernel import clock
from kernel.actor import actor_of
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.people.access import detour, staff_required
from kernel.people.identity import assurance
from kernel.permissions import allowed
from services.contact.queries import Shelf
from services.desk import queries
from services.desk.panels import Toast
from services.worry.queries import open_count as open_worries

type View = Callable[..., HttpResponse]

#: What somebody types in words at the desk, by the names of the fields: none of it is ever lost.
WORDS = {
    "text": _lazy("Your text"),
    "reason": _lazy("Why?"),
    "summary": _lazy("The summary, if you chose one"),
    "why": _lazy("Why not? You need not say."),
    "recorded_in": _lazy("In which system?"),
    "because": _lazy("Why is none due?"),
    "place": _lazy("Where, or the link of the call"),
}


#: Letting somebody else read, and taking a conversation out, ask for a second factor shown within five minutes.
SHARE, TAKE_OUT = "desk.share", "desk.take_out"
assurance.register({SHARE: assurance.Needs(), TAKE_OUT: assurance.Needs()})


def at_the_desk(view: View) -> View:
    """Signed in with a second factor, and holding a post today; others get 403 in words.

    Words that cannot be sent (the database is away, the session is over, the request is somebody else's meanwhile) come
    back on a page of their own.
    """

    @staff_required
    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not allowed(actor_of(request), "desk.open"):
            raise NotAllowed(_("The desk is for those who hold a post at a school. You hold none today."))
        return view(request, *args, **kwargs)

    @wraps(view)
    def keeper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return gate(request, *args, **kwargs)
        try:
            if _signed_out_while_writing(request):
                return not_sent(request, status=403, signed_out=True)
            return gate(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            return not_sent(request, status=503)
        except (NotAllowed, NotFound) as refused:
            if not _words(request):
                raise
            return not_sent(request, status=refused.status, refused=refused)

    return keeper


def pressed(view: View) -> View:
    """Only a press of a button comes in; whoever loads the address (a reload, another language) sees the
    request."""

    @wraps(view)
    def button(request: HttpRequest, request_id: UUID) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("desk:request", args=[request_id]))
        return view(request, request_id)

    return button


def _signed_out_while_writing(request: HttpRequest) -> bool:
    """Somebody wrote, and is not signed in (any more: too long idle, signed out in another tab or by an
    administrator). Without words the gate leads to sign-in as everywhere.
    """
    return bool(_words(request)) and detour(request) is not None


def _words(request: HttpRequest) -> list[dict[str, Any]]:
    """The fields in which something was typed."""
    typed = [(name, label, request.POST.get(name, "")) for name, label in WORDS.items()]
    return [{"name": name, "label": label, "text": text} for name, label, text in typed if text.strip()]


def not_sent(
    request: HttpRequest,
    *,
    status: int,
    signed_out: bool = False,
    refused: DomainError | None = None,
) -> HttpResponse:
    """What was typed, still there, to copy; with a button that tries again when that may help. Asks the database
    nothing.
    """
    words = _words(request)
    shown = {one["name"] for one in words} | {"csrfmiddlewaretoken"}
    kept = [(key, value) for key, value in request.POST.items() if key not in shown]
    why = str(refused.detail) if refused else ""
    context = {
        "words": words,
        "kept": kept,
        "signed_out": signed_out,
        "refused": refused is not None,
        "lost_files": bool(request.FILES),
        "why": why or _("This is not there for you any more."),
    }
    return render(request, "desk/not-sent.html", context, status=status)


#: Before the name of the panel in which a message is shown; before for how long its undo can be pressed.
_AT, _FOR = "at:", "for:"


def tell(
    request: HttpRequest,
    text: Any,
    *,
    undo: str = "",
    at: str = "",
    within: timedelta | None = None,
    meanwhile: str = "",
) -> None:
    """Say what was done on the page that follows: at its top, or in the panel `at`, where the page then stands. `undo`
    takes it back, `within` some time only; `meanwhile` is said as long."""
    tags = [at and _AT + at, undo, f"{_FOR}{int(within.total_seconds())}" if undo and within else ""]
    said = f"{text}\n{meanwhile}" if undo and meanwhile else text
    messages.success(request, said, extra_tags=" ".join(filter(None, tags)))


def told(request: HttpRequest) -> dict[str, list[Toast]]:
    """What is to be said now, by panel; "" at the top. Of what can be taken back, the newest only."""
    found: dict[str, list[Toast]] = {}
    for message in messages.get_messages(request):
        tags = (message.extra_tags or "").split()
        at = next((tag.removeprefix(_AT) for tag in tags if tag.startswith(_AT)), "")
        seconds = next((int(tag.removeprefix(_FOR)) for tag in tags if tag.startswith(_FOR)), 0)
        undo = next((tag for tag in tags if not tag.startswith((_AT, _FOR))), "")
        text, _end, meanwhile = str(message).partition("\n")
        if undo:  # what was done before it is not taken back beside it
            found = {where: [one for one in some if not one.undo] for where, some in found.items()}
        found.setdefault(at, []).append(Toast(text, undo, seconds, meanwhile))
    return {where: some for where, some in found.items() if some}


def page(
    request: HttpRequest, template: str, shelf: Shelf | None, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk with its tabs; `shelf` is the tab we are on. On a phone the rest stands behind "More"."""
    counts = context.get("counts") or queries.counts(actor_of(request))
    mine = str(counts.mine)
    if counts.news:
        mine = _("%(all)s, %(new)s new") % {"all": counts.mine, "new": counts.news}
    tabs: list[dict[str, Any]] = [
        {"text": pgettext("requests", "Waiting"), "href": reverse("desk:waiting"), "count": counts.waiting},
        {"text": pgettext("requests", "Mine"), "href": reverse("desk:mine"), "count": mine},
        {"text": pgettext("requests", "Handovers"), "href": reverse("desk:handed"), "count": counts.handed},
        {"text": pgettext("requests", "Closed"), "href": reverse("desk:closed"), "rest": True},
        {"text": pgettext("requests", "Search"), "href": reverse("desk:search"), "rest": True},
    ]
    if counts.shared or shelf == "shared":
        shared = {
            "text": _("Shared with me"),
            "href": reverse("desk:shared"),
            "count": counts.shared,
            "rest": True,
        }
        tabs.insert(4, shared)
    if counts.danger or shelf == "danger":
        tabs.insert(
            2,
            {
                "text": pgettext("promises", "In danger"),
                "href": reverse("desk:danger"),
                "count": counts.danger,
            },
        )
    if counts.flood or shelf == "flood":
        flood = {"text": pgettext("requests", "Flood"), "href": reverse("desk:flood"), "count": counts.flood}
        tabs.insert(1, flood)
    if counts.unrecorded or shelf == "unrecorded":
        owed: dict[str, Any] = {"text": _("To record"), "href": reverse("desk:unrecorded"), "rest": True}
        tabs.insert(4, owed | {"count": counts.unrecorded})
    if worries := open_worries(actor_of(request)):
        tabs.insert(2, {"text": _("Worries"), "href": reverse("worry:mine"), "count": worries})
    here = reverse(f"desk:{shelf}") if shelf else request.path
    for tab in tabs:
        tab["current"] = tab["href"] == here
    rest = [tab for tab in tabs if tab.get("rest") and not tab["current"]]
    if "told" not in context:
        context["told"] = [one for some in told(request).values() for one in some]
    shown = {"tabs": tabs, "rest": rest, "rest_count": sum(tab.get("count") or 0 for tab in rest)}
    counted = {tab["href"]: str(tab["count"]) for tab in tabs if tab.get("count") is not None}
    counted["more"] = str(shown["rest_count"] or "")
    context = {"now": clock.now(), "tab_counts": json.dumps(counted), **shown, **context}
    response = render(request, f"desk/{template}", context, status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response


def speaking() -> str:
    """The language of the page."""
    return get_language() or "en"
