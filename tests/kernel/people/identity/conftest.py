"""The hostile provider, set up in alfa and switched on, and somebody's browser."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.people.identity import operations
from kernel.people.models import Account, IdentityProvider
from kernel.tenancy import MunicipalityRef, inside
from tests.cast import World
from tests.kernel.people.identity import hostile
from tests.signing_in import sign_in


@pytest.fixture(scope="session")
def _server() -> Iterator[hostile.Provider]:
    with hostile.running() as provider:
        yield provider


@pytest.fixture
def provider(_server: hostile.Provider) -> hostile.Provider:
    _server.behave()
    return _server


def set_up(
    provider: hostile.Provider, ref: MunicipalityRef, world: World, *, on: bool = True, **more: Any
) -> IdentityProvider:
    """The provider's row in a municipality. An administrator there has an app, as switching on asks for."""
    with inside(ref):
        cache.clear()
        said = {
            "name": "Feide", "issuer": provider.issuer, "client_id": "lavterskel",
            "method": "client_secret_basic", "secret": provider.secret, "two_factor_acr": ["high"],
            "two_factor_amr": ["mfa"], **more,
        }  # fmt: skip
        made = operations.save_provider(by=MACHINE, **said)
        if on:
            if more.get("purpose") != "students":
                TOTP.activate(world.account("admin"), generate_totp_secret())
            operations.passed_test(by=MACHINE, provider_id=made)
            operations.switch_provider(by=MACHINE, provider_id=made, on=True)
        return IdentityProvider.objects.get(pk=made)


@pytest.fixture
def row(world: World, provider: hostile.Provider) -> IdentityProvider:
    return set_up(provider, world.alpha, world)


class Browser(Client):
    """A browser that can walk to the provider and back."""

    def __init__(self, ref: MunicipalityRef) -> None:
        super().__init__(SERVER_NAME=f"{ref.slug}.localhost")
        self.ref = ref

    def out(self, path: str, **form: Any) -> str:
        """Press a button that leads to the provider: its address there."""
        page = self.post(path, form)
        assert page.status_code == 200, (page.status_code, page.headers.get("Location"))
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())
        assert found, page.content.decode()
        return unescape(found[1])

    def back(self, row: IdentityProvider, brought: dict[str, str], **more: str):
        return self.get(f"/sign-in/with/{row.pk}/back/", {**brought, **more})

    def dance(self, provider: hostile.Provider, row: IdentityProvider, path: str = "", **form: Any):
        """Out and back."""
        return self.back(row, provider.authorize(self.out(path or f"/sign-in/with/{row.pk}/", **form)))

    def be(self, account: Account, *, second_factor: bool = True) -> None:
        """Signed in by a code and (unless said otherwise) a second factor, just now."""
        with inside(self.ref):
            sign_in(self, account, second_factor=second_factor)

    def who(self) -> str:
        """The address of whoever is signed in with two factors, "" when nobody is."""
        answer = self.get("/account/")
        return str(answer.wsgi_request.user.email) if answer.status_code == 200 else ""


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world.alpha)


def linked(
    world: World, row: IdentityProvider, who: str = "nurse", subject: str = "person-1",
    ref: MunicipalityRef | None = None,
) -> None:  # fmt: skip
    """`who` signs in as this subject from now on."""
    with inside(ref or world.alpha):
        operations.link(
            by=MACHINE, account_id=world.people[who], provider_id=row.pk, issuer=row.issuer, subject=subject
        )


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def refusals(ref: MunicipalityRef) -> list[str]:
    """Why sign-ins were refused, by the audit."""
    with inside(ref):
        found = Entry.objects.filter(verb="people.refuse_provider").order_by("at", "pk")
        return [entry.details["why"] for entry in found]
