"""Wrapping and unwrapping: the only code that ever holds a key in the clear.

Every box is `version byte ‖ 12-byte nonce ‖ ciphertext ‖ 16-byte tag` (AES-256-GCM, NIST SP 800-38D).
"""

import base64
import hashlib
import hmac
import os
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.tenancy import require_current

_VERSION = b"\x01"
#: What a municipality has keys for, one each.
PURPOSES = (
    "case",
    "receipt",
    "receipt-lookup",
    "idempotency",
    "visit",
    "second-factor",
    "session",
    "outbox",
    "address",
    "identity",
    "identity-provider",
    "door",
)
_SETTLED = timedelta(minutes=1)
_known: dict[tuple[int, str], bytes] = {}
KEY_BYTES = 32


class CannotOpen(Exception):
    """The box was moved, altered, sealed under another key, or its key is destroyed."""


def seal(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """AES-256-GCM under `key`, bound to its place by associated data."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, _VERSION + bound_to)


def unseal(key: bytes, box: bytes, bound_to: bytes) -> bytes:
    """Reverse of `seal`. Raises CannotOpen for anything that is not exactly what was sealed here."""
    if len(box) < 29 or box[:1] != _VERSION:
        raise CannotOpen("not a sealed box")
    try:
        return AESGCM(key).decrypt(box[1:13], box[13:], _VERSION + bound_to)
    except InvalidTag:
        raise CannotOpen("sealed elsewhere, altered, or under another key") from None


def _key_encryption_key() -> bytes:
    key = base64.b64decode(settings.KEY_ENCRYPTION_KEY)
    if len(key) != KEY_BYTES:
        raise ValueError("KEY_ENCRYPTION_KEY must be 32 bytes in base64.")
    return key


def _place(*parts: object) -> bytes:
    """Unambiguous associated data: each part with its length."""
    encoded = [str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


@lru_cache(maxsize=4096)
def _unwrap_municipality_key(municipality_id: int, purpose: str, version: int, wrapped: bytes) -> bytes:
    return unseal(
        _key_encryption_key(), wrapped, _place("municipality-key", municipality_id, purpose, version)
    )


def municipality_key(purpose: str) -> bytes:
    """The municipality's present key for `purpose`, made on first use (safe against two at once)."""
    municipality = require_current()
    known = _known.get((municipality.id, purpose))
    if known is not None:
        return known
    row = MunicipalityKey.objects.filter(purpose=purpose).order_by("-version").first()
    if row is None:
        row = _make_municipality_key(municipality.id, purpose)
    key = _unwrap_municipality_key(municipality.id, purpose, row.version, bytes(row.wrapped))
    # A key made in a transaction that may still roll back must not outlive it in memory.
    if clock.now() - row.made_at > _SETTLED:
        _known[municipality.id, purpose] = key
    return key


def make_keys() -> None:
    """Make every key of a new municipality, in the transaction that founds it."""
    for purpose in PURPOSES:
        municipality_key(purpose)


def _make_municipality_key(municipality_id: int, purpose: str) -> MunicipalityKey:
    place = _place("municipality-key", municipality_id, purpose, 1)
    wrapped = seal(_key_encryption_key(), os.urandom(KEY_BYTES), place)
    try:
        with transaction.atomic():
            return MunicipalityKey.objects.create(purpose=purpose, wrapped=wrapped, made_at=clock.now())
    except IntegrityError:  # somebody made it a moment ago: theirs counts
        return MunicipalityKey.objects.get(purpose=purpose, version=1)


def new_case_key() -> CaseKey:
    """A fresh key for one case, stored wrapped."""
    key = CaseKey(made_at=clock.this_minute())
    place = _place("case-key", require_current().id, key.pk)
    key.wrapped = seal(municipality_key("case"), os.urandom(KEY_BYTES), place)
    key.save(force_insert=True)
    return key


def case_key_bytes(case_key: CaseKey) -> bytes:
    """The case key in the clear. Raises CannotOpen once it is destroyed."""
    if case_key.wrapped is None:
        raise CannotOpen("the key of this case is destroyed")
    place = _place("case-key", require_current().id, case_key.pk)
    return unseal(municipality_key("case"), bytes(case_key.wrapped), place)


def field_place(model_label: str, field: str, row: UUID) -> bytes:
    """Where a sealed field lives: municipality, model, field, row."""
    return _place("field", require_current().id, model_label, field, row)


def seal_box(purpose: str, plain: bytes, about: str = "") -> bytes:
    """Seal something small under the municipality's own key (a cookie, a TOTP secret)."""
    return seal(municipality_key(purpose), plain, _place("box", require_current().id, purpose, about))


def open_box(purpose: str, box: bytes, about: str = "") -> bytes:
    """Reverse of `seal_box`. Raises CannotOpen."""
    return unseal(municipality_key(purpose), box, _place("box", require_current().id, purpose, about))


def keyed_hash(purpose: str, data: bytes) -> bytes:
    """HMAC-SHA-256 under the municipality's key for `purpose`: equal inputs can be found, never read back."""
    return hmac.new(municipality_key(purpose), data, hashlib.sha256).digest()
