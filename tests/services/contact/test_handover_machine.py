"""Whatever happens in whatever order: a request is at every moment exactly one person's or one door's, and no
clock, word or message of the student is lost on the way."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kernel.actor import MACHINE, Actor
from kernel.errors import DomainError
from services.contact import machine, operations, queries
from services.contact.handover_queries import (
    beginnings,
    open_messages,
    said_no_to,
    standing_handover,
    unread_since,
    written_since,
)
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, ConversationMessage, Handover, Recusal
from services.contact.operations import Receiver
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, read_and_close, visitor

ENDURE = os.environ.get("ENDURE") == "1"
SHARES = Handover.Shares.values
WHO = ("nurse", "second_nurse", "counsellor", "other_nurse", "carla")


def doors(world: World) -> set[tuple[UUID, UUID]]:
    nurse, counsellor = world.nurse_role, world.counsellor_role
    return {(nurse, world.school), (nurse, world.other_school), (counsellor, world.school)}


STATES = {state for state, _act in machine.TABLE} | set(machine.TABLE.values())


def test_the_table_is_whole_and_nothing_comes_back_from_the_end() -> None:
    assert set(Handover.State.values) == STATES
    assert set(machine.LIVE) | set(machine.IN_FORCE) | set(machine.BACK) == STATES
    assert not set(machine.IN_FORCE) & set(machine.BACK)
    for state in machine.BACK:
        assert all(machine.after(state, act) is None for _from, act in machine.TABLE)
    assert {act for state, act in machine.TABLE if state == "over"} == {"refuse"}
    for state in machine.IN_FORCE:
        assert machine.after(state, "refuse") == "refused", "whoever has it by a handover can be said no to"
    for state in machine.LIVE:
        assert machine.after(state, "close") not in machine.LIVE
        assert machine.after(state, "refuse") == "refused"


@pytest.mark.parametrize(
    ("shares", "giver", "opens"),
    [
        ("everything", 0, 0),
        ("everything", 3, 3),
        ("onward", 0, 5),
        ("onward", 7, 7),
        ("nothing", 0, 9),
        ("summary", 4, 9),
    ],
)
def test_what_opens_is_never_more_than_the_giver_had(shares: str, giver: int, opens: int) -> None:
    assert machine.opens_after(shares, giver=giver, offered=5, now=9) == opens


class Life(RuleBasedStateMachine):
    """One request, five people, a student, the sweep and the clock."""

    world: World
    traveller: time_machine.Traveller

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.traveller.move_to(TUESDAY)
        self.accepted = knock(self.world)
        self.id = self.accepted.request_id
        self.written = 1
        self.due: dict[Any, Any] = {}
        self.apart: set[UUID] = set()

    #: States that some life went through: a machine that is refused everything proves nothing.
    seen: ClassVar[set[str]] = set()
    #: From which states a student said no.
    refused_from: ClassVar[set[str]] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(
        to=some.sampled_from(("counsellors", "counsellor", "second_nurse")),
        shares=some.sampled_from(SHARES),
        accepts=some.booleans(),
    )
    def somebody_is_asked(self, to: str, shares: str, accepts: bool) -> None:
        self.take("nurse")
        self.read("nurse")
        self.offer("nurse", to, shares, "in_talk")
        if accepts:
            self.anybody_accepts(False)

    # --- what people do: each may be refused, none may do harm

    def _try(self, act: Callable[[], object]) -> bool:
        with suppress(DomainError):
            with transaction.atomic():
                act()
            return True
        return False

    def _actor(self, who: str) -> Actor:
        return self.world.actor(who)

    def _newest(self) -> Handover | None:
        return Handover.objects.filter(request_id=self.id).order_by("-number").first()

    @rule(who=some.sampled_from(WHO))
    def take(self, who: str) -> None:
        self._try(lambda: operations.take(by=self._actor(who), request_id=self.id))

    @rule(who=some.sampled_from(WHO))
    def read(self, who: str) -> None:
        self._try(lambda: operations.read_conversation(by=self._actor(who), request_id=self.id))

    @rule(who=some.sampled_from(WHO))
    def reply(self, who: str) -> None:
        if self._try(lambda: operations.reply(by=self._actor(who), request_id=self.id, text="Hei")):
            self.written += 1

    @rule(who=some.sampled_from(WHO))
    def release(self, who: str) -> None:
        self._try(lambda: operations.release(by=self._actor(who), request_id=self.id))

    @rule(
        who=some.sampled_from(WHO),
        to=some.sampled_from((*WHO, "counsellors", "nurses_elsewhere")),
        shares=some.sampled_from(Handover.Shares.values),
        agreement=some.sampled_from(Handover.Agreement.values),
    )
    def offer(self, who: str, to: str, shares: str, agreement: str) -> None:
        doors = {
            "counsellors": Receiver(role_id=self.world.counsellor_role, school_id=self.world.school),
            "nurses_elsewhere": Receiver(role_id=self.world.nurse_role, school_id=self.world.other_school),
        }
        receiver = doors.get(to) or Receiver(account_id=self.world.people[to])
        self._try(
            lambda: operations.offer_handover(
                by=self._actor(who), request_id=self.id, to=receiver, reason="fordi", shares=shares,
                agreement=agreement, summary="kort" if shares == "summary" else "",
            )
        )  # fmt: skip

    @rule(
        to=some.sampled_from(("counsellors", "counsellor", "second_nurse", "nurses_elsewhere", "nurse")),
        shares=some.sampled_from(Handover.Shares.values),
    )
    def whoever_has_it_offers_it(self, to: str, shares: str) -> None:
        """Most offers at random are refused; this one seldom is. Nobody has it: somebody takes it first."""
        for who in WHO:
            self.take(who)
        holder = holder_of(ContactRequest.objects.get(pk=self.id))
        has_it = next((who for who in WHO if holder and self.world.people[who] == holder.pk), None)
        if has_it is not None:
            self.read(has_it)
            self.offer(has_it, to, shares, "in_talk")

    @rule(who=some.sampled_from(WHO), act=some.sampled_from(("accept", "accept", "decline", "withdraw")))
    def answer(self, who: str, act: str) -> None:
        newest = self._newest()
        if newest is not None:
            verb = getattr(operations, f"{act}_handover")
            self._try(lambda: verb(by=self._actor(who), handover_id=newest.pk))

    @rule(reaches=some.booleans())
    def anybody_accepts(self, reaches: bool) -> None:
        for who in WHO:
            self.answer(who, "accept")
        newest = self._newest()
        if reaches and newest is not None and newest.state == "accepted":
            self.reply(next(who for who in WHO if self.world.people[who] == newest.accepted_by_id))

    @rule(all_since=some.booleans(), unread_too=some.sampled_from((None, True, False)))
    def student_says_no(self, all_since: bool, unread_too: bool | None) -> None:
        stands = standing_handover(self.id)
        since = list(written_since(stands).values_list("pk", flat=True)) if stands else []
        waits = set(unread_since(stands).values_list("pk", flat=True)) if stands else set()
        self._try(
            lambda: operations.refuse_handover(
                by=visitor(self.accepted), request_id=self.id, number=stands.number if stands else None,
                all_since=all_since, unread_too=unread_too,
            )
        )  # fmt: skip
        if stands is None or Handover.objects.get(pk=stands.pk).state == stands.state:
            return
        self.refused_from.add(stands.state)
        assert Promise.objects.filter(STANDING, subject_id=self.id).exists(), (
            "after a no nobody is on the clock"
        )
        if stands.accepted_at:
            assert all_since or unread_too is not None or not waits, "decided for the student"
            if not all_since:
                self.apart |= set(since) - (waits if unread_too else set())

    @rule(again=some.booleans())
    def student_writes(self, again: bool) -> None:
        act = lambda: operations.student_writes(  # noqa: E731
            by=visitor(self.accepted), request_id=self.id, text="Er du der?", still_need_help=again
        )
        if self._try(act):
            self.written += 1

    @rule(who=some.sampled_from(WHO), outcome=some.sampled_from(("helped", "not_reached")))
    def close(self, who: str, outcome: str) -> None:
        self._try(lambda: read_and_close(by=self._actor(who), request_id=self.id, outcome=outcome))

    @rule(ends=some.sampled_from(("close", "withdraw")))
    def it_ends_before_the_first_word_and_the_student_asks_again(self, ends: str) -> None:
        newest = self._newest()
        if newest is None or newest.state != "accepted":
            return
        receiver = next(who for who in WHO if self.world.people[who] == newest.accepted_by_id)
        self.close(receiver, "not_reached") if ends == "close" else self.withdraw()
        self.student_writes(again=True)

    @rule()
    def withdraw(self) -> None:
        self._try(lambda: operations.withdraw(by=visitor(self.accepted), request_id=self.id))

    @rule(who=some.sampled_from(WHO))
    def step_aside(self, who: str) -> None:
        had = ContactRequest.objects.get(pk=self.id)
        done = self._try(lambda: operations.recuse(by=self._actor(who), request_id=self.id))
        if done and had.is_open and had.taken_by_id == self.world.people[who]:
            runs = Promise.objects.filter(STANDING, subject_id=self.id)
            assert runs.exists(), "somebody stepped aside and nobody is on the clock"

    @rule(who=some.sampled_from(WHO))
    def slip(self, who: str) -> None:
        self._try(lambda: operations.undo_recusal(by=self._actor(who), request_id=self.id))

    @rule(who=some.sampled_from(("counsellor", "carla", "second_nurse")))
    def leaves(self, who: str) -> None:
        post = Post.objects.filter(account_id=self.world.people[who], ends_on__isnull=True).first()
        if post is not None:
            self._try(lambda: setup.end_post(post_id=post.pk, takers={self.id: None}, by=MACHINE))

    @rule(hours=some.sampled_from((0.001, 1, 5, 30)))
    def time_passes(self, hours: float) -> None:
        self.traveller.shift(timedelta(hours=hours))
        if hours > 1:
            break_due()

    # --- what holds at every moment

    @invariant()
    def it_is_exactly_one_persons_or_one_doors(self) -> None:
        request = ContactRequest.objects.get(pk=self.id)
        holder = holder_of(request)
        case = queries.case_of(request, holder.pk if holder else None)
        hold = [
            who
            for who in WHO
            if queries.may(self._actor(who), case, "conversation", "detail").why == "holder"
        ]
        assert hold == [who for who in WHO if holder and self.world.people[who] == holder.pk]
        assert (request.role_id, request.school_id) in doors(self.world)

    @invariant()
    def an_open_request_waits_for_somebody_with_a_clock_or_was_answered(self) -> None:
        request = ContactRequest.objects.get(pk=self.id)
        waits = Promise.objects.filter(subject_id=self.id, answered_at__isnull=True, ended_at__isnull=True)
        if request.is_open and request.state != "answered":
            assert waits.exists()
        accepted = Handover.objects.filter(request_id=self.id, state="accepted").first()
        if accepted is not None:
            assert accepted.promise.subject_id == self.id
            assert accepted.promise.answered_at is None

    @invariant()
    def at_most_one_handover_lives_and_none_of_a_closed_request(self) -> None:
        self.seen.update(Handover.objects.filter(request_id=self.id).values_list("state", flat=True))
        live = Handover.objects.filter(request_id=self.id, state__in=machine.LIVE)
        assert live.count() <= 1
        if live:
            assert ContactRequest.objects.get(pk=self.id).is_open
        ended = Handover.objects.filter(request_id=self.id).exclude(state__in=machine.LIVE)
        assert not Promise.objects.filter(
            subject_id__in=[one.pk for one in ended], kept_at=None, broken_at=None, ended_at=None
        ).exists(), "the clock of an offer that ended runs on"

    @invariant()
    def no_due_time_ever_moves(self) -> None:
        for promise in Promise.objects.all():
            assert self.due.setdefault(promise.pk, promise.due_at) == promise.due_at

    @invariant()
    def no_word_is_lost_and_none_that_is_closed_is_unread(self) -> None:
        messages = ConversationMessage.objects.filter(request_id=self.id)
        assert messages.count() == self.written
        begins = beginnings([self.id])[self.id]
        lost = messages.filter(number__lte=begins, sender="student", seen_at__isnull=True, is_apart=False)
        assert not lost.exists(), "a student's word that nobody read, and that nobody can read any more"
        assert self.apart == set(messages.filter(is_apart=True).values_list("pk", flat=True))
        request = ContactRequest.objects.get(pk=self.id)
        assert not open_messages("holder", request).filter(pk__in=self.apart).exists(), "kept apart, and read"

    @invariant()
    def who_stepped_aside_sees_and_holds_nothing(self) -> None:
        request = ContactRequest.objects.get(pk=self.id)
        for recusal in Recusal.objects.filter(request_id=self.id, undone_at__isnull=True):
            who = next(who for who in WHO if self.world.people[who] == recusal.account_id)
            assert not queries.visible_to(self._actor(who)).filter(pk=self.id).exists()
            assert request.taken_by_id != recusal.account_id

    @invariant()
    def whom_the_student_said_no_to_neither_holds_nor_sees_it_by_a_door(self) -> None:
        request = ContactRequest.objects.get(pk=self.id)
        for account_id in said_no_to(self.id):
            who = next(who for who in WHO if self.world.people[who] == account_id)
            assert request.taken_by_id != account_id
            assert not queries.visible_to(self._actor(who)).filter(pk=self.id).exists()


def test_at_every_moment_exactly_one_is_responsible(alpha: World) -> None:
    """10 lives of up to 15 acts; 400 of up to 40 with ENDURE=1."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        carla = setup.invite_person(email="carla@alfa.example", name="Carla Alfa", language="nb", by=MACHINE)
        setup.give_post(account_id=carla, role_id=alpha.counsellor_role, school_id=alpha.school, by=MACHINE)
        alpha.people["carla"] = carla
        Life.world, Life.traveller = alpha, traveller
        try:
            run_state_machine_as_test(
                Life,
                settings=settings(
                    max_examples=400 if ENDURE else 10, stateful_step_count=40 if ENDURE else 15, deadline=None,
                    suppress_health_check=list(HealthCheck), derandomize=True,
                    phases=(Phase.generate,), database=None,
                ),
            )  # fmt: skip
        finally:
            del alpha.people["carla"]
    assert {"offered", "accepted", "over"} <= Life.seen
    assert not ENDURE or {"offered", "accepted", "contacted", "over"} == Life.refused_from
