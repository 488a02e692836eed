"""alfa on a Tuesday morning, with a case that Nora the nurse has."""

from collections.abc import Iterator

import pytest
import time_machine

from services.contact import operations as contact
from services.contact.operations import Accepted
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock
from tests.services.desk.conftest import alpha as alpha
from tests.services.desk.conftest import signed_in as signed_in


@pytest.fixture
def clock(alpha: World) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(clock: time_machine.Traveller, alpha: World) -> Accepted:
    """Taken by Nora."""
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    return accepted


@pytest.fixture
def free_case(clock: time_machine.Traveller, alpha: World) -> Accepted:
    return knock(alpha)
