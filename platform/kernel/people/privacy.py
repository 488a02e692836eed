"""What allauth would keep about a browser, and what we keep instead.

No address and no user agent of anybody is stored in the clear (docs/how/security.md 6 and T14). A list of one's own
sessions needs only "when" and "on what kind of device".
"""

import ipaddress
from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save
from django.http import HttpRequest

from kernel.crypto import keys
from kernel.privacy import Kind

REGISTER = {
    "Account.id": Kind.TECHNICAL,
    "Account.password": Kind.SECRET,
    "Account.last_login": Kind.STAFF,
    "Account.email": Kind.STAFF,
    "Account.name": Kind.STAFF,
    "Account.language": Kind.STAFF,
    "Account.speaks": Kind.STAFF,
    "Account.is_active": Kind.STAFF,
    "Account.is_administrator": Kind.STAFF,
    "Account.is_operator": Kind.STAFF,
    "Account.is_invented": Kind.TECHNICAL,
    "Account.created_at": Kind.STAFF,
    "Account.invited_at": Kind.STAFF,
    "Account.deactivated_at": Kind.STAFF,
    "IdentityProvider.id": Kind.TECHNICAL,
    "IdentityProvider.name": Kind.SETTING,
    "IdentityProvider.purpose": Kind.SETTING,
    "IdentityProvider.issuer": Kind.SETTING,
    "IdentityProvider.client_id": Kind.SETTING,
    "IdentityProvider.method": Kind.SETTING,
    "IdentityProvider.sealed_secret": Kind.SECRET,
    "IdentityProvider.asked_acr": Kind.SETTING,
    "IdentityProvider.two_factor_acr": Kind.SETTING,
    "IdentityProvider.two_factor_amr": Kind.SETTING,
    "IdentityProvider.claim_posts": Kind.SETTING,
    "IdentityProvider.is_on": Kind.SETTING,
    "IdentityProvider.tested_at": Kind.TECHNICAL,
    "IdentityProvider.first_on_at": Kind.TECHNICAL,
    "IdentityProvider.created_at": Kind.TECHNICAL,
    "ExternalIdentity.id": Kind.TECHNICAL,
    "ExternalIdentity.account": Kind.STAFF,
    "ExternalIdentity.provider": Kind.STAFF,
    "ExternalIdentity.who": Kind.SECRET,
    "ExternalIdentity.linked_at": Kind.STAFF,
    "ExternalIdentity.used_at": Kind.STAFF,
    "ExternalIdentity.strong_at": Kind.STAFF,
    "LinkedDoor.id": Kind.TECHNICAL,
    "LinkedDoor.account": Kind.STAFF,
    "LinkedDoor.municipality_id": Kind.STAFF,
    "LinkedDoor.linked_at": Kind.STAFF,
    "CacheRow.cache_key": Kind.TECHNICAL,
    "CacheRow.value": Kind.TECHNICAL,
    "CacheRow.expires": Kind.TECHNICAL,
}

PHONE, COMPUTER = "phone", "computer"


def pseudonym(address: str) -> str:
    """An IPv6 address that stands for `address` in this municipality alone, for counting attempts.

    The first 56 bits after fd00::/8 are a keyed hash (rate limits look at /64); nobody without the
    municipality's key can tell which address it was.
    """
    digest = keys.keyed_hash("address", address.encode())
    return str(ipaddress.IPv6Address(bytes([0xFD]) + digest[:7] + bytes(8)))


def device(request: HttpRequest) -> str:
    """A phone or a computer: all that is remembered of a user agent."""
    agent = request.headers.get("user-agent", "")
    return PHONE if "Mobi" in agent or "Android" in agent else COMPUTER


def _forget(sender: Any, instance: UserSession, **kwargs: Any) -> None:
    from allauth.core import context

    from kernel.people import signing_in

    instance.ip = "::"
    request = getattr(context, "request", None)
    if instance.user_agent not in (PHONE, COMPUTER):
        instance.user_agent = device(request) if request is not None else COMPUTER
    if instance._state.adding and request is not None and hasattr(request, "session"):
        came_with = signing_in.provider_record(request, instance.user)
        instance.data = {"provider": came_with["provider"]} if came_with else {}


def forget_addresses_of_sessions() -> None:
    """Every session row is saved without address and user agent, whoever saves it."""
    pre_save.connect(_forget, sender=UserSession, dispatch_uid="people.forget_addresses")
