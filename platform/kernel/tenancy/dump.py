"""Reading what pg_dump wrote: only what is on a white list passes, rewritten so that PostgreSQL 15 reads it.

pg_dump 18 writes `\\restrict` lines and settings that older servers do not know: both are dropped. An
identity is written inline with its column (a sharded database needs that). Anything unknown is refused aloud.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | (?P<tag>\$\w*\$).*?(?P=tag) | --[^\n]* | ;""",
    re.VERBOSE | re.DOTALL,
)
_KEPT = re.compile(
    r"CREATE (?:(?:UNIQUE )?INDEX|SEQUENCE|FUNCTION|VIEW) |ALTER (?:TABLE|SEQUENCE) |INSERT INTO "
    r"|COMMENT ON |SELECT pg_catalog\.setval\("
)
_DROPPED = re.compile(r"SET |CREATE SCHEMA |COMMENT ON SCHEMA |SELECT pg_catalog\.set_config\('search_path'")
_IDENTITY = re.compile(
    r"ALTER TABLE (?P<table>\S+) ALTER COLUMN (?P<column>\S+) "
    r"ADD (?P<what>GENERATED .* AS IDENTITY \(.*\))\Z",
    re.DOTALL,
)
_TABLE = re.compile(r"CREATE TABLE (?P<table>\S+) ")
_CONSTRAINT = re.compile(
    r"ALTER TABLE (?:ONLY )?(?P<table>\S+)\s+"
    r"ADD (?P<what>CONSTRAINT \S+ (?:PRIMARY KEY|UNIQUE|FOREIGN KEY) .*)\Z",
    re.DOTALL,
)
_REFERS = re.compile(r"REFERENCES (\S+?)\(")


class UnknownStatement(ValueError):
    """pg_dump wrote something the reader does not know. Look at it before letting it into every schema."""


def statements(text: str) -> Iterator[str]:
    """The statements of an SQL script, without comments and closing semicolons."""
    text = re.sub(r"(?m)^\\.*$", "", text)
    start, parts = 0, []
    for token in _TOKEN.finditer(text):
        found = token.group()
        if found == ";" or found.startswith("--"):
            parts.append(text[start : token.start()])
            start = token.end()
        if found == ";":
            statement = "".join(parts).strip()
            parts = []
            if statement:
                yield statement
    rest = ("".join(parts) + text[start:]).strip()
    if rest:
        raise UnknownStatement(f"The dump ends in the middle of a statement: {rest[:80]!r}")


def read(text: str) -> str:
    """The script of a schema: its tables, rows and indexes. Raises UnknownStatement.

    Keys and constraints move into their CREATE TABLE, tables after those they point at: the same schema in
    less time, as no table is touched twice.
    """
    tables: dict[str, str] = {}
    rest: list[str] = []
    for statement in statements(text):
        created = _TABLE.match(statement)
        identity = _IDENTITY.match(statement)
        constraint = _CONSTRAINT.match(statement)
        if created:
            tables[created["table"]] = statement
        elif identity:
            tables[identity["table"]] = _inline(
                tables[identity["table"]], identity["column"], identity["what"]
            )
        elif constraint and tables[constraint["table"]].endswith("\n)"):
            open_end = tables[constraint["table"]].removesuffix("\n)")
            tables[constraint["table"]] = f"{open_end},\n    {' '.join(constraint['what'].split())}\n)"
        elif _KEPT.match(statement):
            if not statement.endswith(", 1, false)"):  # a sequence that was never used begins at 1 by itself
                rest.append(statement)
        elif not _DROPPED.match(statement):
            raise UnknownStatement(f"Not on the white list: {statement[:120]!r}")
    kept = [*_in_order(tables), *rest]
    return ";\n".join(kept) + ";\n" if kept else ""


def _in_order(tables: dict[str, str]) -> list[str]:
    """Each CREATE TABLE after those of the tables it refers to. Raises UnknownStatement for a ring."""
    ordered: dict[str, str] = {}
    while len(ordered) < len(tables):
        ready = [
            name
            for name, create in tables.items()
            if name not in ordered
            and not (set(_REFERS.findall(create)) & tables.keys()) - ordered.keys() - {name}
        ]
        if not ready:
            raise UnknownStatement(f"Tables point at each other in a ring: {tables.keys() - ordered.keys()}")
        ordered.update((name, tables[name]) for name in ready)
    return list(ordered.values())


def _inline(create: str, column: str, what: str) -> str:
    pattern = re.compile(rf"(?m)^(    {re.escape(column)} (?:bigint|integer|smallint) NOT NULL)(?=,?$)")
    inlined, count = pattern.subn(lambda found: f"{found.group(1)} {' '.join(what.split())}", create)
    if count != 1:
        raise UnknownStatement(f"No place for the identity of {column} in {create[:80]!r}")
    return inlined
