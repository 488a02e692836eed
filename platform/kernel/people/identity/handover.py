"""What a person carries from a door of theirs to another of theirs: sealed where it was made, for one place, once.

It says who they are to the provider (issuer, subject), so it is sealed and not merely signed: it travels in an address.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.core.cache import cache

from kernel import clock
from kernel.crypto import keys
from kernel.people.identity import queries
from kernel.people.models import Account
from kernel.tenancy import MunicipalityRef, inside, require_current

LASTS = timedelta(minutes=10)
_PURPOSE = "door"


@dataclass(frozen=True, slots=True)
class HandOver:
    """`account_id`: the person's account where it was made."""

    account_id: UUID
    issuer: str
    subject: str
    token_id: str


def make(*, account_id: UUID, issuer: str, subject: str, to: MunicipalityRef) -> str:
    """Made in the municipality we are inside, good in `to` alone."""
    said = {"a": str(account_id), "i": issuer, "s": subject, "j": uuid4().hex, "t": clock.now().timestamp()}
    box = keys.seal_box(_PURPOSE, json.dumps(said).encode(), f"to:{to.id}")
    return base64.urlsafe_b64encode(box).decode()


def opened(token: str, *, made_in: MunicipalityRef, made_for: MunicipalityRef) -> HandOver | None:
    """What it says; None when it was made elsewhere, for elsewhere, altered, or more than ten minutes ago."""
    try:
        box = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
        with inside(made_in):
            said = json.loads(keys.open_box(_PURPOSE, box, f"to:{made_for.id}"))
    except (binascii.Error, ValueError, keys.CannotOpen):
        return None
    age = clock.now().timestamp() - said["t"]
    if not 0 <= age <= LASTS.total_seconds():
        return None
    return HandOver(UUID(said["a"]), said["i"], said["s"], said["j"])


def is_for(issuer: str, subject: str, *, token: str, made_in: MunicipalityRef) -> bool:
    """Whether it was made there, for here, by this very person. Until then its maker's municipality is not named."""
    handed = opened(token, made_in=made_in, made_for=require_current())
    return handed is not None and (handed.issuer, handed.subject) == (issuer, subject)


def use_up(handed: HandOver) -> bool:
    """Use it up, where it was made. False when it was used before."""
    return bool(cache.add(f"door:{handed.token_id}", 1, LASTS.total_seconds() * 2))


def holder(issuer: str, subject: str, *, account_id: UUID | None = None) -> Account | None:
    """The active account, here, of this person of a provider that is on; only this one when `account_id` says so."""
    found = queries.identity_of(issuer, subject)
    if found is None or not found.account.is_active or not found.provider.is_on:
        return None
    return found.account if account_id in (None, found.account_id) else None
