"""The hostile provider, for students in alfa and switched on; a student's phone that walks to it and back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from kernel.people.models import IdentityProvider
from kernel.tenancy import MunicipalityRef, inside
from tests.cast import World
from tests.kernel.people.identity import hostile
from tests.kernel.people.identity.conftest import _server, provider, set_up  # noqa: F401
from tests.services.contact.test_pages import hidden

KARI, OLA = {"sub": "person-1", "name": "Kari Nordmann"}, {"sub": "person-2", "name": "Ola Hansen"}
WORDS = "Jeg er redd for å gå hjem i dag"


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa; the clock ticks, as the provider's does."""
    with inside(world.alpha):
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def row(alpha: World, provider: hostile.Provider) -> IdentityProvider:  # noqa: F811
    made = set_up(provider, alpha.alpha, alpha, name="BankID", purpose="students", two_factor_acr=[])
    provider.behave(**KARI)
    return made


class Phone(Client):
    """A student's browser. As a browser does, it sends strict cookies only where it comes from our own page."""

    strict = ("visit", "eid")

    def out(self, row: IdentityProvider, **form: str) -> str:
        """Press "Use …": the provider's address."""
        page = self.post("/eid/set-out/", {"provider": str(row.pk), **form})
        assert page.status_code == 200, (page.status_code, page.content.decode())
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
        assert found, page.content.decode()
        return unescape(found[1])

    def from_afar(self, path: str, brought: dict[str, str] | None = None) -> Any:
        """Follow a link of another site: no strict cookie goes along, nor with the redirects after it."""
        kept = {name: self.cookies.pop(name) for name in self.strict if name in self.cookies}
        answer = self.get(path, brought or {})
        while answer.status_code == 303:
            answer = self.get(answer.headers["Location"])
        for name, value in kept.items():
            self.cookies.setdefault(name, value)
        return answer

    def back(self, row: IdentityProvider, brought: dict[str, str]) -> Any:
        return self.from_afar(f"/sign-in/with/{row.pk}/back/", brought)

    def dance(self, provider: hostile.Provider, row: IdentityProvider, **form: str) -> Any:  # noqa: F811
        return self.back(row, provider.authorize(self.out(row, **form)))

    def send(self, page: Any) -> Any:
        """Send what stands on the check page."""
        return self.post("/knock/", {**hidden(page.content.decode()), "step": "check"})


def phone_of(ref: MunicipalityRef) -> Phone:
    host = f"{ref.slug}.localhost"
    return Phone(SERVER_NAME=host, enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def phone(alpha: World) -> Phone:
    return phone_of(alpha.alpha)


def said(world: World, **more: str) -> dict[str, str]:
    """The journey's answers up to the name."""
    given = {"school": str(world.school), "role": str(world.nurse_role), "channel": "conversation",
             "message": WORDS, "language": "en", "step": "name"}  # fmt: skip
    return {**given, **more}


def path_of(answer: Any) -> str:
    return urlsplit(answer.headers.get("Location", "")).path
