"""What a test sign-in brought back, for the administrator who made it: in their session, and nowhere else."""

from typing import Any

from django.http import HttpRequest

from kernel.people.models import IdentityProvider

_KEY = "provider_test"


def keep(request: HttpRequest, row: IdentityProvider, found: dict[str, Any]) -> None:
    """The newest test takes the place of the one before."""
    request.session[_KEY] = {"provider": str(row.pk), **found}


def last(request: HttpRequest, row: IdentityProvider) -> dict[str, Any] | None:
    """Of this provider, None when the newest test was of another or there was none."""
    found = request.session.get(_KEY)
    return found if isinstance(found, dict) and found.get("provider") == str(row.pk) else None


def address(row: IdentityProvider) -> str:
    """The page that shows it. Set-up says where (the kernel knows no set-up)."""
    if _address is None:
        raise LookupError("Nobody has registered where a test sign-in is shown.")
    return str(_address(row))


_address: Any = None


def register_address(of: Any) -> None:
    """tenants/setup hands over where a provider's page is."""
    global _address
    _address = of
