"""A promise is marked broken whatever stands in the way of somebody taking over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from kernel.actor import MACHINE
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.promises import subjects
from services.promises.models import Promise
from services.promises.sweep import break_due
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.models import Employer, HelperRole, Post, School
from tests.cast import World
from tests.services.contact.people import knock

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(alpha: World) -> UUID:
    """Nora has it and is the only one of the door; her substitute is at another school."""
    Post.objects.filter(account_id=alpha.people["second_nurse"]).update(ends_on="2026-09-14")
    School.objects.update(opened_on="2020-01-01")
    post = Post.objects.get(account_id=alpha.people["nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[alpha.people["other_nurse"]], by=MACHINE)
    request_id = knock(alpha).request_id
    contact.take(by=alpha.actor("nurse"), request_id=request_id)
    return request_id


def break_at(clock: Any, seconds: float) -> Promise:
    clock.move_to(Promise.objects.get().due_at + timedelta(seconds=seconds))
    break_due()
    return Promise.objects.get()


def close_school(alpha: World) -> None:
    setup.close_school(school_id=alpha.school, by=alpha.actor("admin"))


def close_role(alpha: World) -> None:
    setup.close_role(role_id=alpha.nurse_role, by=alpha.actor("admin"))


def lend_role(alpha: World) -> None:
    neighbour = Employer.objects.create(name="Naboen", kind=Employer.Kind.NEIGHBOUR)
    HelperRole.objects.filter(pk=alpha.nurse_role).update(employer=neighbour)


def test_a_substitute_takes_it_over_where_set_up_allows(alpha: World, clock: Any, asked: UUID) -> None:
    assert break_at(clock, 1).broken_at is not None
    assert ContactRequest.objects.get(pk=asked).taken_by_id == alpha.people["other_nurse"]


@pytest.mark.parametrize("change", [close_school, close_role, lend_role])
def test_where_set_up_refuses_the_substitute_it_is_broken_free_and_told(
    alpha: World, clock: Any, asked: UUID, change: Any
) -> None:
    change(alpha)
    assert break_at(clock, 1).broken_at is not None
    assert ContactRequest.objects.get(pk=asked).taken_by_id is None
    assert Message.objects.filter(template="promises/broken").exists(), "its lead is told"
    contact.take(by=alpha.actor("nurse"), request_id=asked)


def test_what_fails_after_it_is_tried_again_and_marked_within_a_minute_all_the_same(
    alpha: World, clock: Any, asked: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_promise: Promise) -> None:
        ContactRequest.objects.update(taken_by=None, taken_at=None, state="waiting")
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(subjects, "broken", fails)
    assert break_at(clock, 1).broken_at is None
    assert break_at(clock, 39).broken_at is None
    assert break_at(clock, 59).broken_at is not None
    assert ContactRequest.objects.get(pk=asked).taken_by_id == alpha.people["nurse"], "half of it is undone"
    assert Message.objects.filter(template="promises/broken").exists()
