"""What a row of the log says, to the letter, and the proof that we wrote it: `8 random bytes ‖ 24 bytes of
HMAC-SHA-256` under the municipality's `audit` key. Made in the act's own transaction: no lock, no other row.
"""

import hmac
import json
import os
from datetime import UTC

from kernel.audit.models import Entry, Link, ReadEntry
from kernel.crypto import keys
from kernel.tenancy import require_current

type Row = Entry | ReadEntry

_RANDOM = 8
LENGTH = 32


def said(row: Row) -> bytes:
    """The row's content in one unambiguous form. Its id is not in it: the database gives that later."""
    parts: list[object] = [
        require_current().id,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor_kind,
        row.actor_id and str(row.actor_id),
    ]
    if isinstance(row, Entry):
        parts += [Link.Kind.WRITE, row.verb, row.object_kind, row.object_id, row.details]
    else:
        role = row.role_id and str(row.role_id)
        parts += [Link.Kind.READ, role, str(row.case_key_id), row.what, row.why]
    return json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()


def _mac(random: bytes, row: Row) -> bytes:
    return random + keys.keyed_hash(keys.AUDIT, b"row\x00" + random + said(row))[: LENGTH - _RANDOM]


def proven[R: (Entry, ReadEntry)](row: R) -> R:
    """The row with its proof, ready to be stored."""
    row.proof = _mac(os.urandom(_RANDOM), row)
    return row


def is_proven(row: Row) -> bool:
    """Whether we wrote this row, and as it stands."""
    proof = bytes(row.proof or b"")
    return len(proof) == LENGTH and hmac.compare_digest(_mac(proof[:_RANDOM], row), proof)


def link_hash(number: int, kind: str, row: Row, before: bytes) -> bytes:
    """The running hash at `number`: over the number, the row with its id and its content, and all before."""
    parts = [number, kind, row.pk, bytes(row.proof or b"").hex(), before.hex()]
    return keys.keyed_hash(keys.AUDIT, b"link\x00" + json.dumps(parts).encode() + said(row))
