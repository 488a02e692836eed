"""Which functions can be deferred, by name."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from kernel.tenancy import inside, municipalities, municipality_by_id

log = logging.getLogger("lavterskel.jobs")

type Function = Callable[..., None]

_HOUR = 3600.0

_tasks: dict[str, "Task"] = {}
_chores: dict[str, Callable[[], object]] = {}


@dataclass(frozen=True, slots=True)
class Task:
    """A registered function. With `in_transaction` all it writes is kept or nothing is.

    `operators`: only the operator may defer it, as it acts on what belongs to nobody or on a municipality that
    its ids name.
    """

    name: str
    function: Function
    in_transaction: bool
    operators: bool


def task(
    name: str, *, in_transaction: bool = True, operators: bool = False
) -> Callable[[Function], Function]:
    """Register an idempotent function under `name`: it runs inside the municipality of its job.

    It gets the ids it was deferred with, as keywords, and may run more than once. An id is what the caller says:
    which municipality it is about, a task asks `require_current`, never an id. `in_transaction=False` is for
    work that talks to the outside world and must not hold a transaction open meanwhile. `operators=True` is for
    tasks of the operator: the database refuses to queue one for a municipality (kernel.jobs.schema).
    """

    def register(function: Function) -> Function:
        before = _tasks.get(name)
        if before is not None and before.function.__qualname__ != function.__qualname__:
            raise ValueError(f"There is a task named {name} already.")
        _tasks[name] = Task(name, function, in_transaction, operators)
        return function

    return register


def every_minute[F: Callable[[], object]](function: F) -> F:
    """Register what a worker does once a minute, outside of every municipality: look for what no job woke up.

    Safe to run in two workers at once; what it raises is logged by class and tried again a minute later.
    """
    _chores[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def every_hour_inside[F: Callable[[], object]](function: F) -> F:
    """Register what a worker does once an hour inside every municipality, the operator among them.

    What it raises in one is logged by class and tried again an hour later.
    """
    last = float("-inf")

    def in_all() -> None:
        nonlocal last
        if time.monotonic() - last < _HOUR:
            return
        last = time.monotonic()
        for ref in municipalities(include_operator=True):
            try:
                with inside(ref):
                    function()
            except Exception as error:  # one municipality's trouble keeps nothing from the next
                log.error("%s in %s: %s", function.__qualname__, ref.schema, type(error).__name__)

    _chores[f"{function.__module__}.{function.__qualname__}"] = in_all
    return function


def do_chores() -> list[str]:
    """Do every chore once. Gives what failed, as "name: class of the error"."""
    failed = []
    for name, function in _chores.items():
        try:
            function()
        except Exception as error:
            failed.append(f"{name}: {type(error).__name__}")
    return failed


def tasks() -> dict[str, Task]:
    """All registered tasks by name."""
    return dict(_tasks)


def run(name: str, arguments: dict[str, Any]) -> None:
    """Run one job here: inside its municipality, in a transaction where the task wants one.

    Raises what the task raises, and LookupError for a task that is not there, or not there for municipalities.
    The job of a municipality that
    was taken down since has nothing left to do: it is dropped, and the log says so.
    """
    if name not in _tasks:
        raise LookupError(f"No task is named {name}.")
    found = _tasks[name]
    ids = dict(arguments)
    try:
        ref = municipality_by_id(int(ids.pop("municipality")))
    except LookupError:
        log.warning("A job of a municipality that is gone was dropped: %s", name)
        return
    if found.operators and ref.kind != "operator":
        raise LookupError(f"{name} is the operator's alone.")
    with inside(ref):
        if found.in_transaction:
            with transaction.atomic():
                found.function(**ids)
        else:
            found.function(**ids)
