"""The student's own data as a page, as JSON and as plain text. Words of codes for people, for machines both."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from services.contact.following import Item, Section, words_of
from services.contact.reads import ANOTHER, REASONS
from services.contact.words import BECAUSE
from tenants.setup.forms import language_name

#: What nobody wonders about when the answer is no: said only where it is yes.
ONLY_YES = frozenset({"contact.ConversationMessage.is_apart", "contact.Handover.walk_along"})

#: An instant, or a local date, in words.
type Says = Callable[[datetime | date], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown: rows of {key: label, value: words}."""

    title: str
    rows: list[list[dict[str, str]]]


def shown(sections: Iterable[Section], says: Says) -> list[Part]:
    """For people: what is empty is left out, and empty sections too. Machines get all of it."""
    parts = []
    for section in sections:
        rows = [
            [{"key": str(item.label), "value": said} for item in row if (said := words(item, says))]
            for row in section.rows
        ]
        if any(rows):
            parts.append(Part(str(section.title), [row for row in rows if row]))
    return parts


def words(item: Item, says: Says) -> str:
    """One value in words; "" for none."""
    if (said := in_words(item)) is not None:
        return said
    value = item.value
    if value is None or value == "" or callable(value):  # a file: on the page, a link of the conversation
        return ""
    if value is False and item.field in ONLY_YES:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return says(value) if isinstance(value, date) else str(value)


def in_words(item: Item) -> str | None:
    """What a code means; None for what is no code of ours: what somebody typed is never translated."""
    if not isinstance(item.value, str):
        return None
    if item.field == "contact.ContactRequest.language":
        return language_name(item.value)
    if item.field == "audit.ReadEntry.why":
        return str(BECAUSE.get(item.value.partition(":")[0]) or REASONS.get(item.value, ANOTHER))
    said = words_of(item.field, item.value)
    return None if said is None else str(said)


def as_json(sections: Iterable[Section]) -> str:
    """For machines: {"sections": [{"key", "title", "rows": [{field: value}]}]}; instants in UTC, dates as they are,
    files in base64; beside a code what it means, as `<field>_in_words`."""
    said = [
        {"key": one.key, "title": str(one.title), "rows": [_named(row) for row in one.rows]}
        for one in sections
    ]
    return json.dumps({"sections": said}, ensure_ascii=False, indent=2)


def _named(row: Iterable[Item]) -> dict[str, object]:
    found: dict[str, object] = {}
    for item in row:
        name = item.field.rsplit(".", 1)[-1]
        found[name] = _plain(item.value)
        if (said := in_words(item)) is not None:
            found[f"{name}_in_words"] = said
    return found


def _plain(value: object) -> object:
    if callable(value):
        return base64.b64encode(value()).decode()
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def as_text(parts: Iterable[Part]) -> str:
    """For whoever wants to read it later, with nothing but a text editor."""
    lines: list[str] = []
    for part in parts:
        lines += [part.title.upper(), ""]
        for row in part.rows:
            lines += [f"{one['key']}: {one['value']}" for one in row] + [""]
    return "\n".join(lines)
