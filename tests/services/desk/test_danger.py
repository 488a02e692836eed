"""The shelf of promises in danger: those that run, once a reminder has come, whoever has them; no others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from services.contact import operations as contact
from services.desk.queries import counts
from services.desk.words import headline
from services.promises.models import Promise
from services.promises.sweep import break_due, remind_due
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.desk.test_case import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(alpha: World) -> contact.Accepted:
    return knock(alpha)


@pytest.fixture
def stands(signed_in: Callable[..., Client]) -> Callable[..., bool]:
    """Whether it is on the shelf of whoever signs in now."""

    def look(accepted: contact.Accepted, who: str = "nurse") -> bool:
        return f"row-{accepted.request_id}" in words(signed_in(who, "en").get("/desk/danger/"))

    return look


def test_it_stands_there_from_the_first_reminders_moment_until_it_is_answered(
    alpha, accepted, nora: Client, stands, clock: time_machine.Traveller
) -> None:
    assert "No promise is in danger" in words(nora.get("/desk/danger/"))
    assert ">In danger" not in words(nora.get("/desk/"))
    clock.move_to(Promise.objects.get().remind_at - timedelta(seconds=1))
    assert not stands(accepted)
    clock.shift(timedelta(seconds=1))
    assert stands(accepted), "also before the sweep has been here"
    remind_due()
    assert stands(accepted)
    assert counts(alpha.actor("nurse")).danger == 1
    assert headline("danger", 1) == "One promise is in danger"
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    assert not stands(accepted)


def test_a_colleagues_stands_there_too_and_another_doors_does_not(alpha, accepted, stands, clock) -> None:
    contact.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.move_to(Promise.objects.get().remind_at)
    assert stands(accepted)
    assert not stands(accepted, "counsellor")
    assert counts(alpha.actor("counsellor")).danger == 0


def test_what_is_broken_or_withdrawn_stands_elsewhere(alpha, accepted, stands, clock) -> None:
    other = knock(alpha)
    due = Promise.objects.filter(subject_id=accepted.request_id).get()
    clock.move_to(due.remind_at)
    contact.withdraw(by=contact.open_by_receipt(other.receipt), request_id=other.request_id)
    assert not stands(other)
    clock.move_to(due.due_at + timedelta(seconds=1))
    assert not stands(accepted)
    break_due()
    assert not stands(accepted)
