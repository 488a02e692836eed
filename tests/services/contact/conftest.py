from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from kernel.tenancy import inside
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import TUESDAY


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa on a Tuesday morning; the clock stands until a test moves it. Posts were given long ago."""
    with time_machine.travel(TUESDAY, tick=False), inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    """The standing clock, to be moved: `clock.shift(timedelta(...))`, `clock.move_to(...)`."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller
