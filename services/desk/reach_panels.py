"""What a student has added by their own act, on the page of a request: beside its words, and only with them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from services.desk.panels import Case, Panel, register
from services.reach import queries


def _name(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.opened is None:
        return None
    told = queries.name_told(case.row.request)
    return {"told": told} if told else None


def _ties(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.opened is None:
        return None
    others = queries.others_of(case.row.request, get_language() or "en", reader=case.actor.id)
    return {"others": others} if others else None


def _friend(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.opened is None or not case.row.request.is_open:
        return None
    friend = queries.friend_of(case.row.request)
    return {"friend": friend} if friend else None


register(Panel("friend", "news", "reach/desk-friend.html", _friend, order=31))
register(Panel("name-told", "news", "reach/desk-name.html", _name, order=30))
register(Panel("ties", "facts", "reach/desk-ties.html", _ties, order=30))
