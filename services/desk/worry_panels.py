"""Worry's panels on the page of a request: the act always within reach, the clock that runs above the promise, the
safety text under the next right act."""

from typing import Any

from django.http import HttpRequest

from services.desk.panels import Case, Panel, register
from services.worry.panel import act_context, clock_context, goes_along_context, reach_context


def _clock(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.stage == "shared":
        return None
    return clock_context(case.actor, case.row.request, case.now)


def _reach(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.stage == "shared":
        return None
    return reach_context(case.actor, case.row.request, is_free=case.stage == "free")


def _goes_along(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    return goes_along_context(case.actor, case.row.request) if case.is_mine else None


def _act(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.stage in ("shared", "theirs"):
        return None
    return act_context(case.actor, case.row.request, is_free=case.stage == "free")


register(Panel("worry-reach", "reach", "worry/panel-reach.html", _reach, order=10))
register(Panel("worry-clock", "news", "worry/panel-clock.html", _clock, order=10))
register(Panel("worry-goes-along", "away", "worry/panel-goes-along.html", _goes_along, order=10))
register(Panel("worry", "acts", "worry/panel-act.html", _act, order=10))
