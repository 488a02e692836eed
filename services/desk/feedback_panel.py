"""What the student let the adult see of whether it helped, on the page of a request: for who reads its words."""

from typing import Any

from django.http import HttpRequest

from services.desk.panels import Case, Panel, register
from services.feedback.queries import shared_with
from services.feedback.words import TOLD


def _shared(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.opened is None:
        return None
    told = shared_with(case.actor, case.row.request)
    return {"told": [{"said": TOLD[one.answer], "words": one.words} for one in told]} if told else None


register(Panel("feedback", "news", "feedback/shared.html", _shared, order=40))
