"""Worry's panels on the page of a request: the clock that runs above the promise, the act under the next right one."""

from typing import Any

from django.http import HttpRequest

from services.desk.panels import Case, Panel, register
from services.worry.panel import act_context, clock_context


def _clock(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.stage == "shared":
        return None
    return clock_context(case.actor, case.row.request, case.now)


def _act(_request: HttpRequest, case: Case) -> dict[str, Any] | None:
    if case.stage in ("shared", "theirs"):
        return None
    return act_context(case.actor, case.row.request, is_free=case.stage == "free")


register(Panel("worry-clock", "news", "worry/panel-clock.html", _clock, order=10))
register(Panel("worry", "acts", "worry/panel-act.html", _act, order=10))
