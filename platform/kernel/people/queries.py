"""Questions about accounts."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from kernel import mailbox
from kernel.errors import NotFound
from kernel.people.adapter import STRONG
from kernel.people.models import Account


def account(account_id: UUID) -> Account:
    """One account of the municipality we are inside. Raises NotFound."""
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound
    return found


def by_email(email: str) -> Account | None:
    """The account of this address, active or not."""
    return Account.objects.filter(email=mailbox.spelled(email)).first()


def accounts(*, active: bool | None = None) -> list[Account]:
    """All accounts, by name; of active or of deactivated people only when `active` says so."""
    rows = Account.objects.all() if active is None else Account.objects.filter(is_active=active)
    return sorted(rows, key=lambda one: (one.name.casefold(), one.email))


def administrators() -> list[Account]:
    """Active administrators, by name."""
    return [one for one in accounts(active=True) if one.is_administrator]


def has_second_factor(person: Account) -> bool:
    """Whether the person has set up a passkey or an authenticator app."""
    return bool(Authenticator.objects.filter(user_id=person.pk, type__in=STRONG).exists())


def second_factors(person: Account) -> list[Authenticator]:
    """The person's second factors, the oldest first (recovery codes are not one)."""
    return list(Authenticator.objects.filter(user_id=person.pk, type__in=STRONG).order_by("created_at", "pk"))


def sessions(person: Account) -> list[UserSession]:
    """Where the person is signed in now, the newest first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(person)
    return sorted(found, key=lambda one: one.created_at, reverse=True)
