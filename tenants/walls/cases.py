"""A case, as the walls know it: its key, its door, and who has it today.

Rooms upstairs own the cases; each hands over one function that finds its own (`register`). A case key is the one
name a case has in every room.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet

from kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Case:
    """`kind` and `object_id` as in the audit; `number` is what people say aloud; `holder` None: nobody has it; `rests`
    then: and nothing in it waits for anybody.
    """

    key: UUID
    kind: str
    object_id: UUID
    number: str
    role: UUID
    school: UUID
    holder: UUID | None
    rests: bool = False


type By = Literal["key", "number", "object"]
#: Finds the case by its key, number or object; with `lock` it stays as it is until the transaction ends.
type Finder = Callable[[By, object, bool], Case | None]
#: (role, school)
type Door = tuple[UUID, UUID]
#: What ties a person with these doors to cases, as rows of (case key, "offered", "recused" or "refused"), to
#: be joined with others in one question. The walls word it once for everybody with as many doors, and put the values
#: in: it hangs on nothing but them, and on no clock.
type Ties = Callable[[UUID, frozenset[Door]], list[QuerySet[Any, Any]]]
_finders: list[Finder] = []
_ties: list[Ties] = []


def register(finder: Finder, ties: Ties | None = None) -> None:
    """A room hands over how its cases are found, and what ties people to them beside door, grant and opening."""
    if finder not in _finders:
        _finders.append(finder)
    if ties is not None and ties not in _ties:
        _ties.append(ties)


def every_tie() -> tuple[Ties, ...]:
    """What every room has handed over of the kind."""
    return tuple(_ties)


def find(by: By, name: object, *, lock: bool = False) -> Case:
    """The case. Raises NotFound."""
    for finder in _finders:
        case = finder(by, name, lock)
        if case is not None:
            return case
    raise NotFound()
