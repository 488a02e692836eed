"""An invitation: a link that lets the invited person begin, once, until it is too old or the account was used."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from kernel.people.models import Account, ExternalIdentity
from kernel.tenancy import signing

LASTS = timedelta(days=14)
_PURPOSE = "invitation"


def token_for(account: Account) -> str:
    """What stands in the link. Bound to the municipality and to this one time of inviting."""
    when = account.invited_at.timestamp() if account.invited_at else 0.0
    return signing.dumps({"a": str(account.pk), "t": when}, purpose=_PURPOSE)


def invited(token: str) -> Account | None:
    """Who may begin with it; None when it is used, too old, altered, from elsewhere, or a newer one was sent.

    Used is: the person has signed in since, or somebody has linked a provider to the account with it.
    """
    try:
        said: Any = signing.loads(token, purpose=_PURPOSE, max_age=LASTS)
        account = Account.objects.filter(pk=UUID(said["a"]), is_active=True).first()
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    if account is None or account.invited_at is None or account.invited_at.timestamp() != said["t"]:
        return None
    if account.last_login is not None and account.last_login >= account.invited_at:
        return None
    linked = ExternalIdentity.objects.filter(account=account, linked_at__gte=account.invited_at)
    return None if linked.exists() else account
