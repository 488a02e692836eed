"""What rooms above bring along to the student's page of a conversation: one interface for all of them, as
`services.desk.panels` is for the helper's page.

A panel is asked for its context with the conversation as it was opened for its student (the reading is in the
log); None means that it has nothing to say now. Its form is made by `contact/panel-form.html`; what is posted comes
to `act` under the rules of the student's state: no session, the visit cookie and our own page's proof, done once
for a form sent twice, and typed words (the field `text`) never lost: a form that has them carries `data-send` and
`contact/unsent.html`, so that they go out again by themselves when the network was away.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from kernel.actor import Actor
from services.contact.operations import Conversation
from services.contact.standing import Standing

#: news: above the promise · promise: under it · more: under the conversation and its form · readers: where it says who
#: reads, and who has read.
type Place = Literal["news", "promise", "more", "readers"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The page a panel stands on: the student, their open conversation and where it stands.

    `posted` and `errors` (field, message) only when this panel's own form came back with a mistake.
    """

    by: Actor
    opened: Conversation
    standing: Standing
    now: datetime
    posted: QueryDict | None = None
    errors: tuple[tuple[str, str], ...] = ()


type Context = Callable[[HttpRequest, Seen], dict[str, Any] | None]
#: Do what the form says, by an operation; raises its domain errors, which the page says in words.
type Act = Callable[[HttpRequest, Actor, UUID], None]


@dataclass(frozen=True, slots=True)
class Panel:
    """`name` is unique, the id of its section and the last part of its form's address; `order` sorts. `simple`: its
    template on the conversation in few words, which announces what has none. `leaves`: acts that say nothing of what
    was typed, in its form or in the one for writing: the words stay where they were."""

    name: str
    place: Place
    template: str
    context: Context
    act: Act | None = None
    order: int = 50
    simple: str = ""
    leaves: frozenset[str] = frozenset()


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Called once, when a room is loaded (apps.py). Raises ValueError for a name that is taken."""
    if _panels.setdefault(panel.name, panel) is not panel:
        raise ValueError(f"a panel named {panel.name} is registered already")


def named(name: str) -> Panel | None:
    return _panels.get(name)


def panels() -> Iterable[Panel]:
    """All of them, in the order in which they are shown."""
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def shown(
    request: HttpRequest, seen: dict[str, Seen], forms: dict[str, str], *, simple: bool = False
) -> dict[str, list[SafeString]]:
    """Place → what stands there now. `seen`: the page as a panel sees it, by its name, "" for all the others;
    `forms`: what each form carries (proof, once). `simple`: what can be said in few words has a place of its own."""
    found: dict[str, list[SafeString]] = {"news": [], "promise": [], "more": [], "readers": [], "simple": []}
    for panel in panels():
        mine = seen.get(panel.name, seen[""])
        context = panel.context(request, mine)
        if context is not None:
            given = {"seen": mine, "panel": panel, "csrf_token": "", **forms, **context}
            place, template = (
                ("simple", panel.simple) if simple and panel.simple else (panel.place, panel.template)
            )
            found[place].append(render_to_string(template, given, request))
    return found
