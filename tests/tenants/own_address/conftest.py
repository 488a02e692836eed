from collections.abc import Iterator

import pytest

from kernel import outside
from tests.services.contact.conftest import alpha, clock
from tests.services.desk.conftest import signed_in
from tests.tenants.own_address.name_server import NameServer, name_server

__all__ = ["alpha", "clock", "signed_in"]


@pytest.fixture
def names(settings: object) -> Iterator[NameServer]:
    """The name server that is asked; nothing is in it yet."""
    with name_server() as server:
        settings.NAME_SERVERS = [("127.0.0.1", server.port)]  # type: ignore[attr-defined]
        yield server


@pytest.fixture
def leading(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Hosts that answer over https as ours do. The world outside is not asked."""
    hosts: set[str] = set()

    def ask(method: str, url: str, **_: object) -> outside.Answer:
        host = outside.checked(url).hostname
        if host not in hosts:
            raise outside.Refused("unreachable")
        return outside.Answer(200, b"ok\n")

    monkeypatch.setattr(outside, "ask", ask)
    return hosts
