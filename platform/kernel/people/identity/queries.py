"""Questions about providers and the identities that are linked to accounts."""

from collections.abc import Iterable
from uuid import UUID

from kernel.crypto import keys
from kernel.errors import NotFound
from kernel.people.identity.wire import Client
from kernel.people.models import Account, ExternalIdentity, IdentityProvider


def provider(provider_id: UUID) -> IdentityProvider:
    """One provider, on or off. Raises NotFound."""
    found = IdentityProvider.objects.filter(pk=provider_id).first()
    if found is None:
        raise NotFound
    return found


def providers(*, on: bool | None = None, purpose: str = "") -> list[IdentityProvider]:
    """All, by name; those that are on (off), or for staff (students), only when it is said so."""
    rows = IdentityProvider.objects.all() if on is None else IdentityProvider.objects.filter(is_on=on)
    rows = rows.filter(purpose=purpose) if purpose else rows
    return sorted(rows, key=lambda one: (one.name.casefold(), str(one.pk)))


def for_staff() -> list[IdentityProvider]:
    """Those that staff may sign in with now."""
    return providers(on=True, purpose=IdentityProvider.Purpose.STAFF)


def for_students() -> list[IdentityProvider]:
    """Those by which a student may show who they are now."""
    return providers(on=True, purpose=IdentityProvider.Purpose.STUDENTS)


def who(issuer: str, subject: str) -> bytes:
    """What stands for a person of a provider in this municipality: a keyed hash of issuer and subject."""
    said = f"{len(issuer)}:{issuer}{subject}"
    return keys.keyed_hash("identity", said.encode())


def student_who(issuer: str, subject: str) -> bytes:
    """The same of a student, under a key of its own: no account of staff is ever found by it, nor the other way."""
    said = f"{len(issuer)}:{issuer}{subject}"
    return keys.keyed_hash("student-identity", said.encode())


def identity_of(issuer: str, subject: str) -> ExternalIdentity | None:
    """The link of this person of the provider, if there is one."""
    found = ExternalIdentity.objects.filter(who=who(issuer, subject)).select_related("account", "provider")
    return found.first()


def identities(account: Account) -> list[ExternalIdentity]:
    """What the account can be signed in to with, the oldest first."""
    found = ExternalIdentity.objects.filter(account_id=account.pk).select_related("provider")
    return list(found.order_by("linked_at", "pk"))


def strong_identities(account: Account) -> list[ExternalIdentity]:
    """Those that have shown two factors, of providers that are on."""
    return [one for one in identities(account) if one.strong_at is not None and one.provider.is_on]


def client(row: IdentityProvider) -> Client:
    """Who we are to this provider, with the secret in the clear. Raises CannotOpen when it was moved here."""
    secret = keys.open_box("identity-provider", bytes(row.sealed_secret), str(row.pk)).decode()
    return Client(issuer=row.issuer, client_id=row.client_id, method=row.method, secret=secret)


def says_two_factors(row: IdentityProvider, acr: str, amr: Iterable[str]) -> bool:
    """Whether the provider's words mean, by this municipality's own mapping, that two factors were shown."""
    return (bool(acr) and acr in row.two_factor_acr) or any(one in row.two_factor_amr for one in amr)


def is_for_students(row: IdentityProvider) -> bool:
    return row.purpose == IdentityProvider.Purpose.STUDENTS


def takes_level(row: IdentityProvider, acr: str) -> bool:
    """Whether a provider for students was as sure as this municipality asks for; nothing asked: any level."""
    return not row.two_factor_acr or acr in row.two_factor_acr


def mapped_claims(row: IdentityProvider) -> set[str]:
    """Names of the claims that give posts here: the only ones that are looked at."""
    return {str(one["claim"]) for one in row.claim_posts}
