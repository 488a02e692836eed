from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.tenancy import inside
from tests.cast import World
from tests.services.contact.people import TUESDAY


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    """Inside alfa on a Tuesday morning; the clock stands until a test moves it."""
    with time_machine.travel(TUESDAY, tick=False), inside(world.alpha):
        yield world


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(alpha: World, at: Any) -> Client:
    return at(alpha.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})
