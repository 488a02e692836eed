"""Wrapping and unwrapping: the only code that ever holds a key in the clear.

Every box is `version byte ‖ 12-byte nonce ‖ ciphertext ‖ 16-byte tag` (AES-256-GCM, NIST SP 800-38D).
A municipality has one key a purpose, in versions: the newest seals, those before it still open. What a
process remembers of them, and why it never seals under one that is gone: docs/how/keys.md.
"""

import base64
import hashlib
import hmac
import math
import os
import time
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from kernel import clock
from kernel.crypto.models import CaseKey, MunicipalityKey
from kernel.tenancy import require_current

_VERSION = b"\x01"
#: Wraps case keys. Rotated whole: every case key is wrapped anew, and the version before is deleted.
CASE = "case"
#: Seal what lives hours (a cookie, a session, a message on its way). The version before opens what is left.
SHORT_LIVED = ("visit", "session", "outbox", "door")
#: Seals what stays: the version before is kept, as what it sealed is.
LASTING = ("second-factor", "identity-provider")
#: Hash what we do not keep (a receipt, an address, somebody else's key) or what was said in the past (the log):
#: nothing can be hashed anew.
AUDIT = "audit"
HASHING = ("receipt", "receipt-lookup", "idempotency", "address", "identity", "student-identity", AUDIT)
#: What a municipality has keys for, one each.
PURPOSES = (CASE, *SHORT_LIVED, *LASTING, *HASHING)
ROTATING = (CASE, *SHORT_LIVED, *LASTING)
KEY_BYTES = 32
#: A key is remembered once the transaction that made it is surely over.
_SETTLED = timedelta(minutes=1)
#: Seconds after which a process looks whether there is a newer version.
LOOK_AGAIN = 60.0


class _Remembered(NamedTuple):
    keys: tuple[bytes, ...]
    until: float  # of time.monotonic()


_present: dict[tuple[int, str], _Remembered] = {}
_wrapping: dict[tuple[int, UUID | None], bytes] = {}


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


def unseal_with(several: tuple[bytes, ...], box: bytes, bound_to: bytes) -> bytes:
    """`unseal` with the first of `several` keys that opens it. Raises CannotOpen when none does."""
    for key in several[:-1]:
        try:
            return unseal(key, box, bound_to)
        except CannotOpen:
            continue
    return unseal(several[-1], box, bound_to)


def key_encryption_keys() -> tuple[bytes, ...]:
    """The present one, which seals; then the other one that is accepted while they are being changed."""
    given = (settings.KEY_ENCRYPTION_KEY, settings.KEY_ENCRYPTION_KEY_PREVIOUS)
    found = tuple(base64.b64decode(key) for key in given if key)
    if any(len(key) != KEY_BYTES for key in found):
        raise ValueError("KEY_ENCRYPTION_KEY and KEY_ENCRYPTION_KEY_PREVIOUS must be 32 bytes in base64.")
    return found


def _place(*parts: object) -> bytes:
    """Unambiguous associated data: each part with its length."""
    encoded = [str(part).encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def place_of_municipality_key(municipality_id: int, purpose: str, version: int) -> bytes:
    """Where a municipality's wrapped key lives."""
    return _place("municipality-key", municipality_id, purpose, version)


@lru_cache(maxsize=4096)
def _unwrap_municipality_key(municipality_id: int, purpose: str, version: int, wrapped: bytes) -> bytes:
    return unseal_with(
        key_encryption_keys(), wrapped, place_of_municipality_key(municipality_id, purpose, version)
    )


def unwrapped(row: MunicipalityKey) -> bytes:
    """The key of one row in the clear. Raises CannotOpen when no key-encryption key of ours wraps it."""
    return _unwrap_municipality_key(require_current().id, row.purpose, row.version, bytes(row.wrapped))


def _is_settled(row: MunicipalityKey) -> bool:
    return abs(clock.now() - row.made_at) > _SETTLED


def municipality_keys(purpose: str) -> tuple[bytes, ...]:
    """The municipality's keys for `purpose`, newest first; the first is made on first use."""
    municipality = require_current()
    known = _present.get((municipality.id, purpose))
    if known is not None and time.monotonic() < known.until:
        return known.keys
    rows = list(MunicipalityKey.objects.filter(purpose=purpose).order_by("-version"))
    rows = rows or [make_municipality_key(purpose, 1)]
    found = tuple(unwrapped(row) for row in rows)
    # A key made in a transaction that may still roll back must not outlive it in memory.
    if all(map(_is_settled, rows)):
        until = math.inf if purpose in HASHING else time.monotonic() + LOOK_AGAIN
        _present[municipality.id, purpose] = _Remembered(found, until)
    return found


def municipality_key(purpose: str) -> bytes:
    """The municipality's present key for `purpose`: the one that seals and hashes."""
    return municipality_keys(purpose)[0]


def forget_keys() -> None:
    """Remember nothing any more: for the process that has just changed the keys of a municipality."""
    _present.clear()
    _wrapping.clear()
    _unwrap_municipality_key.cache_clear()


def make_keys() -> None:
    """Make every key of a new municipality, in the transaction that founds it."""
    for purpose in PURPOSES:
        municipality_key(purpose)


def make_municipality_key(purpose: str, version: int) -> MunicipalityKey:
    """A version of a key, wrapped and stored. Somebody made it a moment ago: theirs counts."""
    place = place_of_municipality_key(require_current().id, purpose, version)
    clear = os.urandom(KEY_BYTES)
    wrapped = seal(key_encryption_keys()[0], clear, place)
    note = seal(clear, b"", _place_of_note()) if purpose == AUDIT else None
    try:
        with transaction.atomic():
            return MunicipalityKey.objects.create(
                purpose=purpose, version=version, wrapped=wrapped, note=note, made_at=clock.now()
            )
    except IntegrityError:
        return MunicipalityKey.objects.get(purpose=purpose, version=version)


def _place_of_note() -> bytes:
    return _place("note", require_current().id, AUDIT)


def read_note(row: MunicipalityKey) -> bytes:
    """What was noted last beside the `audit` key: b"" at first. Raises CannotOpen when it is gone or altered."""
    return unseal(unwrapped(row), bytes(row.note or b""), _place_of_note())


def write_note(row: MunicipalityKey, plain: bytes) -> None:
    """Note where the log stands. The caller has locked the row."""
    MunicipalityKey.objects.filter(pk=row.pk).update(note=seal(unwrapped(row), plain, _place_of_note()))


# --- cases -------------------------------------------------------------------------------------------


def newest_case_row() -> MunicipalityKey:
    """The version that wraps case keys now, held so that nobody can delete it before we commit.

    FOR KEY SHARE: any number of knocks hold it at once, and being wrapped anew does not wait for them.
    """
    for _try in range(2):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, version, wrapped, made_at FROM crypto_municipalitykey WHERE purpose = %s"
                " ORDER BY version DESC LIMIT 1 FOR KEY SHARE",
                [CASE],
            )
            found = cursor.fetchone()
        if found is not None:
            pk, version, wrapped, made_at = found
            return MunicipalityKey(
                id=pk, purpose=CASE, version=version, wrapped=bytes(wrapped), made_at=made_at
            )
        make_municipality_key(CASE, 1)
    raise CannotOpen("the municipality has no key for cases")


