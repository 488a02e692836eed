"""All that a student meets in a language, for the person who reads it before it is offered.

What is written by the municipality itself (roles, own words) stands on their own pages of set-up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils import translation

from kernel.ui import catalogs

ROOT = Path(__file__).resolve().parents[2]
#: What must be right before anything else: whom to call, who reads, what is promised, the code. Parts of file names.
_FIRST = (
    "crisis",
    "privacy.html",
    "who",
    "hero.html",
    "first.html",
    "promise",
    "standing",
    "receipt",
    "check.html",
)
#: What a program fills in, and what it marks.
_GAP = re.compile(r"(?:</?[a-z]+[^>]*>)*(?:%\(\w+\)[sd]|\{\w*\})(?:</?[a-z]+[^>]*>)*")


@dataclass(frozen=True, slots=True)
class Pair:
    """One text in the reader's own language and in the one they read. `said` has one form or more; "" = not yet."""

    ours: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoorTexts:
    """`first` must be right above all; `rest` is everything else. `missing` counts what is not translated."""

    first: tuple[Pair, ...]
    rest: tuple[Pair, ...]
    missing: int


def door_texts(language: str) -> DoorTexts:
    """Every text of the door in this language beside the one that is spoken now. Reads files, not the database."""
    first: list[Pair] = []
    rest: list[Pair] = []
    for message, pair in _pairs(language):
        places = [place for place, _line in message.locations]
        (first if any(part in place for place in places for part in _FIRST) else rest).append(pair)
    missing = sum(not all(pair.said) for pair in (*first, *rest))
    return DoorTexts(tuple(first), tuple(rest), missing)


def is_complete(language: str) -> bool:
    """Whether we have written the whole door in this language."""
    return language not in catalogs.DOOR_LANGUAGES or not door_texts(language).missing


def _pairs(language: str) -> Iterator[tuple[catalogs.Message, Pair]]:
    """Each text once, though rooms share it."""
    seen = set()
    for app, messages in _messages():
        catalog = catalogs.read(app, language)
        for message in messages:
            ids = _forms(message.id)
            if ids[0] and (ids[0], message.context) not in seen:
                seen.add((ids[0], message.context))
                known = message if language == "en" else catalog.get(ids[0], message.context)
                said = _forms((known.id if language == "en" else known.string) if known else "")
                yield message, Pair(as_read(_ours(ids, message.context)), tuple(as_read(one) for one in said))


@cache
def _messages() -> tuple[tuple[Path, tuple[catalogs.Message, ...]], ...]:
    """The texts of the door, by app. Collected once: they are those of the code that runs."""
    found = ((app, tuple(catalogs.collect(app, door=True))) for app in catalogs.apps(ROOT))
    return tuple((app, messages) for app, messages in found if messages)


def as_read(text: str) -> str:
    """As a person reads it: "…" where a time, a name or a number comes in, and no marks of HTML."""
    return _GAP.sub("…", text)


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(str(one or "") for one in text or ("",))  # type: ignore[attr-defined]


def _ours(ids: tuple[str, ...], context: str | None) -> str:
    if len(ids) > 1:
        return translation.ngettext(ids[0], ids[1], 2)
    return translation.pgettext(context, ids[0]) if context else translation.gettext(ids[0])
