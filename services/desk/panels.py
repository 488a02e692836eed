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
from services.meetings.queries import Standing

type Stage = Literal["free", "mine", "theirs", "closed", "shared", "offered"]
#: reach: in the strip that never leaves the screen · news: above the promise · facts: with how the student wants to be
#: reached · acts: under the next right act · more: closed folds, a line each · away: the last fold, how it leaves me.
type Place = Literal["reach", "news", "facts", "acts", "more", "away"]


@dataclass(frozen=True, slots=True)
class Case:
    """The request the page is about, who looks at it and when. `opened` only when its words are shown; `meeting` then
    only for the one who has it.

    `typed`: what was typed into a panel's own form that was refused, by the panel's own names, and what was wrong.
    `told`: panel → what has just been done there.
    """

    row: Listed
    actor: Actor
    stage: Stage
    now: datetime
    opened: Conversation | None
    meeting: Standing | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, "Toast"] = field(default_factory=dict)

    @property
    def is_mine(self) -> bool:
        return self.stage == "mine"


@dataclass(frozen=True, slots=True)
class Toast:
    """What has just been done; `undo` is the address that takes it back, for so many `seconds` (0: for as long as one
    likes); `meanwhile` is said as long as that can be pressed."""

    text: str
    undo: str = ""
    seconds: int = 0
    meanwhile: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as it stands on the page. With a `summary` it is a fold that says this while it is closed."""

    name: str
    html: SafeString
    summary: str = ""
    note: str = ""
    is_open: bool = False
    told: Toast | None = None


type Context = Callable[[HttpRequest, Case], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """`name` is unique and the id of its section; `order` sorts within a place.

    A context may say `fold` (the line of a closed fold), `fold_note` (how it stands) and `fold_open`. A fold stands
    open as well where something was just done or refused.
    """

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


def shown(request: HttpRequest, case: Case) -> dict[str, list[Shown]]:
    """Place → what stands there now."""
    found: dict[str, list[Shown]] = {name: [] for name in ("reach", "news", "facts", "acts", "more", "away")}
    for panel in panels():
        context = panel.context(request, case)
        if context is not None:
            html = render_to_string(panel.template, {"case": case, "panel": panel, **context}, request)
            found[panel.place].append(_shown(panel, html, context, case.told.get(panel.name)))
    return found


def _shown(panel: Panel, html: SafeString, context: Mapping[str, Any], told: Toast | None) -> Shown:
    return Shown(
        name=panel.name,
        html=html,
        summary=str(context.get("fold", "")),
        note=str(context.get("fold_note", "")),
        is_open=bool(context.get("fold_open")) or told is not None,
        told=told,
    )
