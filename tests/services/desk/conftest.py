"""Helpers' browsers and programs at alfa's desk, on a Tuesday morning that stands still."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.tenancy import inside
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import TUESDAY
from tests.signing_in import sign_in
from tests.window import outside_the_loop


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa on a Tuesday morning. Posts were given long ago."""
    with time_machine.travel(TUESDAY, tick=False), inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(alpha: World, at: Callable[..., Client]) -> Callable[[str], Client]:
    """`signed_in("nurse")` is Nora's browser, second factor shown; in Norwegian unless said otherwise."""

    def browser(who: str, language: str = "nb") -> Client:
        client = at(alpha.alpha, headers={"accept-language": language})
        with outside_the_loop():
            account = alpha.account(who)
            sign_in(client, account)
        return client

    return browser


@pytest.fixture
def nora(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("nurse", "en")


@pytest.fixture
def api(alpha: World, at: Callable[..., Client]) -> Callable[..., Callable[..., Any]]:
    """`api("nurse")("get", "requests")`: Nora's program, with a token of its own."""
    from kernel.actor import MACHINE
    from kernel.api.tokens import issue

    def program(who: str, scopes: tuple[str, ...] = ("desk:read", "desk:write")) -> Callable[..., Any]:
        token = issue(by=MACHINE, account=alpha.account(who), scopes=list(scopes))
        client = at(alpha.alpha, headers={"authorization": f"Bearer {token}"})

        def call(method: str, path: str, body: Any = None, **more: Any) -> Any:
            extra = more if body is None else {**more, "data": body, "content_type": "application/json"}
            return getattr(client, method)(f"/api/v1/desk/{path}", **extra)

        return call

    return program
