"""What every student's page has in common."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kernel.tenancy import MunicipalityRef, require_current


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a student's page, of this room or, named with its folder, of one above:

    never stored, no referrer, no CSRF cookie (origin.py says what guards instead).
    """
    place: MunicipalityRef = require_current()
    shared = {"csrf_token": "", "is_rehearsal": place.state == "rehearsal"}
    name = template if "/" in template and not template.startswith("knock/") else f"contact/{template}"
    response = render(request, name, {**shared, **(context or {})}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def speaking() -> str:
    """The language of the page."""
    return get_language() or "en"
