"""On the helper's page: that the student wants it deleted, and when it goes."""

from typing import Any

from django.http import HttpRequest

from services.desk.panels import Case, Panel
from services.retention import queries


def context(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    wish = queries.wish_of(case.row.request.pk)
    return {"wish": wish} if wish is not None and case.stage in ("mine", "free", "closed") else None


PANEL = Panel(name="wish", place="news", template="retention/wish.html", context=context)
