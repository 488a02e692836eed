"""What the domain name system and the host itself say of an address. Asks outside; writes nothing.

A name server is asked for records and nothing else: no connection is made to an address that somebody typed but by
`kernel.outside`, which is not led inwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import dns.exception
import dns.resolver
from django.conf import settings

from kernel import outside

type Proof = Literal["there", "missing", "unknown"]

#: The record stands beside the host, not at it: a host that is an alias (CNAME) can hold no other record.
LABEL = "_lavterskel"
#: Seconds for a name server, and for the host itself.
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Found:
    """`proof`: unknown, when no name server said yes or no. `others`: what else stands at the record's name.
    `answers`: the host leads to our addresses and to no other, and https at it answers with a certificate that holds.
    """

    proof: Proof
    others: tuple[str, ...] = ()
    answers: bool = False


def record_name(host: str) -> str:
    """Where the TXT record stands."""
    return f"{LABEL}.{host}"


def record_value(token: str) -> str:
    """What the TXT record says."""
    return f"lavterskel={token}"


def look(host: str, token: str, ours: str) -> Found:
    """Ask for the record, and whether the host leads where `ours`, our host of the municipality, does."""
    try:
        said = _texts(record_name(host))
    except dns.exception.DNSException:
        return Found("unknown", answers=_answers(host, ours))
    proof: Proof = "there" if record_value(token) in said else "missing"
    others = tuple(sorted(one for one in said if one.startswith("lavterskel=") and proof == "missing"))
    return Found(proof, others, _answers(host, ours))


def _texts(name: str) -> set[str]:
    """Every TXT record at this name. Raises DNSException where nobody could say."""
    return {b"".join(row.strings).decode("ascii", "replace").strip() for row in _records(name, "TXT")}


def _addresses(host: str) -> set[str]:
    """Where a host leads to, over aliases. Raises DNSException where nobody could say."""
    return {row.address for kind in ("A", "AAAA") for row in _records(host, kind)}


def _records(name: str, kind: str) -> Iterable[Any]:
    resolver = dns.resolver.Resolver(configure=not settings.NAME_SERVERS)
    if settings.NAME_SERVERS:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*one) for one in settings.NAME_SERVERS]
    try:
        return resolver.resolve(f"{name}.", kind, lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()


def _answers(host: str, ours: str) -> bool:
    """A server in between would read what students write: the host may lead to our own addresses alone, and nobody else
    is asked."""
    try:
        found = _addresses(host)
        if not found or not found <= _addresses(ours):
            return False
        answer = outside.ask("GET", f"https://{host}/healthz", limit=100, seconds=PATIENCE)
    except (dns.exception.DNSException, outside.Refused):
        return False
    return answer.status == 200 and answer.body == b"ok\n"
