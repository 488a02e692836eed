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
    """Above the promise: an open worry of mine, with its clock; None without one."""
    row = next((one for one in queries.of_case(actor, request.pk) if one.worry.is_open), None)
    if row is None:
        return None
    box = clock_line(row.promise, now)
    return {"box": box, "href": reverse("worry:worry", args=[row.worry.pk])}


def act_context(actor: Actor, request: ContactRequest, *, is_free: bool) -> dict[str, Any] | None:
    """Under the next right act; None for who neither has the case nor can take it."""
    if not allowed(actor, "worry.take_and_raise" if is_free else "worry.raise", request):
        return None
    past = [one.worry for one in queries.of_case(actor, request.pk) if not one.worry.is_open]
    return {
        "href": reverse("worry:raise", args=[request.pk]),
        "safety": reverse("worry:safety", args=[request.pk]) if request.is_open else "",
        "past": [reverse("worry:worry", args=[worry.pk]) for worry in past],
    }
