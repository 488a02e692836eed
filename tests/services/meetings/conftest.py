from collections.abc import Iterator

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.tenancy import inside
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import TUESDAY


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa on a Tuesday at ten in Oslo; office hours 08-16; the clock stands until a test moves it."""
    with time_machine.travel(TUESDAY, tick=False), inside(world.alpha):
        setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller
