"""What other rooms bring along to the page of a request: one interface for all of them.

A panel is asked for its context with the request as it stands; None means that it has nothing to say now. It
never opens what is sealed by itself: what it may show of the content comes to it in `opened`, which is there only
when a reading is in the log.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kernel.actor import Actor
from services.contact.operations import Conversation
from services.contact.queries import Listed

type Stage = Literal["free", "mine", "theirs", "closed", "shared", "offered"]
#: news: above the promise · facts: with how the student wants to be reached · acts: under the next right act ·
#: more: last, folded.
type Place = Literal["news", "facts", "acts", "more"]


@dataclass(frozen=True, slots=True)
class Case:
    """The request the page is about, who looks at it and when. `opened` only when its words are shown.

    `typed`: what was typed into a panel's own form that was refused, by the panel's own names, and what was wrong.
    """

    row: Listed
    actor: Actor
    stage: Stage
    now: datetime
    opened: Conversation | None
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_mine(self) -> bool:
        return self.stage == "mine"


type Context = Callable[[HttpRequest, Case], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """`name` is unique and the id of its section; `order` sorts within a place."""

    name: str
    place: Place
    template: str
    context: Context
    order: int = 50


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called once, when the desk is loaded (apps.py). Raises ValueError for a name that is taken."""
    if _panels.setdefault(panel.name, panel) is not panel:
        raise ValueError(f"a panel named {panel.name} is registered already")


def panels() -> Iterable[Panel]:
    """All of them, in the order in which they are shown."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def shown(request: HttpRequest, case: Case) -> dict[str, list[SafeString]]:
    """Place → what stands there now."""
    found: dict[str, list[SafeString]] = {"news": [], "facts": [], "acts": [], "more": []}
    for panel in panels():
        context = panel.context(request, case)
        if context is not None:
            html = render_to_string(panel.template, {"case": case, "panel": panel, **context}, request)
            found[panel.place].append(html)
    return found