def place_of_case_key(case_key_id: UUID) -> bytes:
    """Where a wrapped case key lives."""
    return _place("case-key", require_current().id, case_key_id)


@transaction.atomic(savepoint=False)
def new_case_key() -> CaseKey:
    """A fresh key for one case, stored wrapped."""
    wrapping = newest_case_row()
    key = CaseKey(made_at=clock.this_minute(), wrapped_by_id=wrapping.pk)
    key.wrapped = seal(unwrapped(wrapping), os.urandom(KEY_BYTES), place_of_case_key(key.pk))
    key.save(force_insert=True)
    return key


def case_key_bytes(case_key: CaseKey) -> bytes:
    """The case key in the clear. Raises CannotOpen once it is destroyed.

    A row that was read just before it was wrapped anew names a version that is gone: it is read again.
    """
    for last_try in (False, True):
        if case_key.wrapped is None:
            raise CannotOpen("the key of this case is destroyed")
        wrapping = wrapping_key(case_key.wrapped_by_id)
        if wrapping is not None:
            return unseal(wrapping, bytes(case_key.wrapped), place_of_case_key(case_key.pk))
        if not last_try:
            case_key.refresh_from_db(fields=["wrapped", "wrapped_by"])
    raise CannotOpen("the key that wraps this case's is gone")


def wrapping_key(key_id: UUID | None) -> bytes | None:
    """The version of the `case` key with this id (None: the first); None when it has been deleted."""
    remembered = (require_current().id, key_id)
    known = _wrapping.get(remembered)
    if known is not None:
        return known
    rows = MunicipalityKey.objects.filter(purpose=CASE)
    row = (rows.filter(version=1) if key_id is None else rows.filter(pk=key_id)).first()
    if row is None:
        return None
    key = unwrapped(row)
    if _is_settled(row):
        _wrapping[remembered] = key
    return key


def field_place(model_label: str, field: str, row: UUID) -> bytes:
    """Where a sealed field lives: municipality, model, field, row."""
    return _place("field", require_current().id, model_label, field, row)


# --- small things ------------------------------------------------------------------------------------


def seal_box(purpose: str, plain: bytes, about: str = "") -> bytes:
    """Seal something small under the municipality's own key (a cookie, a TOTP secret)."""
    return seal(municipality_key(purpose), plain, _place("box", require_current().id, purpose, about))


def open_box(purpose: str, box: bytes, about: str = "") -> bytes:
    """Reverse of `seal_box`. Raises CannotOpen.

    What does not open is tried once more with the keys as they are now: another process may have sealed it
    under a version that this one has not noticed.
    """
    place = _place("box", require_current().id, purpose, about)
    try:
        return unseal_with(municipality_keys(purpose), box, place)
    except CannotOpen:
        if _present.pop((require_current().id, purpose), None) is None:
            raise
        return unseal_with(municipality_keys(purpose), box, place)


def keyed_hash(purpose: str, data: bytes) -> bytes:
    """HMAC-SHA-256 under the municipality's key for `purpose`: equal inputs can be found, never read back."""
    return hmac.new(municipality_key(purpose), data, hashlib.sha256).digest()
