"""The student's own data as a page, as JSON and as plain text. Words of codes for people, codes for machines."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from services.contact.following import Item, Section
from services.contact.reads import ANOTHER, REASONS
from services.contact.words import BECAUSE
from services.retention.words import CODES
from tenants.setup.forms import language_name

type Says = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown: rows of {key: label, value: words}."""

    title: str
    rows: list[list[dict[str, str]]]


def shown(sections: Iterable[Section], says: Says) -> list[Part]:
    """For people: empty values left out, and codes that have no words; empty sections too. Machines get all of it."""
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
    value = item.value
    if value is None or value == "" or callable(value):  # a file: on the page, a link of the conversation
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return says(value)
    if item.field == "contact.ContactRequest.language":
        return language_name(str(value))
    if item.field == "audit.ReadEntry.why":
        why = str(value)
        return str(BECAUSE.get(why.partition(":")[0]) or REASONS.get(why, ANOTHER))
    return str(CODES.get(str(value), "")) if _is_code(item) else str(value)


def _is_code(item: Item) -> bool:
    """Whether a value is a code of ours: what somebody typed is never translated."""
    return item.field.rsplit(".", 1)[-1] in (
        "channel_kind", "state", "outcome", "sender", "kind", "basis", "scope", "urgency", "way", "shares",
        "agreement",
    )  # fmt: skip


def as_json(sections: Iterable[Section]) -> str:
    """For machines: {"sections": [{"key", "rows": [{field: value}]}]}; instants in UTC, files in base64."""
    said = [{"key": one.key, "rows": [_named(row) for row in one.rows]} for one in sections]
    return json.dumps({"sections": said}, ensure_ascii=False, indent=2)


def _named(row: Iterable[Item]) -> dict[str, object]:
    return {item.field.rsplit(".", 1)[-1]: _plain(item.value) for item in row}


def _plain(value: object) -> object:
    if callable(value):
        return base64.b64encode(value()).decode()
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def as_text(parts: Iterable[Part]) -> str:
    """For whoever wants to read it later, with nothing but a text editor."""
    lines: list[str] = []
    for part in parts:
        lines += [part.title.upper(), ""]
        for row in part.rows:
            lines += [f"{one['key']}: {one['value']}" for one in row] + [""]
    return "\n".join(lines)
