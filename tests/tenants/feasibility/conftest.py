"""Alfa on a Monday morning, and browsers that read English."""

from datetime import UTC, datetime

import pytest
import time_machine

from kernel.actor import MACHINE, Actor
from kernel.tenancy import inside
from tenants.presence import operations as presence
from tenants.setup.models import Post
from tests.cast import World
from tests.signing_in import sign_in

#: A Monday in Oslo, 10:00.
MONDAY = datetime(2026, 9, 14, 8, tzinfo=UTC)


@pytest.fixture
def alpha(world: World):
    """We are inside alfa for the whole test, on Monday."""
    with inside(world.alpha), time_machine.travel(MONDAY, tick=False):
        yield world.alpha


@pytest.fixture
def admin(world: World, alpha) -> Actor:
    return world.actor("admin")


@pytest.fixture
def signed_in(world: World, alpha, at):
    """`signed_in("lead")` is that person's browser."""

    def browser(who: str):
        client = at(alpha, HTTP_ACCEPT_LANGUAGE="en")
        account = world.account(who)
        account.language = "en"
        account.save()
        sign_in(client, account)
        return client

    return browser


@pytest.fixture
def browser(signed_in):
    """An administrator's."""
    return signed_in("admin")


@pytest.fixture
def olga_s_post(world, alpha) -> Post:
    """The only nurse at Fjellvang is there from Monday to Wednesday; 24 open hours are promised."""
    post = Post.objects.get(account=world.people["other_nurse"])
    presence.change_weekdays(post_id=post.pk, weekdays=[1, 2, 3], by=MACHINE)
    return post
