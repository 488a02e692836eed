"""alfa on 2 October 2026 in the morning: September is over. The nurses work for Helse, the counsellor for Skole."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.audit.operations import reading
from kernel.tenancy import inside
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.desk.conftest import signed_in as signed_in

NOW = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def alpha(world: World) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False), inside(world.alpha):
        Post.objects.update(starts_on=date(2020, 1, 1))
        yield world


@pytest.fixture
def health(alpha: World) -> UUID:
    """The nurses' employer."""
    employer = setup.add_employer(name="Helse Alfa", kind="municipality", by=MACHINE)
    Post.objects.filter(role_id=alpha.nurse_role).update(employer_id=employer)
    return employer


@pytest.fixture
def read(alpha: World) -> Callable[..., None]:
    """`read("nurse", case, day=3, hour=9)`: a read in September, by the clock in Norway."""

    def one(
        who: str, case: UUID, *, day: int = 3, hour: int = 9, minute: int = 0, why: str = "to answer"
    ) -> None:
        at = datetime(2026, 9, day, hour, minute, tzinfo=ZoneInfo("Europe/Oslo"))
        with time_machine.travel(at, tick=False):
            role = alpha.counsellor_role if who == "counsellor" else alpha.nurse_role
            reading(by=alpha.actor(who), case_key_id=case, what="conversation", why=why, role_id=role)

    return one
