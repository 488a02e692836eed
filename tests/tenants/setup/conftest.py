"""An administrator's browser, and the verbs by Adam of alfa."""

import pytest

from kernel.actor import Actor
from kernel.tenancy import inside
from tests.cast import World
from tests.signing_in import sign_in


@pytest.fixture
def alpha(world: World):
    """We are inside alfa for the whole test."""
    with inside(world.alpha):
        yield world.alpha


@pytest.fixture
def admin(world: World, alpha) -> Actor:
    return world.actor("admin")


@pytest.fixture
def signed_in(world: World, alpha, at):
    """`signed_in("admin")` is that person's browser, second factor shown."""

    def browser(who: str):
        client = at(alpha)
        account = world.account(who)
        sign_in(client, account)
        return client

    return browser


@pytest.fixture
def browser(signed_in):
    """An administrator's."""
    return signed_in("admin")
