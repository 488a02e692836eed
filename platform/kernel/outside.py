"""Requests to servers whose address a municipality typed: nobody is sent inwards (SSRF), nothing hangs or floods.

https only; every address that the name leads to must be public; the connection goes to the very address that was
looked at (a name that answers otherwise the second time gains nothing); no redirect is followed; size and time are
limited. Hosts that end in `localhost` are this machine, over http too, and only in a demo and in tests.
"""

import contextlib
import http.client
import ipaddress
import json
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MAX_BYTES = 256 * 1024
SECONDS = 8.0
#: IPv6 ranges that carry an IPv4 address inside: the translation may lead anywhere.
_CARRIERS = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


class Refused(Exception):
    """We do not ask there, or what came cannot be used. `why`: address · redirect · unreachable · too-much."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises Refused (unreadable)."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Refused("unreadable") from None
        if not isinstance(found, dict):
            raise Refused("unreadable")
        return found


def checked(url: str) -> SplitResult:
    """The parts of an address we may ask, by its looks alone. Raises Refused (address)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("address") from None
    host = (parts.hostname or "").lower()
    looks = (
        len(url) <= 2000
        and url.isascii()
        and url.isprintable()
        and " " not in url
        and "\\" not in url
        and _HOST.fullmatch(host)
        and not _is_number(host)
        and "@" not in parts.netloc
        and not parts.fragment
        and port != 0
    )
    if not looks or not (parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))):
        raise Refused("address")
    if host.split(".")[-1] in ("localhost", "local", "internal") and not is_this_machine(host):
        raise Refused("address")
    return parts


def is_this_machine(host: str) -> bool:
    """A name that ends in `localhost`, where such names are served: a demo, and tests."""
    return bool(settings.DEMO or settings.TESTING) and (host == "localhost" or host.endswith(".localhost"))


def _is_number(host: str) -> bool:
    """An address instead of a name, in any spelling that a resolver takes for one (127.1, 0x7f000001)."""
    return bool(re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", host.split(".")[-1]))


def public_address(host: str, port: int) -> str:
    """The address that `host` leads to now. Raises Refused unless every one of them is public."""
    if is_this_machine(host):
        return "127.0.0.1"
    try:
        found = {row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:
        raise Refused("unreachable") from None
    if not found or not all(_is_public(str(one)) for one in found):
        raise Refused("address")
    return str(min(found, key=lambda one: (":" in str(one), one)))


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in carrier for carrier in _CARRIERS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was typed."""

    def __init__(self, parts: SplitResult, seconds: float) -> None:
        self.secure = parts.scheme == "https"
        self.default_port = 443 if self.secure else 80
        self.stopped = False
        super().__init__(parts.hostname or "", parts.port or self.default_port, timeout=seconds)

    def connect(self) -> None:
        self.sock = socket.create_connection((public_address(self.host, self.port), self.port), self.timeout)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def stop(self) -> None:
        """End it from another thread: a server that answers byte by byte does not hold us.

        What came until then may look whole: `stopped` says that it is not.
        """
        self.stopped = True
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limit: int = MAX_BYTES,
    seconds: float = SECONDS,
) -> Answer:
    """Ask and read the whole answer, whatever its status but a redirect. Raises Refused."""
    parts = checked(url)
    connection = _Pinned(parts, seconds)
    alarm = threading.Timer(seconds, connection.stop)
    alarm.daemon = True
    alarm.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        plain = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Lavterskel"}
        connection.request(method, path, body, {**plain, **(headers or {})})
        answer = connection.getresponse()
        if 300 <= answer.status < 400:
            raise Refused("redirect")
        read = answer.read(limit + 1)
    except (OSError, http.client.HTTPException, ValueError):
        raise Refused("unreachable") from None
    finally:
        alarm.cancel()
        connection.close()
    if connection.stopped:
        raise Refused("unreachable")
    if len(read) > limit:
        raise Refused("too-much")
    return Answer(answer.status, read)
