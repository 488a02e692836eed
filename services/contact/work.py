"""Proof of work: the browser finds a number while the student reads the last page (docs/how/abuse.md).

It costs a phone a moment and a flood a machine. A knock without it is as good a knock: it is only counted in another
bucket. A challenge is signed under the municipality's own key and holds nothing of who reads; which are spent stands
in `SpentChallenge`, since the library verifies the same solution twice.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import altcha
from django.conf import settings
from django.db import DatabaseError

from kernel import clock
from kernel.crypto.keys import keyed_hash

ALGORITHM = "SHA-256"
#: How long a page with a challenge may stay open; after that a knock from it is one without proof.
LASTS = timedelta(hours=2)
#: A solution is some hundred signs; what is longer is none.
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A solution that holds. `digest` names its challenge under the municipality's key, until it has passed."""

    digest: bytes
    until: datetime


def challenge() -> str:
    """A new challenge as JSON for a page, "" where none is asked or there is no key at hand (the database is away)."""
    if not settings.PROOF_OF_WORK:
        return ""
    try:
        made = altcha.create_challenge(
            ALGORITHM,
            1,
            counter=secrets.randbelow(settings.PROOF_OF_WORK),
            expires_at=clock.this_minute() + LASTS,
            hmac_secret=_secret(),
        )
    except DatabaseError:
        return ""
    return json.dumps(made.to_dict(), separators=(",", ":"))


def proof_of(said: str) -> Proof | None:
    """What was sent with a knock, verified; None for nothing, nonsense, another's, or one that has passed."""
    if not said or len(said) > LONGEST:
        return None
    if not altcha.verify_solution(said, _secret()).verified:
        return None
    challenge = json.loads(base64.b64decode(said))["challenge"]
    until = datetime.fromtimestamp(challenge["parameters"]["expiresAt"], UTC)
    return Proof(keyed_hash("idempotency", b"spent\x00" + challenge["signature"].encode()), until)


def _secret() -> bytes:
    return keyed_hash("idempotency", b"proof-of-work")
