"""The student's panel under the conversation: show who I am, later; and what stands since."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from kernel.actor import Actor
from kernel.ui.bidi import listed
from services.contact import confirming
from services.contact.panels import Panel, Seen
from services.eid import operations, queries, visiting
from tenants.setup.portal import text_in
from tenants.setup.queries import portal


def _context(request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    about = seen.opened.request
    found, ways = queries.binding_of(about.pk), confirming.ways_at(request, portal())
    if found is None and not (ways and about.is_open):
        return None
    mine = visiting.visitor(request)
    role = text_in(about.role.names, get_language() or "en") or about.role.key
    return {
        "binding": found,
        "ways": ways,
        "setting_out": reverse("eid:set_out"),
        "is_here": found is not None and mine is not None and mine.who == bytes(found.who),
        "role_at": listed([role, about.school.name]),
        "refused": dict(seen.errors).get("eid", ""),
    }


def _act(request: HttpRequest, by: Actor, case_id: UUID) -> None:
    operations.unbind(by=by, request_id=case_id)


PANEL = Panel("eid", "more", "eid/panel.html", _context, act=_act, order=31)
