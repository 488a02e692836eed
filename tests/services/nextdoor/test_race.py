"""The student's yes and an adult's answer at the same second, on a real PostgreSQL: one of them comes first."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connections

from kernel import clock
from kernel.actor import MACHINE, actor_for, student
from kernel.errors import DomainError
from kernel.people.models import Account
from kernel.tenancy import inside
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage, NextDoor
from services.nextdoor import operations
from services.promises.models import STANDING, Promise
from services.promises.operations import break_promise
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole
from tests.services.contact.committed import Place, committed

ROUNDS = 10


@dataclass(frozen=True)
class Ground:
    place: Place
    role: UUID
    carl: UUID


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Ground]:
    with django_db_blocker.unblock(), committed("nabodor") as place:
        with inside(place.ref):
            role = HelperRole.objects.order_by("order").values_list("pk", flat=True)[1]
            carl = setup.invite_person(email="carl@nabodor.example", name="Carl", language="nb", by=MACHINE)
            setup.give_post(account_id=carl, role_id=role, school_id=place.school, by=MACHINE)
        yield Ground(place, role, carl)


def all_at_once(ground: Ground, acts: dict[str, Callable[[], object]]) -> dict[str, bool]:
    """Which of them went through. A refusal in words is an answer; anything else fails the test."""
    gate = threading.Barrier(len(acts), timeout=30)

    def one(name: str) -> tuple[str, bool]:
        try:
            with inside(ground.place.ref):
                gate.wait()
                try:
                    acts[name]()
                except DomainError:
                    return name, False
            return name, True
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return dict(pool.map(one, acts))


def test_two_tabs_the_sweep_and_an_adult_at_the_same_second(ground: Ground) -> None:
    ends: Counter[str] = Counter()
    for _number in range(ROUNDS):
        with inside(ground.place.ref):
            accepted = contact.knock(
                by=student(None), idempotency_key=uuid.uuid4().hex, school_id=ground.place.school,
                role_id=ground.place.role, channel_kind="conversation", message="Hei", language="nb",
            )  # fmt: skip
            promise = Promise.objects.get(subject_id=accepted.request_id)
            nora, carl = ground.place.nurse(0), actor_for(Account.objects.get(pk=ground.carl))
        with time_machine.travel(promise.due_at + timedelta(seconds=20)):
            went = all_at_once(ground, _everything(ground, accepted.request_id, promise, nora, carl))
            with inside(ground.place.ref):
                ends[_one_came_first(ground, accepted.request_id, promise.pk, went)] += 1
    assert sum(ends.values()) == ROUNDS


def _everything(ground, request_id, promise, nora, carl):  # type: ignore[no-untyped-def]
    own = student(request_id)

    def yes() -> object:
        return operations.ask(by=own, request_id=request_id, role_id=ground.role, shares="everything")

    return {
        "yes": yes,
        "yes in another tab": yes,
        "waits": lambda: operations.wait(by=own, request_id=request_id),
        "answers": lambda: contact.reply(by=nora, request_id=request_id, text="Unnskyld, her er jeg"),
        "sweeps": lambda: break_promise(by=MACHINE, promise_id=promise.pk, now=clock.now()),
        "writes": lambda: contact.student_writes(by=own, request_id=request_id, text="Er du der?"),
    }


def _one_came_first(ground: Ground, request_id: UUID, promise_id: UUID, went: dict[str, bool]) -> str:
    request, broken = ContactRequest.objects.get(pk=request_id), Promise.objects.get(pk=promise_id)
    assert went["writes"], "a student's words are never refused"
    assert went["yes"] == went["yes in another tab"], "the same yes twice is one yes"
    assert broken.broken_at is not None
    assert broken.kept_at is None
    written = list(ConversationMessage.objects.filter(request=request).values_list("sender", flat=True))
    standing = Promise.objects.filter(STANDING, subject_id=request_id)
    if went["yes"]:
        assert not went["answers"], "both came first"
        assert request.role_id == ground.role
        assert NextDoor.objects.filter(request=request, to_role_id=ground.role).count() == 1
        assert standing.count() == 1
        assert written.count("helper") == 0
        return "yes"
    assert went["answers"], "neither came first: the student waits for nobody"
    assert request.role_id == ground.place.role
    assert not NextDoor.objects.filter(request=request, to_role__isnull=False).exists()
    assert written.count("helper") == 1
    return "answered"
