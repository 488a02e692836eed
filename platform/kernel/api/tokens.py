"""Issuing and recognising API tokens: `lav_<id>_<secret><check>`, in Crockford's alphabet.

The secret is 190 bits drawn at random; the four check characters let a scanner tell a leaked token from
noise. Only SHA-256 of the secret is stored: 190 random bits need no slow hash (OWASP ASVS 5.0, 11.4).
"""

import hashlib
import hmac
import secrets
import zlib
from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.api.models import Token
from kernel.audit.operations import record
from kernel.crypto.receipts import ALPHABET
from kernel.errors import Invalid
from kernel.people.models import Account
from kernel.permissions import require

SCOPES = ("desk:read", "desk:write", "setup:read", "setup:write")
LIFETIME = timedelta(days=90)
_ID, _SECRET, _CHECK = 12, 38, 4


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _sign in range(length))


def _check(text: str) -> str:
    number = zlib.crc32(text.encode())
    return "".join(ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))


def issue(*, account: Account, scopes: Iterable[str], by: Actor) -> str:
    """A new token for `account`, valid 90 days. Returned once; afterwards nobody can read it again."""
    require(by, "api.issue_token", account)
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise Invalid(
            scopes=_("Unknown scope: %(unknown)s. Use some of %(known)s.")
            % {"unknown": ", ".join(unknown) or "–", "known": ", ".join(SCOPES)}
        )
    public_id, secret, now = _draw(_ID), _draw(_SECRET), clock.now()
    token = Token.objects.create(
        account=account,
        public_id=public_id,
        secret_hash=hashlib.sha256(secret.encode()).digest(),
        scopes=wanted,
        made_at=now,
        expires_at=now + LIFETIME,
    )
    record(by=by, verb="api.issue_token", kind="token", object_id=token.pk, scopes=wanted)
    return f"lav_{public_id}_{secret}{_check(public_id + secret)}"


def withdraw_all(account: Account) -> None:
    """No token of `account` works any more, for good: who comes back is given a new one.

    Registered for the end of the account's sessions, whose verb writes the audit.
    """
    Token.objects.filter(account=account, withdrawn_at=None).update(withdrawn_at=clock.now())


def recognise(typed: str) -> Token | None:
    """The living token that `typed` is, with its account; None for anything else."""
    prefix, _mark, rest = typed.partition("_")
    public_id, _mark, secret = rest.partition("_")
    if prefix != "lav" or len(public_id) != _ID or len(secret) != _SECRET + _CHECK or not secret.isascii():
        return None
    secret, check = secret[:_SECRET], secret[_SECRET:]
    if not hmac.compare_digest(check.encode(), _check(public_id + secret).encode()):
        return None
    token = Token.objects.select_related("account").filter(public_id=public_id).first()
    given = hashlib.sha256(secret.encode()).digest()
    if token is None or not hmac.compare_digest(bytes(token.secret_hash), given):
        return None
    alive = token.withdrawn_at is None and token.expires_at > clock.now() and token.account.is_active
    return token if alive else None
