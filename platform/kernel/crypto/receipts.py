"""The receipt: 26 Crockford characters, derived from the idempotency key, never stored (docs/how/security.md 16).

130 bits of HMAC-SHA-256 under the municipality's receipt key; a retry of the same knock shows the same one.
Written in groups of five with a check character (mod 37, Crockford) at the end: XXXXX-XXXXX-…-X*.
"""

from kernel.crypto import keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK = ALPHABET + "*~$=U"
LENGTH = 26
_READ_AS = {"O": "0", "I": "1", "L": "1"}


def derive(idempotency_key: str) -> str:
    """The receipt of this knock, grouped for reading: 26 characters and a check character."""
    digest = keys.keyed_hash("receipt", b"receipt\x00" + idempotency_key.encode())
    number = int.from_bytes(digest, "big") >> (256 - LENGTH * 5)
    plain = "".join(ALPHABET[number >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5))
    return group(plain + CHECK[number % 37])


def group(compact: str) -> str:
    """`compact` in groups of five, as it is shown and printed."""
    return "-".join(compact[start : start + 5] for start in range(0, len(compact), 5))


def normalise(typed: str) -> str | None:
    """What a person typed → 26 characters without check, or None when it cannot be a receipt.

    Spaces, hyphens and case do not matter; O is read as 0, I and L as 1. The check character may be
    left out; when it is there it must be right.
    """
    compact = "".join(
        _READ_AS.get(sign, sign) for sign in typed.upper() if not sign.isspace() and sign not in "-–—_."
    )
    if len(compact) not in (LENGTH, LENGTH + 1) or any(sign not in ALPHABET for sign in compact[:LENGTH]):
        return None
    number = 0
    for sign in compact[:LENGTH]:
        number = number * 32 + ALPHABET.index(sign)
    if len(compact) > LENGTH and compact[LENGTH] != CHECK[number % 37]:
        return None
    return compact[:LENGTH]


def stored(receipt: str) -> bytes | None:
    """The keyed hash by which a receipt is found again; None when it cannot be one.

    Anything that cannot be a receipt is hashed all the same by the caller's look-up (uniform timing).
    """
    plain = normalise(receipt)
    return None if plain is None else keys.keyed_hash("receipt-lookup", plain.encode())
