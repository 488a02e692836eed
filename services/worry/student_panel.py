"""The panel on the student's page: what we told to whom, and why. Never by message: only here."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from services.contact.panels import Panel, Seen
from services.worry.told import told_about
from tenants.setup.portal import text_in
from tenants.setup.queries import portal


def _context(_request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
    about = seen.opened.request
    role = text_in(about.role.names, get_language() or "en") or about.role.key
    told = told_about(seen.by, about, helper=role, names=portal().look.show_names)
    return {"told": told} if told else None


PANEL = Panel("worry-told", "news", "worry/told.html", _context, order=20)
