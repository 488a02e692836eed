"""E-mail addresses of people who work here: one spelling for each mailbox, checked in one place.

Every address that enters (sign-up, sign-in, invitation, deputy, signatory) goes through `checked`, so that two
spellings are never two people, and nothing is stored that a mail server cannot be told.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254  # characters: RFC 5321, a path less its brackets
_LONGEST_NAME = 64  # before the @: RFC 5321 4.5.3.1.1
_NAME = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
#: IDNA 2003 and 2008 lead these to different hosts: mail for one must not reach the other.
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


class NotAnAddress(ValueError):
    """This is no address that we send to. Its text is empty: what was typed goes nowhere."""


def checked(address: str) -> str:
    """The address as we keep it: before the @ plain ASCII without quoting, the host in its ASCII form, all in
    lower case. `Kari@Blåbær.no` is `kari@xn--blbr-roah.no`. Raises NotAnAddress.
    """
    name, at, host = address.strip().rpartition("@")
    if not at or not name.isascii() or len(name) > _LONGEST_NAME:
        raise NotAnAddress
    whole = f"{name.lower()}@{_ascii_host(host)}"
    if not _NAME.fullmatch(name.lower()) or len(whole) > LONGEST:
        raise NotAnAddress
    try:
        validate_email(whole)
    except ValidationError:
        raise NotAnAddress from None
    return whole


def _ascii_host(host: str) -> str:
    """The host as DNS knows it (NFKC, then IDNA), lower case. Raises NotAnAddress."""
    if host.startswith("[") or _AMBIGUOUS.intersection(host):
        raise NotAnAddress  # a number in brackets is no workplace
    try:
        return unicodedata.normalize("NFKC", host).encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NotAnAddress from None


def is_address(address: str) -> bool:
    """Whether `checked` takes it."""
    try:
        checked(address)
    except NotAnAddress:
        return False
    return True


def spelled(address: str) -> str:
    """The address as we keep it, or, for one that is none, what was typed in lower case: to search by."""
    try:
        return checked(address)
    except NotAnAddress:
        return address.strip().lower()


def same(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox: the case does not count, nor what follows a plus."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    name, _at, host = spelled(address).rpartition("@")
    return name.partition("+")[0], host
