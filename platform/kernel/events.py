"""What happened, told upstairs. An event is a job deferred in the transaction of its cause,
delivered at least once to idempotent handlers (docs/how/tenancy.md). Ids only, never content.
"""

import dataclasses
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from kernel import jobs
from kernel.tenancy import require_current


@dataclasses.dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. Fields are strings and ints: they travel as JSON."""


@dataclasses.dataclass(frozen=True, slots=True)
class MunicipalityFounded(Event):
    municipality_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class SchoolWentLive(Event):
    school_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContactRequested(Event):
    request_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContactMade(Event):
    request_id: str
    outcome: str


@dataclasses.dataclass(frozen=True, slots=True)
class PromiseBroken(Event):
    promise_id: str


type Handler = Callable[[Any], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
_known: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (MunicipalityFounded, SchoolWentLive, ContactRequested, ContactMade, PromiseBroken)
}


def on[E: Event](kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register an idempotent handler; it runs inside the municipality of the event, in a transaction."""

    def add(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[kind.__name__]:
            _handlers[kind.__name__].append(handler)
        return handler

    return add


def emit(event: Event) -> None:
    """Tell everybody who listens, after this transaction commits. Nobody listening: nothing is queued."""
    name = type(event).__name__
    if _handlers.get(name):
        jobs.defer("event", name=name, **dataclasses.asdict(event))


@jobs.task("event")
def deliver(*, name: str, **fields: Any) -> None:
    """Hand one event to its handlers. Raises what they raise, so that the job is tried again."""
    if "municipality_id" in fields:
        fields["municipality_id"] = require_current().id  # the caller says an id, the database says whose job
    event = _known[name](**fields)
    for handler in _handlers[name]:
        handler(event)
