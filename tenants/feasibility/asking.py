"""How a page of set-up shows a gap before it saves, where the municipality warns.

The page is shown again with the gaps and a mark of them; what comes back with the same mark is saved.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kernel.errors import Invalid
from tenants.feasibility import guard
from tenants.feasibility.plan import Step
from tenants.setup.queries.answers import blocks_gaps
from tenants.setup.views.common import page

type Asks = dict[str, Any]


def asks(request: HttpRequest, *steps: Step, never_refused: bool = False) -> Asks:
    """{} when there is nothing to show, or it has been seen, or the operation itself will refuse it."""
    if not steps or (blocks_gaps() and not never_refused):
        return {}
    lines = guard.in_words(guard.left_by(*steps))
    mark = sha256("\n".join(lines).encode()).hexdigest()[:16] if lines else ""
    if not lines or request.POST.get("gaps_seen") == mark:
        return {}
    return {"gaps": lines, "gaps_mark": mark}


def press(
    request: HttpRequest, section: str, back: str, act: Callable[[], HttpResponse], *steps: Step
) -> HttpResponse:
    """For a button without a form: do it; or show the gaps and ask; or say that it is refused."""
    found: Asks = asks(request, *steps)
    if not found:
        try:
            return act()
        except guard.LeavesGaps as refusal:
            found = {"refused": [str(error.message) for error in refusal.errors]}
    context = {"back": back, "title": _("This leaves a gap"), "action": request.get_full_path(), **found}
    response = page(request, section, "feasibility/press", **context)
    response.status_code = 409 if "refused" in found else 200
    return response


def refused(error: Invalid) -> str:
    """What a page without a form says of it."""
    return " ".join(str(one.message) for one in error.errors)
