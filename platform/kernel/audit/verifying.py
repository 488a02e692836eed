"""Reading the whole log against its proofs and its chain: what is wrong, and where (docs/how/log.md).

Every kind of finding has one function. Nothing is mended and nothing is linked here; writing goes on meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.db.models import Count, Max, QuerySet

from kernel.audit.linking import MODELS, Head, locked_key, unlinked
from kernel.audit.models import Link
from kernel.audit.proofs import Row, is_proven, link_hash
from kernel.crypto import keys

type Kind = Literal[
    "altered", "forged", "copied", "deleted", "moved", "gap", "inserted", "truncated", "unheaded"
]

WORDS: dict[Kind, str] = {
    "altered": "the row says something else than when it was linked",
    "forged": "the row has no proof of ours",
    "copied": "the same row is there more than once",
    "deleted": "the row is gone",
    "moved": "the row, or its link, stands in another's place",
    "gap": "a link is gone",
    "inserted": "the row was put among others long after them",
    "truncated": "the chain does not end where it did at the last pass",
    "unheaded": "the note of where the chain ends is gone or altered",
}
PART = 1_000  # links at a time


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `number` in the chain and `row` ("read 17") where they are known."""

    kind: Kind
    number: int | None = None
    row: str = ""

    def __str__(self) -> str:
        where = [f"link {self.number}"] if self.number is not None else []
        return f"{', '.join([*where, *filter(None, [self.row])]) or 'the chain'}: {WORDS[self.kind]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is, and what is wrong with it. `waiting` rows are sound and not linked yet."""

    links: int
    waiting: int
    head: str
    findings: tuple[Finding, ...]


def verify() -> Verdict:
    """The log of the municipality we are inside."""
    head, last, findings = _head()
    findings += list(_chain(last))
    waiting = 0
    for kind in MODELS:
        for row in unlinked(kind).iterator(PART):
            if (found := _without_link(kind, row, head)) is not None:
                findings.append(found)
            waiting += found is None
    findings += list(_copies())
    return Verdict(last, waiting, written(head) if head else "", tuple(findings))


def written(head: Head) -> str:
    """A head as it is noted on paper: number and the beginning of the hash."""
    return f"{head.number}:{head.hash.hex()[:24]}"


def head_now() -> str:
    """The head as it stands, to be noted; "" before the first pass, and when it cannot be read."""
    head, _last, _findings = _head()
    return written(head) if head and head.number else ""


def stands(note: str) -> bool:
    """Whether the chain still goes through a head that was noted earlier."""
    number, _, digest = note.partition(":")
    if number == "0" and not digest:
        return True
    link = Link.objects.filter(number=int(number)).first() if number.isdigit() else None
    return link is not None and len(digest) == 24 and bytes(link.hash).hex().startswith(digest)


def _head() -> tuple[Head | None, int, list[Finding]]:
    """The head that was noted, the last number there is, and whether they agree. No pass runs while we look."""
    with transaction.atomic():
        key = locked_key(wait=True)
        last = Link.objects.aggregate(last=Max("number"))["last"] or 0
        try:
            head = Head.read(keys.read_note(key)) if key else None
        except keys.CannotOpen:
            head = None
        end = Link.objects.filter(number=last).first()
    if head is None:
        return None, last, [Finding("unheaded")]
    ends_there = head.number == last and (end is None or bytes(end.hash) == head.hash)
    return head, last, [] if ends_there else [Finding("truncated", min(head.number, last))]


def _chain(last: int) -> Iterator[Finding]:
    """Each link against the one before it and the row it names. After a fault it goes on from what is written, so
    that one fault is one finding."""
    expected, before = 1, b""
    for start in range(0, last, PART):
        links = list(Link.objects.filter(number__gt=start, number__lte=start + PART).order_by("number"))
        rows = _rows_of(links)
        for link in links:
            if link.number != expected:
                yield Finding("gap", expected)
            elif (found := _link(link, rows.get((link.kind, link.row_id)), before)) is not None:
                yield found
            expected, before = link.number + 1, bytes(link.hash)


def _rows_of(links: list[Link]) -> dict[tuple[str, int], Row]:
    found: dict[tuple[str, int], Row] = {}
    for kind, model in MODELS.items():
        rows: QuerySet[Row] = model.objects.all()
        ids = [link.row_id for link in links if link.kind == kind]
        found |= {(kind, pk): row for pk, row in rows.in_bulk(ids).items()}
    return found


def _link(link: Link, row: Row | None, before: bytes) -> Finding | None:
    name = f"{link.kind} {link.row_id}"
    if row is None:
        return Finding("deleted", link.number, name)
    if row.proof is not None and not is_proven(row):
        return Finding("altered", link.number, name)
    if link_hash(link.number, link.kind, row, before) != bytes(link.hash):
        return Finding("moved" if row.proof is not None else "altered", link.number, name)
    return None


def _without_link(kind: str, row: Row, head: Head | None) -> Finding | None:
    """A row that is not in the chain: ours and new, or put there."""
    name = f"{kind} {row.pk}"
    if head is not None and row.pk <= head.settled.get(kind, 0):
        return Finding("inserted", row=name)
    if not is_proven(row) and (row.proof is not None or head is None or head.caught_up):
        return Finding("forged", row=name)
    return None


def _copies() -> Iterator[Finding]:
    """A proof has random bytes in it: two rows never have the same."""
    for kind, model in MODELS.items():
        proofs = model.objects.filter(proof__isnull=False).values("proof")
        for twice in proofs.annotate(count=Count("pk"), last=Max("pk")).filter(count__gt=1):
            yield Finding("copied", row=f"{kind} {twice['last']}")
