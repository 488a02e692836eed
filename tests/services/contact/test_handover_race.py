"""Everybody at once, on a real PostgreSQL: accept, a second acceptor, withdraw, expire, the student's no and the
student's words. Whatever comes first, one is responsible, and no word is lost."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections

from kernel.actor import MACHINE, Actor, actor_for, student
from kernel.errors import DomainError
from kernel.people.models import Account
from kernel.tenancy import inside
from services.contact import machine, operations, queries
from services.contact.handover_queries import beginnings
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, ConversationMessage, Handover
from services.contact.operations import Receiver
from services.promises.models import Promise
from services.promises.operations import break_promise
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole
from tests.services.contact.committed import Place, committed

ROUNDS = 12


@dataclass(frozen=True)
class Ground:
    """The place, and two counsellors beside its nurses."""

    place: Place
    role: UUID
    counsellors: tuple[UUID, UUID]


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Ground]:
    with django_db_blocker.unblock(), committed("stafett") as place:
        with inside(place.ref):
            role = HelperRole.objects.order_by("order").values_list("pk", flat=True)[1]
            people = []
            for name in ("carl", "cora"):
                one = setup.invite_person(
                    email=f"{name}@stafett.example", name=name.title(), language="nb", by=MACHINE
                )
                setup.give_post(account_id=one, role_id=role, school_id=place.school, by=MACHINE)
                people.append(one)
        yield Ground(place, role, (people[0], people[1]))


def offered(ground: Ground, shares: str) -> Handover:
    place = ground.place
    accepted = operations.knock(
        by=student(None), idempotency_key=uuid.uuid4().hex, school_id=place.school, role_id=place.role,
        channel_kind="conversation", message="Hei", language="nb",
    )  # fmt: skip
    nora = place.nurse(0)
    operations.take(by=nora, request_id=accepted.request_id)
    operations.read_conversation(by=nora, request_id=accepted.request_id)
    operations.reply(by=nora, request_id=accepted.request_id, text="Hei du")
    return operations.offer_handover(
        by=nora, request_id=accepted.request_id, to=Receiver(role_id=ground.role, school_id=place.school),
        reason="fordi", shares=shares, agreement="in_talk",
    )  # fmt: skip


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


def actor(account_id: UUID) -> Actor:
    return actor_for(Account.objects.get(pk=account_id))


def test_whoever_is_first_one_is_responsible_and_no_word_is_lost(ground: Ground) -> None:
    ends: Counter[str] = Counter()
    for number in range(ROUNDS):
        shares = ("everything", "onward", "nothing")[number % 3]
        with inside(ground.place.ref):
            handover = offered(ground, shares)
            late = handover.promise.due_at + timedelta(seconds=30)
            nora, carl, cora = ground.place.nurse(0), *(actor(one) for one in ground.counsellors)
        went = all_at_once(ground, _everything(handover, late, nora, carl, cora))
        assert went["writes"], "a student's words are never refused"
        assert not (went["carl"] and went["cora"]), "two took it over"
        with inside(ground.place.ref):
            _one_is_responsible(handover, carl, cora, nora)
            ends[Handover.objects.get(pk=handover.pk).state] += 1
    assert sum(ends.values()) == ROUNDS


def _everything(
    handover: Handover, late: datetime, nora: Actor, carl: Actor, cora: Actor
) -> dict[str, Callable[[], object]]:
    pk, request_id = handover.pk, handover.request_id
    own = student(request_id)
    return {
        "carl": lambda: operations.accept_handover(by=carl, handover_id=pk),
        "cora": lambda: operations.accept_handover(by=cora, handover_id=pk),
        "withdraw": lambda: operations.withdraw_handover(by=nora, handover_id=pk),
        "expire": lambda: break_promise(by=MACHINE, promise_id=handover.promise_id, now=late),
        "no": lambda: operations.refuse_handover(by=own, request_id=request_id),
        "writes": lambda: operations.student_writes(by=own, request_id=request_id, text="Er du der?"),
    }


def _one_is_responsible(handover: Handover, carl: Actor, cora: Actor, nora: Actor) -> None:
    request, now = ContactRequest.objects.get(pk=handover.request_id), Handover.objects.get(pk=handover.pk)
    holder = holder_of(request)
    assert holder is not None, "nobody's"
    assert now.state != "offered"
    if now.state in machine.IN_FORCE:
        assert holder.pk == now.accepted_by_id
        assert (request.role_id, request.school_id) == (now.to_role_id, now.to_school_id)
    else:
        assert holder.pk == nora.id
        assert (request.role_id, request.school_id) == (now.from_role_id, now.from_school_id)
    reads = [who.id for who in (carl, cora, nora) if queries.visible_to(who).filter(pk=request.pk).exists()]
    assert holder.pk in reads
    written = ConversationMessage.objects.filter(request=request)
    assert written.count() == 3
    begins = beginnings([request.pk])[request.pk]
    assert not written.filter(number__lte=begins, sender="student", seen_at__isnull=True).exists()
    runs = Promise.objects.filter(subject_id=handover.pk, kept_at=None, broken_at=None, ended_at=None)
    assert not runs.exists(), "the clock of an offer that ended runs on"


def test_two_who_offer_at_once_make_one_offer(ground: Ground) -> None:
    for _round in range(5):
        with inside(ground.place.ref):
            first = offered(ground, "everything")
            nora = ground.place.nurse(0)
            operations.withdraw_handover(by=nora, handover_id=first.pk)

        def offers(first: Handover = first, nora: Actor = nora) -> object:
            return operations.offer_handover(
                by=nora, request_id=first.request_id,
                to=Receiver(role_id=ground.role, school_id=ground.place.school),
                reason="fordi", shares="nothing", agreement="in_talk",
            )  # fmt: skip

        went = all_at_once(ground, {"one": offers, "two": offers})
        assert sorted(went.values()) == [False, True]
