from collections.abc import Iterator

import pytest

from kernel import outside
from tests.services.contact.conftest import alpha, clock
from tests.services.desk.conftest import signed_in
from tests.tenants.own_address.name_server import NameServer, name_server

__all__ = ["alpha", "clock", "signed_in"]


OURS, ANOTHERS = "192.0.2.1", "192.0.2.66"


@pytest.fixture
def names(settings: object) -> Iterator[NameServer]:
    """The name server that is asked; nothing is in it yet."""
    with name_server() as server:
        server.leads["alfa.localhost"] = server.leads["beta.localhost"] = OURS
        settings.NAME_SERVERS = [("127.0.0.1", server.port)]  # type: ignore[attr-defined]
        yield server


class Leading:
    """Hosts that lead to our address and answer over https as ours do. The world outside is not asked."""

    def __init__(self, names: NameServer) -> None:
        self.names, self.hosts, self.status = names, set[str](), 200

    def add(self, host: str, address: str = OURS) -> None:
        self.hosts.add(host)
        self.names.leads[host] = address

    def clear(self) -> None:
        for host in self.hosts:
            del self.names.leads[host]
        self.hosts.clear()

    def ask(self, method: str, url: str, **_: object) -> outside.Answer:
        if outside.checked(url).hostname not in self.hosts:
            raise outside.Refused("unreachable")
        return outside.Answer(self.status, b"ok\n")


@pytest.fixture
def leading(monkeypatch: pytest.MonkeyPatch, names: NameServer) -> Leading:
    hosts = Leading(names)
    monkeypatch.setattr(outside, "ask", hosts.ask)
    return hosts
