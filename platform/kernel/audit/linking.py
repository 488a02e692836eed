"""Chaining the log: each pass gives the rows that have come since a number and a running hash (docs/how/log.md).

Nobody waits for it: an act writes its row and its proof, and no more. The pass is alone in its municipality (it
locks the row of the `audit` key, where it notes how far it came) and reads only what is committed.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import batched

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from psycopg import sql

from kernel.audit.models import Entry, Link, ReadEntry
from kernel.audit.proofs import Row, is_proven, link_hash
from kernel.crypto import keys
from kernel.crypto.models import MunicipalityKey
from kernel.tenancy import MunicipalityRef, NoMunicipality, as_role, inside, municipalities

log = logging.getLogger("lavterskel.audit")

BATCH = 50  # schemas in one statement
PER_PASS = 2_000  # rows of one kind in one pass
MODELS: dict[str, type[Entry] | type[ReadEntry]] = {Link.Kind.WRITE: Entry, Link.Kind.READ: ReadEntry}


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stands: its last number and hash.

    settled   ids by kind up to which every row is linked, for good: one that turns up there later was put there
    coming    ids by kind that will be settled once every transaction that began before `horizon` has ended
    caught_up whether the rows from before there were proofs have been linked; none without proof is, afterwards
    """

    number: int = 0
    hash: bytes = b""
    settled: dict[str, int] = field(default_factory=dict)
    coming: dict[str, int] = field(default_factory=dict)
    horizon: int = 0
    caught_up: bool = False

    @classmethod
    def read(cls, note: bytes) -> "Head":
        if not note:
            return cls()
        said = json.loads(note)
        return cls(**{**said, "hash": bytes.fromhex(said["hash"])})

    def written(self) -> bytes:
        said = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({**said, "hash": self.hash.hex()}).encode()


def locked_key(*, wait: bool) -> MunicipalityKey | None:
    """The row of the `audit` key, locked against any other pass; None when somebody else has it."""
    keys.municipality_key(keys.AUDIT)
    rows = MunicipalityKey.objects.select_for_update(no_key=True, skip_locked=not wait)
    return rows.filter(purpose=keys.AUDIT).first()


def unlinked(kind: str, above: int = 0) -> "QuerySet[Entry] | QuerySet[ReadEntry]":
    """Rows of a kind that have no place in the chain, of those with ids above."""
    linked = Link.objects.filter(kind=kind, row_id=OuterRef("pk"))
    return MODELS[kind].objects.filter(~Exists(linked), pk__gt=above).order_by("pk")


@transaction.atomic
def link_new() -> int:
    """One pass in the municipality we are inside. Returns how many rows were linked; 0 also when another pass is at
    it. Raises CannotOpen when the note of where the chain stands is gone: then it must not begin anew.
    """
    key = locked_key(wait=False)
    if key is None:
        return 0
    head = Head.read(keys.read_note(key))
    began_before = _snapshot("xmin")
    links: list[Link] = []
    is_all = True
    for kind in MODELS:
        rows: list[Row] = list(unlinked(kind, head.settled.get(kind, 0))[:PER_PASS])
        is_all = is_all and len(rows) < PER_PASS
        for row in rows:
            if not is_proven(row) and (row.proof is not None or head.caught_up):
                continue  # `verifying` says so
            number = head.number + 1
            head = replace(head, number=number, hash=link_hash(number, kind, row, head.hash))
            links.append(Link(number=number, kind=kind, row_id=row.pk, hash=head.hash))
    Link.objects.bulk_create(links)
    if is_all:
        head = replace(_settled(head, began_before), caught_up=True)
    keys.write_note(key, head.written())
    return len(links)


def _settled(head: Head, began_before: int) -> Head:
    """An id is given before its row is committed, so rows come in any order. What has an id up to the highest linked
    is all there once the transactions have ended that had begun when that id was seen."""
    if head.horizon and began_before < head.horizon:
        return head
    highest = Link.objects.values("kind").annotate(row=Max("row_id")).values_list("kind", "row")
    return replace(head, settled=head.coming, coming=dict(highest), horizon=_snapshot("xmax"))


def _snapshot(end: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_snapshot_{end}(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0])


def with_news() -> list[MunicipalityRef]:
    """The municipalities, the operator among them, whose log has rows above the last linked ones. Asked as role
    `sweeper`, many schemas at once; what came late with a lower id is found by the hourly pass."""
    found: list[MunicipalityRef] = []
    for refs in batched(municipalities(include_operator=True), BATCH, strict=False):
        found += _with_news(refs)
    return found


def _with_news(refs: Sequence[MunicipalityRef]) -> list[MunicipalityRef]:
    one = sql.SQL(
        "SELECT {number} WHERE"
        " (SELECT coalesce(max(id), 0) FROM {schema}.audit_entry) >"
        " (SELECT coalesce(max(row_id), 0) FROM {schema}.audit_link WHERE kind = 'write') OR"
        " (SELECT coalesce(max(id), 0) FROM {schema}.audit_readentry) >"
        " (SELECT coalesce(max(row_id), 0) FROM {schema}.audit_link WHERE kind = 'read')"
    )
    asked = (one.format(number=n, schema=sql.Identifier(ref.schema)) for n, ref in enumerate(refs))
    try:
        with as_role("sweeper"), connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(asked))
            return [refs[number] for (number,) in cursor.fetchall()]
    except (DatabaseError, NoMunicipality):  # one that is half founded keeps nobody else waiting
        if len(refs) == 1:
            log.error("The log of %s cannot be read", refs[0].slug)
            return []
    return [found for ref in refs for found in _with_news([ref])]


def link_everywhere() -> int:
    """One pass over all that have news. Returns how many rows were linked."""
    linked = 0
    for ref in with_news():
        try:
            with inside(ref):
                linked += link_new()
        except Exception as error:  # the others' chains go on
            log.error("The log of %s: %s", ref.slug, type(error).__name__)
    return linked
