"""A student who asks again is heard: somebody is told each time, a clock runs, and no old call stops it."""

from datetime import datetime, timedelta

import pytest
import time_machine

from kernel import clock as kernel_clock
from kernel.actor import Actor
from kernel.crypto.models import CaseKey
from kernel.outbox.models import Message
from services.contact import operations
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.operations import Accepted
from services.promises.models import Promise
from services.promises.queries import promises_of
from tenants.setup.actors import today
from tenants.walls.operations import give_grant
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, visitor

CALL = {"channel_kind": "phone", "channel_value": "99887766"}


def row(accepted: Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def told() -> int:
    return Message.objects.filter(template="contact/knock").count()


def ask_again(accepted: Accepted) -> None:
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Jeg trenger hjelp", still_need_help=True
    )


def called(nurse: Actor, accepted: Accepted, outcome: str, at: datetime) -> operations.RecordedContact:
    return operations.record_contact(
        by=nurse, request_id=accepted.request_id, kind="phone", outcome=outcome, at=at
    )


def newest(accepted: Accepted, kind: str) -> Promise:
    return next(one for one in promises_of(accepted.request_id) if one.kind == kind)


@pytest.mark.parametrize("answered", [False, True])
def test_every_reopening_is_told_also_while_a_promise_stands(alpha: World, answered: bool) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    if answered:
        operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    for times in (2, 3):
        reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
        ask_again(accepted)
        assert told() == 2 * times  # two nurses, the knock and each reopening


def test_words_sent_from_a_page_that_showed_it_open_reopen_what_was_closed_meanwhile(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Kan jeg komme?", seen_open=True
    )
    assert row(accepted).state == "waiting"
    assert newest(accepted, "reopened").answered_at is None
    assert told() == 4
    assert ConversationMessage.objects.filter(request_id=accepted.request_id).count() == 3


def test_thanks_from_a_page_that_showed_it_closed_reopens_nothing(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Takk!", seen_open=False
    )
    assert row(accepted).state == "closed"


def test_words_to_what_is_still_open_reopen_nothing(alpha: World) -> None:
    accepted = knock(alpha)
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="En ting til", seen_open=True
    )
    assert [one.kind for one in promises_of(accepted.request_id)] == ["first_contact"]


@pytest.mark.parametrize("outcome", ["reached", "attempted"])
def test_a_call_from_before_the_student_asked_again_does_not_keep_the_new_promise(
    alpha: World, clock: time_machine.Traveller, outcome: str
) -> None:
    accepted, nurse = knock(alpha, **CALL), alpha.actor("nurse")
    clock.shift(timedelta(minutes=10))
    before = kernel_clock.now()
    called(nurse, accepted, "reached", before)
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    clock.shift(timedelta(minutes=20))
    ask_again(accepted)
    clock.shift(timedelta(minutes=20))
    done = called(nurse, accepted, outcome, before)
    assert not done.stopped_the_clock
    assert done.next_try == newest(accepted, "reopened")
    assert newest(accepted, "reopened").answered_at is None
    assert row(accepted).state == "taken"
    assert called(nurse, accepted, "reached", kernel_clock.now()).stopped_the_clock
    assert newest(accepted, "reopened").kept_at is not None


@pytest.mark.parametrize("outcome", ["reached", "attempted"])
def test_a_call_from_before_the_next_try_was_promised_does_not_keep_it(
    alpha: World, clock: time_machine.Traveller, outcome: str
) -> None:
    accepted, nurse = knock(alpha, **CALL), alpha.actor("nurse")
    clock.shift(timedelta(minutes=10))
    first = kernel_clock.now()
    retry = called(nurse, accepted, "attempted", first).next_try
    clock.shift(timedelta(minutes=30))
    done = called(nurse, accepted, outcome, first - timedelta(minutes=5))
    assert (done.stopped_the_clock, done.next_try) == (False, retry)
    assert newest(accepted, "retry").answered_at is None


def test_a_call_in_the_very_minute_of_the_promise_counts(alpha: World, clock: time_machine.Traveller) -> None:
    accepted, nurse = knock(alpha, **CALL), alpha.actor("nurse")
    clock.shift(timedelta(minutes=10))
    called(nurse, accepted, "attempted", kernel_clock.now())
    clock.shift(timedelta(minutes=5))
    to_the_minute = kernel_clock.minute(newest(accepted, "retry").opened_at)
    assert called(nurse, accepted, "reached", to_the_minute).stopped_the_clock
    assert newest(accepted, "retry").kept_at == to_the_minute


def test_nothing_a_student_did_is_stored_finer_than_a_minute(alpha: World) -> None:
    accepted = knock(alpha)
    key = CaseKey.objects.get(pk=row(accepted).case_key_id)
    (first, *_) = Message.objects.filter(template="contact/knock")
    assert [at.second for at in (key.made_at, first.created_at, first.next_attempt_at)] == [0, 0, 0]


def unseen(accepted: Accepted) -> int:
    return ConversationMessage.objects.filter(
        request_id=accepted.request_id, sender="student", seen_at__isnull=True
    ).count()


def test_a_colleague_who_reads_leaves_the_news_to_the_one_who_has_it(alpha: World) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")
    operations.take(by=nurse, request_id=accepted.request_id)
    give_grant(
        by=nurse, case_key_id=ContactRequest.objects.get(pk=accepted.request_id).case_key_id,
        account_id=alpha.people["second_nurse"], basis="need", reason="Vi er to om dette", last_day=today(),
    )  # fmt: skip
    operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    assert unseen(accepted) == 1
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    assert unseen(accepted) == 0


def test_whoever_reads_what_nobody_has_has_seen_it(alpha: World) -> None:
    accepted = knock(alpha)
    operations.read_conversation(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    assert unseen(accepted) == 0
