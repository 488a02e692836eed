"""What the desk shows of worries on the page of a request: the act always within reach, and the clock that runs."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from kernel.actor import Actor
from kernel.permissions import allowed
from services.contact.models import ContactRequest
from services.worry import queries
from services.worry.views.lines import clock_line


def clock_context(actor: Actor, request: ContactRequest, now: datetime) -> dict[str, Any] | None:
    """Above the promise: the clock of an open worry of mine; None where none runs."""
    row = _open(actor, request)
    box = clock_line(row.promise, now) if row else None
    return {"box": box} if box else None


def reach_context(actor: Actor, request: ContactRequest, *, is_free: bool) -> dict[str, Any] | None:
    """Within reach wherever one is on the page: the open worry, else the act that raises one; None for who neither
    has the case nor can take it.
    """
    row = _open(actor, request)
    if row is not None:
        return {"href": reverse("worry:worry", args=[row.worry.pk]), "is_open": True}
    if not _may_raise(actor, request, is_free=is_free):
        return None
    return {"href": reverse("worry:raise", args=[request.pk]), "is_open": False}


def goes_along_context(actor: Actor, request: ContactRequest) -> dict[str, Any] | None:
    """Where a request is handed over or let go: what becomes of its open worry."""
    return {} if _open(actor, request) else None


def act_context(actor: Actor, request: ContactRequest, *, is_free: bool) -> dict[str, Any] | None:
    """Under the next right act: the safety text, and worries that are over."""
    if not _may_raise(actor, request, is_free=is_free):
        return None
    past = [one.worry for one in queries.of_case(actor, request.pk) if not one.worry.is_open]
    if not past and not request.is_open:
        return None
    return {
        "safety": reverse("worry:safety", args=[request.pk]) if request.is_open else "",
        "past": [reverse("worry:worry", args=[worry.pk]) for worry in past],
    }


def _open(actor: Actor, request: ContactRequest) -> queries.Listed | None:
    return queries.open_worry(actor, request.pk)


def _may_raise(actor: Actor, request: ContactRequest, *, is_free: bool) -> bool:
    return allowed(actor, "worry.take_and_raise" if is_free else "worry.raise", request)
