"""Questions that are worded once and asked often: `rows = worded.ask(question, account_id, kept=(today(),))`.

To word a question of several parts costs Django several times what its answer costs.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

type Question = Callable[..., QuerySet[Any, Any]]


def ask(question: Question, *told: UUID | datetime, kept: tuple[Hashable, ...] = ()) -> list[tuple[Any, ...]]:
    """The rows of `question(*told, *kept)`, which is a function of a module, gives ids or columns and reads nothing but
    what it is given: it is called with stand-ins for what is told, once for as many of them and what is `kept`. What
    its words hang on (the day, for one) belongs in `kept`.
    """
    asked = _worded(question, tuple(type(one) for one in told), kept)
    values = [literal if place is None else told[place] for place, literal in asked.values]
    with connection.cursor() as cursor:
        cursor.execute(asked.words, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@dataclass(frozen=True, slots=True)
class _Worded:
    """A statement and what belongs in it: the place of a value that is told with each asking, or a value as it is."""

    words: str
    values: tuple[tuple[int | None, Any], ...]


@lru_cache(maxsize=256)
def _worded(question: Question, kinds: tuple[type, ...], kept: tuple[Hashable, ...]) -> _Worded:
    stand_ins = tuple(_stand_in(kind, place) for place, kind in enumerate(kinds))
    words, values = question(*stand_ins, *kept).query.sql_with_params()
    known = ((stand_ins.index(one) if one in stand_ins else None, one) for one in values)
    return _Worded(words, tuple(known))


def _stand_in(kind: type, place: int) -> UUID | datetime:
    """A value that nobody ever asks with, another for each place."""
    return (
        UUID(int=1 + place)
        if issubclass(kind, UUID)
        else datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=place)
    )
