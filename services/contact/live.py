"""Whether a student's page is up to date: a mark of how the conversation stands, which says nothing of it.

Two parts, `answers.rest`: the first changes when an adult has written, or reached or tried to reach the student; the
second when anything else has happened. Keyed, so that nobody learns from a mark how often. Opens nothing, writes
nothing: no row in the read log, no cookie.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.crypto.keys import keyed_hash
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage, Handover, NextDoor
from services.promises.queries import promises_of

#: What a room above shows on the page, as plain values; asked with the id of the request.
type Shows = Callable[[UUID], Any]
_shows: dict[str, Shows] = {}


def register(name: str, shows: Shows) -> None:
    """Called once, when a room is loaded (apps.py): what of it a student sees is news when it changes."""
    if _shows.setdefault(name, shows) is not shows:
        raise ValueError(f"{name} says already what is new")


def mark_of(request: ContactRequest) -> str:
    """The mark as it is now: by the clock too, so that a promise that has just run out is news."""
    now, about = clock.now(), {"request": request}
    there = Q(visible_at__isnull=True) | Q(visible_at__lte=now)
    written = ConversationMessage.objects.filter(there, **about)
    by_adults = written.filter(sender=ConversationMessage.Sender.HELPER)
    by_others = written.exclude(sender=ConversationMessage.Sender.STUDENT).count() - by_adults.count()
    tried = ContactAttempt.objects.filter(there, **about).exclude(kind="conversation")
    answers = [by_adults.count(), tried.count()]
    rest = [
        request.state,
        request.closed_at,
        request.role_id,
        [(one.kind, one.due_at, one.state_at(now)) for one in promises_of(request.pk)],
        list(Handover.objects.filter(**about).order_by("number").values_list("number", "state")),
        NextDoor.objects.filter(**about).count(),
        by_others,
        [(name, shows(request.pk)) for name, shows in sorted(_shows.items())],
    ]
    return f"{_hashed(request, answers)}.{_hashed(request, rest)}"


def _hashed(request: ContactRequest, values: list[Any]) -> str:
    said = json.dumps([str(request.pk), values], default=str)
    return keyed_hash("live-mark", said.encode()).hex()[:16]
