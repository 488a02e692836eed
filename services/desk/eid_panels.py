"""That the student's name is confirmed by their eID, on the page of a request: with its words alone."""

from typing import Any

from django.http import HttpRequest

from services.desk.panels import Case, Panel, register
from services.eid import queries


def _confirmed(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.opened is None or not case.opened.name:
        return None
    binding = queries.binding_of(case.row.request.pk)
    return {"binding": binding} if binding is not None and binding.confirms_name else None


register(Panel("eid-name", "news", "eid/desk-name.html", _confirmed, order=29))
