"""Translations without the gettext binaries: collect, update, check and compile each app's catalogs with
Babel.

An app's texts live in its own `locale/<language>/LC_MESSAGES/django.po`; `.mo` files are built, never
committed. Sources are .py files (gettext, gettext_lazy, ngettext, pgettext…, and `_`) and templates
(through Django's own `templatize`). msgids are English. `en` needs no catalog: the msgid is the text.

Whoever works here reads one of LANGUAGES, in which every text is translated. A student may read six languages more,
DOOR_LANGUAGES, in which a catalog holds only what students meet: the texts of the files that the app's `locale/door`
names, one pattern a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message as Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("nb", "nn", "sv", "da", "fi")
DOOR_LANGUAGES = ("se", "ar", "uk", "pl", "so", "ti")
FLOORS = ("platform/kernel", "platform/config", "tenants", "services", "billing")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
type Key = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """One text that is not fit to be shown in one language."""

    app: str
    language: str
    why: str
    text: str

    def __str__(self) -> str:
        return f"{self.app} {self.language}: {self.why}: {self.text!r}"


def apps(root: Path) -> list[Path]:
    """Folders that own texts: every app of every floor (where apps.py stands), wherever it lies."""
    found = {file.parent for floor in FLOORS for file in (root / floor).rglob("apps.py")}
    return sorted(found)


def collect(app: Path, *, door: bool = False) -> Catalog:
    """All msgids of one app, those of nested apps left to them; with `door` those alone that a student meets."""
    catalog = Catalog(charset="utf-8")
    for file in _door_files(app) if door else _files(app):
        for line, message, comments, context in _texts(file):
            catalog.add(
                message,
                locations=[(file.relative_to(app, walk_up=True).as_posix(), line)],
                auto_comments=comments,
                context=context,
            )
    return catalog


def _files(app: Path) -> Iterator[Path]:
    nested = {file.parent for file in app.rglob("apps.py")} - {app}
    for file in sorted(app.rglob("*")):
        wanted = file.suffix == ".py" or (file.suffix in (".html", ".txt") and "templates" in file.parts)
        if wanted and "migrations" not in file.parts and not nested & set(file.parents):
            yield file
    if app.parts[-2:] == ("kernel", "ui"):
        # Words of the kernel's own modules, which belong to no app, are kept with the pages that show them.
        yield from sorted(app.parent.glob("*.py"))


def _door_files(app: Path) -> Iterator[Path]:
    listed = app / "locale" / "door"
    patterns = listed.read_text().split() if listed.exists() else []
    for file in _files(app):
        name = file.relative_to(app, walk_up=True).parts
        if any(_fits(name, tuple(pattern.split("/"))) for pattern in patterns):
            yield file


def _fits(name: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    return len(name) == len(pattern) and all(
        fnmatch(one, wanted) for one, wanted in zip(name, pattern, strict=True)
    )


def _texts(file: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # Indented HTML is not indented Python; texts keep theirs, since templatize writes them as literals.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(file)).split("\n"))
    stream = BytesIO(source.encode("utf-8"))
    options = {"encoding": "utf-8"}
    yield from extract("python", stream, KEYWORDS, ["Translators:"], options)


def po_file(app: Path, language: str) -> Path:
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read(app: Path, language: str) -> Catalog:
    """The catalog of one language, empty where there is no file."""
    file = po_file(app, language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale=language, charset="utf-8")


def update(app: Path) -> bool:
    """Bring the .po files of an app up to its msgids; True when something was written. Obsolete texts are dropped."""
    written = False
    for languages, template in ((LANGUAGES, collect(app)), (DOOR_LANGUAGES, collect(app, door=True))):
        for language in languages:
            if len(template):
                written |= _write(
                    po_file(app, language), _brought_up(read(app, language), template, language)
                )
    return written


def _brought_up(old: Catalog, template: Catalog, language: str) -> Catalog:
    fresh = Catalog(locale=language, charset="utf-8", header_comment="#", project="Lavterskel")
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        string = known.string if known and _same_shape(known.id, message.id) else None
        fresh.add(message.id, string, locations=message.locations, context=message.context)
    return fresh


def _same_shape(a: object, b: object) -> bool:
    return isinstance(a, str) == isinstance(b, str)


def _write(file: Path, catalog: Catalog) -> bool:
    data = written_out(catalog)
    if file.exists() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return True


def written_out(catalog: Catalog) -> bytes:
    """Stable: no dates, no line numbers, sorted by file; so that a second run changes nothing, nor does reading a file
    and writing it again.
    """
    for message in catalog:
        message.locations = [(name, 0) for name in sorted({name for name, _line in message.locations})]
    stream = BytesIO()
    write_po(stream, catalog, width=120, include_lineno=False, omit_header=True, sort_by_file=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + stream.getvalue()


def faults(app: Path, root: Path, *, door: bool = False) -> Iterator[Fault]:
    """Every msgid of the app that is missing, empty, fuzzy, or loses a placeholder, in any language; with `door` what a
    student meets, in the languages of the door alone.
    """
    template, name = collect(app, door=door), app.relative_to(root).as_posix()
    for language in (DOOR_LANGUAGES if door else LANGUAGES) if len(template) else ():
        catalog = read(app, language)
        for message in template:
            if not message.id:
                continue
            first = message.id if isinstance(message.id, str) else message.id[0]
            known = catalog.get(first, message.context)
            why = _wrong(known, message.id)
            if why:
                yield Fault(name, language, why, first)


def _wrong(known: object, ids: object) -> str:
    string = getattr(known, "string", None)
    strings = [string] if isinstance(string, str) else list(string or ())
    if known is None:
        return "missing"
    if getattr(known, "fuzzy", False):
        return "fuzzy"
    if not strings or not all(strings):
        return "empty"
    if isinstance(ids, str) and any(_placeholders(s) != _placeholders(ids) for s in strings):
        return "other placeholders"
    return ""


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\([a-zA-Z0-9_]+\)[sd]|\{[a-zA-Z0-9_]*\}", text))


def compile_app(app: Path) -> int:
    """Write the .mo files that are older than their .po; how many were written."""
    count = 0
    for language in (*LANGUAGES, *DOOR_LANGUAGES):
        source = po_file(app, language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        stream = BytesIO()
        write_mo(stream, read(app, language), use_fuzzy=False)
        part = target.with_suffix(".mo.part")
        part.write_bytes(stream.getvalue())
        part.replace(target)
        count += 1
    return count
