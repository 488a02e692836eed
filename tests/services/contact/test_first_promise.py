"""The first screen's promise is true before anything is chosen."""

import pytest
import time_machine

from kernel import clock
from kernel.actor import MACHINE
from kernel.tenancy import inside
from services.contact.door import first_promise
from tenants.setup import operations as setup
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import TUESDAY

pytestmark = pytest.mark.django_db


def test_doors_that_promise_the_same_are_promised_together(world: World) -> None:
    with inside(world.alpha):
        now = clock.now()
        promise = first_promise(portal(), now)
        assert promise is not None
        assert promise.role is None
        assert promise.due == portal().due_if_now(now, world.school, world.nurse_role)


def test_a_slower_role_is_never_hidden_behind_a_quicker_ones_clock(world: World, at) -> None:
    with inside(world.alpha):
        setup.set_guarantee(
            kind="counted_hours", amount=96, role_id=world.counsellor_role, school_id=None, by=MACHINE
        )
        promise = first_promise(portal(), clock.now())
        assert promise is not None
        assert promise.role is not None
        assert promise.role.id == world.nurse_role
    page = at(world.alpha).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Knock now: Helsesykepleier answers by" in page or "Knock now: School nurse answers by" in page


def test_a_role_promises_what_its_slowest_school_promises(world: World) -> None:
    with inside(world.alpha):
        setup.set_guarantee(
            kind="counted_hours",
            amount=96,
            role_id=world.nurse_role,
            school_id=world.other_school,
            by=MACHINE,
        )
        now = clock.now()
        promise = first_promise(portal(), now)
        assert promise is not None
        assert promise.role is not None
        assert promise.role.id == world.counsellor_role
        assert promise.due == portal().due_if_now(now, world.school, world.counsellor_role)


def test_outside_of_the_hours_the_first_screen_says_the_promise_once(
    alpha: World, at, clock: time_machine.Traveller
) -> None:
    setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
    clock.move_to(TUESDAY.replace(hour=21))
    page = at(alpha.alpha).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "We have closed for today." in page
    assert "you hear from us by" in page
    assert "Somebody answers by" not in page
    assert "We open" not in page
