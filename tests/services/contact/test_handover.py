"""Handing over: who has it at every moment, what the receiver may read, who is told, and what the law allows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kernel.actor import MACHINE, Actor
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, violated
from kernel.outbox.models import Message
from services.contact import handover_queries, operations, queries
from services.contact.holding import holder_of
from services.contact.models import ContactRequest, Handover
from services.contact.operations import Accepted, Receiver
from services.desk.operations import search
from services.promises.models import Promise
from services.promises.queries import promises_of
from services.promises.sweep import break_due, remind_due
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole
from tenants.walls import operations as walls
from tenants.walls.models import Grant
from tests.cast import World
from tests.services.contact.people import SECRET, knock, reach_and_close, read_and_close, visitor

LATER = "Kan du også si det til mamma"
WHY = "Hun trenger hjelp med valg av skole"
SUMMARY = "Elev som vil bytte linje"


def taken(world: World, **said: Any) -> Accepted:
    """Nora has it and has answered."""
    accepted = knock(world, **said)
    operations.take(by=world.actor("nurse"), request_id=accepted.request_id)
    operations.read_conversation(by=world.actor("nurse"), request_id=accepted.request_id)
    operations.reply(by=world.actor("nurse"), request_id=accepted.request_id, text="Hei, jeg er her")
    return accepted


def offer(
    world: World, accepted: Accepted, *, to: str = "counsellor", by: str = "nurse", **said: Any
) -> Handover:
    receiver = Receiver(account_id=world.people[to]) if to in world.people else Receiver(
        role_id=world.counsellor_role, school_id=world.school
    )  # fmt: skip
    given: dict[str, Any] = {"to": receiver, "reason": WHY, "shares": "everything", "agreement": "in_talk"}
    return operations.offer_handover(by=world.actor(by), request_id=accepted.request_id, **{**given, **said})


def accept(world: World, handover: Handover, who: str = "counsellor") -> Handover:
    return operations.accept_handover(by=world.actor(who), handover_id=handover.pk)


def row(accepted: Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=accepted.request_id)


def holder(accepted: Accepted) -> str | None:
    found = holder_of(row(accepted))
    return found.get_short_name() if found else None


def reads(world: World, who: str, accepted: Accepted) -> list[str]:
    opened = operations.read_conversation(by=world.actor(who), request_id=accepted.request_id)
    return [line.text for line in opened.lines]


def writes(accepted: Accepted, text: str) -> None:
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text=text)


def state(handover: Handover) -> str:
    return Handover.objects.get(pk=handover.pk).state


def told(template: str) -> list[str]:
    rows = Message.objects.filter(template=template).select_related("account").order_by("account__name")
    return [message.account.get_short_name() for message in rows if message.account]


def another_counsellor(world: World) -> Actor:
    setup.give_post(
        account_id=world.people["other_nurse"], role_id=world.counsellor_role, school_id=world.school,
        starts_on=None, by=MACHINE,
    )  # fmt: skip
    return world.actor("other_nurse")


# --- who has it ---------------------------------------------------------------------------------------------


def test_the_old_holder_answers_until_the_new_one_has_accepted(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    assert (holder(accepted), state(handover)) == ("Nora", "offered")
    writes(accepted, LATER)
    assert told("contact/message") == ["Nora"]
    assert LATER in reads(alpha, "nurse", accepted)
    accept(alpha, handover)
    assert (holder(accepted), state(handover)) == ("Carl", "accepted")
    assert row(accepted).role_id == alpha.counsellor_role
    with pytest.raises(NotFound):
        operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei igjen")
    writes(accepted, "Hei Carl")
    assert told("contact/message") == ["Carl", "Nora"]


def test_accepting_twice_is_fine_and_a_second_acceptor_meets_who_was_faster(alpha: World) -> None:
    other, accepted = another_counsellor(alpha), taken(alpha)
    handover = offer(alpha, accepted, to="role")
    accept(alpha, handover)
    assert accept(alpha, handover).state == "accepted"
    with pytest.raises(Conflict) as lost:
        operations.accept_handover(by=other, handover_id=handover.pk)
    assert "Carl" in str(lost.value.detail)


def test_one_decline_of_a_role_offer_does_not_end_it_for_the_others(alpha: World) -> None:
    other, accepted = another_counsellor(alpha), taken(alpha)
    handover = offer(alpha, accepted, to="role")
    operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)
    assert state(handover) == "offered"
    assert not queries.visible_to(alpha.actor("counsellor")).exists()
    assert queries.visible_to(other).exists()
    assert told("contact/handover_back") == []
    operations.decline_handover(by=other, handover_id=handover.pk, why="Jeg er på ferie")
    assert (state(handover), holder(accepted)) == ("declined", "Nora")
    assert told("contact/handover_back") == ["Nora"]
    assert told("contact/handover_declined") == ["Lena"]
    opened = operations.read_chain(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert [text for _who, text in opened[handover.pk].why_not] == ["Jeg er på ferie"]


def test_what_was_declined_leaves_a_clock_that_the_old_holder_stops(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    clock.shift(timedelta(minutes=5))
    operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)
    (waits,) = [one for one in promises_of(accepted.request_id) if one.answered_at is None]
    assert (waits.kind, waits.role_id, waits.ended_at) == ("handover", alpha.nurse_role, None)
    offered = Promise.objects.get(subject_id=handover.pk)
    assert offered.ended_at is not None
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Jeg er her ennå")
    assert Promise.objects.get(pk=waits.pk).kept_at is not None


def test_nobody_answers_in_time_and_it_is_back_with_the_lead_told(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    clock.move_to(handover.promise.due_at + timedelta(seconds=30))
    with pytest.raises(Conflict):
        accept(alpha, handover)
    assert break_due().marked == 1
    assert (state(handover), holder(accepted)) == ("expired", "Nora")
    assert told("contact/handover_back") == ["Nora"]
    assert told("promises/broken") == ["Lena"]
    assert any(one.answered_at is None and one.broken_at is None for one in promises_of(accepted.request_id))
    assert break_due().marked == 0


def test_the_receivers_first_word_stops_the_clock_and_the_old_holders_does_not(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Carl skriver snart")
    assert Promise.objects.get(subject_id=handover.pk).answered_at is None
    accept(alpha, handover)
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei, jeg er Carl")
    promise = Promise.objects.get(pk=handover.promise_id)
    assert promise.kept_at is not None
    assert (state(handover), promise.subject_id) == ("contacted", accepted.request_id)


def test_a_try_by_the_chosen_way_stops_it_too_and_promises_the_next(alpha: World) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766")
    nurse, carl = alpha.actor("nurse"), alpha.actor("counsellor")
    operations.take(by=nurse, request_id=accepted.request_id)
    operations.read_conversation(by=nurse, request_id=accepted.request_id)
    handover = offer(alpha, accepted)
    accept(alpha, handover)
    first = Promise.objects.get(subject_id=accepted.request_id, kind="first_contact")
    assert first.due_at == accepted.due_at
    assert first.role_id == alpha.counsellor_role, "the first clock goes along, its due time as it was"
    said = operations.record_contact(
        by=carl, request_id=accepted.request_id, kind="phone", outcome="attempted"
    )
    assert said.stopped_the_clock
    assert said.next_try is not None
    assert state(handover) == "contacted"


def test_a_first_word_taken_back_is_none_and_what_was_counted_cannot_be_taken_back(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, carl = taken(alpha), alpha.actor("counsellor")
    handover = offer(alpha, accepted)
    accept(alpha, handover)
    word = operations.reply(by=carl, request_id=accepted.request_id, text="Hei", can_undo=True)
    assert state(handover) == "contacted"
    operations.withdraw_reply(by=carl, request_id=accepted.request_id, message_id=word.pk)
    assert state(handover) == "accepted"
    assert Promise.objects.get(pk=handover.promise_id).kept_at is None
    again = operations.reply(by=carl, request_id=accepted.request_id, text="Hei", can_undo=True)
    offer(alpha, accepted, by="counsellor", to="nurse", shares="onward")
    with pytest.raises(Conflict):
        operations.withdraw_reply(by=carl, request_id=accepted.request_id, message_id=again.pk)


def test_the_due_time_never_moves(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    due = handover.promise.due_at
    clock.shift(timedelta(hours=2))
    accept(alpha, handover)
    assert Promise.objects.get(pk=handover.promise_id).due_at == due


def test_an_accepted_one_that_nobody_reaches_breaks_like_any_promise(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    accept(alpha, handover)
    clock.move_to(handover.promise.due_at + timedelta(seconds=30))
    assert break_due().marked == 1
    assert told("promises/broken") == ["Lena"]
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Beklager")
    assert state(handover) == "contacted"


def test_who_never_reaches_an_answered_case_loses_it_to_whoever_is_there(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    accepted = taken(alpha)
    handover = accept(alpha, offer(alpha, accepted))
    assert (row(accepted).state, holder(accepted)) == ("answered", "Carl")
    clock.move_to(handover.promise.due_at + timedelta(seconds=30))
    break_due()
    assert (row(accepted).state, holder(accepted)) == ("answered", "Olga")
    assert told("contact/yours_now") == ["Olga"]


def test_who_tried_an_answered_case_in_vain_and_not_again_loses_it_too(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    accepted = taken(alpha, channel_kind="phone", channel_value="99887766")
    contact = {"request_id": accepted.request_id, "kind": "phone"}
    operations.record_contact(by=alpha.actor("nurse"), outcome="reached", **contact)
    accept(alpha, offer(alpha, accepted))
    operations.record_contact(by=alpha.actor("counsellor"), outcome="attempted", **contact)
    (again,) = [one for one in promises_of(accepted.request_id) if one.answered_at is None]
    assert (again.kind, row(accepted).state) == ("retry", "answered")
    clock.move_to(again.due_at + timedelta(seconds=30))
    break_due()
    assert holder(accepted) == "Olga"


def test_reminders_go_to_who_is_asked_and_not_to_the_whole_door(
    alpha: World, clock: time_machine.Traveller
) -> None:
    another_counsellor(alpha)
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    Message.objects.all().delete()
    assert handover.promise.remind_at is not None
    clock.move_to(handover.promise.remind_at)
    assert remind_due().marked == 1
    assert told("promises/reminder") == ["Carl"]


def test_closing_or_withdrawing_the_request_ends_its_handover(alpha: World) -> None:
    for ends in (
        lambda one: reach_and_close(by=alpha.actor("nurse"), request_id=one.request_id, outcome="helped"),
        lambda one: operations.withdraw(by=visitor(one), request_id=one.request_id),
    ):
        accepted = taken(alpha)
        handover = offer(alpha, accepted)
        ends(accepted)
        assert state(handover) == "withdrawn"
        assert Promise.objects.get(subject_id=handover.pk).ended_at is not None
        with pytest.raises((Conflict, NotFound)):
            accept(alpha, handover)
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    accept(alpha, handover)
    read_and_close(by=alpha.actor("counsellor"), request_id=accepted.request_id, outcome="not_reached")
    assert state(handover) == "over"


def test_taking_an_offer_back_is_told_to_who_was_asked_and_too_late_says_who_has_it(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    for _again in range(2):
        operations.withdraw_handover(by=alpha.actor("nurse"), handover_id=handover.pk)
    assert (state(handover), told("contact/handover_gone")) == ("withdrawn", ["Carl"])
    with pytest.raises(Conflict):
        accept(alpha, handover)
    other = offer(alpha, accepted)
    accept(alpha, other)
    with pytest.raises(Conflict) as late:
        operations.withdraw_handover(by=alpha.actor("nurse"), handover_id=other.pk)
    assert "Carl" in str(late.value.detail)


# --- what may be offered ----------------------------------------------------------------------------------


def test_nothing_is_handed_over_while_the_student_is_unread(alpha: World) -> None:
    accepted = taken(alpha)
    writes(accepted, LATER)
    with pytest.raises(Conflict) as refused:
        offer(alpha, accepted)
    assert refused.value.code == "unread"
    reads(alpha, "nurse", accepted)
    assert offer(alpha, accepted).state == "offered"


def test_only_the_one_who_has_it_offers_it_and_once_at_a_time(alpha: World) -> None:
    accepted = taken(alpha)
    for who, refusal in (("second_nurse", NotAllowed), ("counsellor", NotFound), ("admin", NotFound)):
        with pytest.raises(refusal):
            offer(alpha, accepted, by=who, to="other_nurse")
    offer(alpha, accepted)
    with pytest.raises(Conflict):
        offer(alpha, accepted, to="second_nurse")
    again = Handover.objects.select_related("promise").get()
    with pytest.raises(IntegrityError) as twice, transaction.atomic():
        Handover.objects.create(
            **{
                field.attname: getattr(again, field.attname)
                for field in Handover._meta.concrete_fields
                if field.name not in ("id", "number", "reason", "summary")
            },
            number=2,
            reason="x",
        )
    assert violated(twice.value) == "a_request_is_in_one_handover_at_a_time"


@pytest.mark.parametrize(
    ("to", "shares", "agreement", "allowed_by"),
    [
        ("second_nurse", "onward", "none", "same_circle"),
        ("second_nurse", "everything", "none", ""),
        ("counsellor", "onward", "none", "law_opens"),  # NO: a written reason opens
        ("counsellor", "everything", "none", ""),
        ("counsellor", "everything", "in_writing", "agreement"),
    ],
)
def test_without_agreement_only_what_the_law_opens_and_never_everything(
    alpha: World, to: str, shares: str, agreement: str, allowed_by: str
) -> None:
    accepted = taken(alpha)
    if not allowed_by:
        with pytest.raises(Invalid) as refused:
            offer(alpha, accepted, to=to, shares=shares, agreement=agreement)
        assert [error.field for error in refused.value.errors] == ["agreement"]
        return
    by_law = allowed_by == "law_opens"
    if by_law:
        with pytest.raises(Invalid) as unsaid:
            offer(alpha, accepted, to=to, shares=shares, agreement=agreement)
        assert [error.field for error in unsaid.value.errors] == ["by_law"]
    handover = offer(alpha, accepted, to=to, shares=shares, agreement=agreement, by_law=by_law)
    assert handover.allowed_by == allowed_by


def test_where_the_law_opens_nothing_the_student_is_asked_first(alpha: World) -> None:
    """A profession that no row names is a circle of its own, and NO's last row wants agreement."""
    HelperRole.objects.filter(pk=alpha.nurse_role).update(profession="other")
    accepted = taken(alpha)
    with pytest.raises(Invalid):
        offer(alpha, accepted, shares="nothing", agreement="none")
    assert offer(alpha, accepted, shares="nothing", agreement="by_phone").allowed_by == "agreement"


def test_every_wrong_field_is_named(alpha: World) -> None:
    accepted = taken(alpha)
    with pytest.raises(Invalid) as refused:
        operations.offer_handover(
            by=alpha.actor("nurse"), request_id=accepted.request_id, to=Receiver(), reason=" ", shares="x",
            agreement="y",
        )  # fmt: skip
    assert {error.field for error in refused.value.errors} == {"to", "reason", "shares", "agreement"}
    with pytest.raises(Invalid) as refused:
        offer(alpha, accepted, shares="summary")
    assert [error.field for error in refused.value.errors] == ["summary"]


# --- which words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "opens"),
    [
        ("everything", [SECRET, "Hei, jeg er her", LATER, "Etter"]),
        ("onward", [LATER, "Etter"]),
        ("summary", ["Etter"]),
        ("nothing", ["Etter"]),
    ],
)
def test_the_receiver_reads_from_where_the_student_agreed_in_page_search_and_count(
    alpha: World, shares: str, opens: list[str]
) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, shares=shares, summary=SUMMARY if shares == "summary" else "")
    writes(accepted, LATER)
    if shares not in ("everything", "onward"):
        with pytest.raises(Conflict) as unread:
            accept(alpha, handover)
        assert unread.value.code == "unread"
        reads(alpha, "nurse", accepted)
    accept(alpha, handover)
    writes(accepted, "Etter")
    assert reads(alpha, "counsellor", accepted) == opens
    carl = alpha.actor("counsellor")
    for words, text in ((SECRET, SECRET), (LATER, LATER), ("Etter", "Etter")):
        found = search(by=carl, words=words[:40])
        assert bool(found.ids) is (text in opens), words
    opened = operations.read_conversation(by=carl, request_id=accepted.request_id)
    assert opened.closed_before == 4 - len(opens)
    student = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert [line.text for line in student.lines] == [SECRET, "Hei, jeg er her", LATER, "Etter"]


def test_nobody_hands_on_more_than_they_could_read(alpha: World) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="nothing"))
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei fra Carl")
    again = offer(alpha, accepted, by="counsellor", to="other_nurse", shares="everything")
    accept(alpha, again, "other_nurse")
    assert reads(alpha, "other_nurse", accepted) == ["Hei fra Carl"]


def test_a_colleague_of_the_new_door_and_who_is_let_in_read_no_more_than_the_holder(alpha: World) -> None:
    other = another_counsellor(alpha)
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="nothing"))
    operations.release(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    opened = operations.read_conversation(by=other, request_id=accepted.request_id)
    assert (opened.lines, opened.closed_before) == ((), 2)


def test_whom_the_old_holder_let_in_reads_no_more(alpha: World) -> None:
    accepted = taken(alpha)
    walls.give_grant(
        by=alpha.actor("nurse"), case_key_id=row(accepted).case_key_id,
        account_id=alpha.people["other_nurse"], basis="need", reason="sammen", last_day=row(accepted).opened_at.date(),
    )  # fmt: skip
    assert reads(alpha, "other_nurse", accepted)
    accept(alpha, offer(alpha, accepted, shares="nothing"))
    assert Grant.objects.get().withdrawn_at is not None
    with pytest.raises(NotFound):
        reads(alpha, "other_nurse", accepted)


def test_two_persons_open_the_whole_also_what_the_holder_may_not_read(alpha: World) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="nothing"))
    asked = walls.ask_opening(
        by=alpha.actor("lead"), number=accepted.case_number, basis="court", scope="with_log", reason="Vedtak 1",
        reader_id=alpha.people["other_nurse"], hours=2,
    )  # fmt: skip
    walls.confirm_opening(by=alpha.actor("admin"), opening_id=asked.pk)
    taken_out = operations.take_out(by=alpha.actor("other_nurse"), request_id=accepted.request_id)
    assert taken_out.lines[0].text == SECRET
    chain = operations.read_chain(by=alpha.actor("other_nurse"), request_id=accepted.request_id)
    assert [one.reason for one in chain.values()] == [WHY]


def test_the_receiver_reads_the_reason_before_answering_and_no_word_of_the_student(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, shares="summary", summary=SUMMARY)
    carl = alpha.actor("counsellor")
    opened = operations.read_offer(by=carl, request_id=accepted.request_id)
    assert (opened.reason, opened.summary) == (WHY, SUMMARY)
    (log,) = ReadEntry.objects.filter(what="handover")
    assert (log.why, log.actor_id, log.role_id) == ("offered", carl.id, alpha.counsellor_role)
    with pytest.raises(NotAllowed):
        reads(alpha, "counsellor", accepted)
    assert not operations.read_chain(by=carl, request_id=accepted.request_id)
    operations.decline_handover(by=carl, handover_id=handover.pk)
    for asks in (operations.read_offer, operations.read_conversation):
        with pytest.raises(NotFound):
            asks(by=carl, request_id=accepted.request_id)


def test_nothing_of_a_handover_is_in_audit_mail_or_log(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, shares="summary", summary=SUMMARY, walk_along=True)
    operations.decline_handover(
        by=alpha.actor("counsellor"), handover_id=handover.pk, why="Jeg kjenner familien"
    )
    said = str([list(model.objects.values()) for model in (Entry, Message, ReadEntry, Promise)])
    for words in (WHY, SUMMARY, "Jeg kjenner familien", SECRET):
        assert words not in said


# --- the student's no ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("reached", ["offered", "accepted", "contacted"])
def test_the_student_says_no_and_it_is_the_old_holders(alpha: World, reached: str) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, shares="onward")
    if reached != "offered":
        accept(alpha, handover)
    if reached == "contacted":
        operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei")
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert (state(handover), holder(accepted), row(accepted).role_id) == ("refused", "Nora", alpha.nurse_role)
    assert told("contact/handover_back") == ["Nora"]
    assert told("contact/handover_gone") == ["Carl"]
    assert reads(alpha, "nurse", accepted)[0] == SECRET
    (waits,) = [one for one in promises_of(accepted.request_id) if not (one.answered_at or one.ended_at)]
    assert waits.role_id == alpha.nurse_role
    with pytest.raises(NotFound):
        reads(alpha, "counsellor", accepted)
    assert operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id) is None


def test_the_old_holder_has_left_meanwhile_and_the_door_answers(alpha: World) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    setup.close_person(account_id=alpha.people["nurse"], by=MACHINE)
    operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert (holder(accepted), row(accepted).role_id) == (None, alpha.nurse_role)
    assert told("contact/handover_back") == ["Signe"]


# --- away and gone -----------------------------------------------------------------------------------------


def test_whoever_is_away_cannot_be_asked_today(alpha: World) -> None:
    from tenants.presence import operations as presence

    accepted = taken(alpha)
    day = row(accepted).opened_at.date()
    presence.begin_absence(
        by=MACHINE, account_id=alpha.people["counsellor"], first_day=day, last_day=day + timedelta(days=3)
    )
    for to in ("counsellor", "role"):
        with pytest.raises(Invalid) as refused:
            offer(alpha, accepted, to=to)
        assert [error.field for error in refused.value.errors] == ["to"]


@pytest.mark.parametrize("to", ["counsellor", "role"])
def test_when_the_one_who_was_asked_leaves_it_is_back_at_once(alpha: World, to: str) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, to=to)
    setup.close_person(account_id=alpha.people["counsellor"], by=MACHINE)
    assert (state(handover), holder(accepted)) == ("declined", "Nora")
    assert told("contact/handover_back") == ["Nora"]


def test_when_the_one_who_offered_leaves_the_offer_stands_with_the_new_holder(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted)
    setup.close_person(
        account_id=alpha.people["nurse"],
        takers={accepted.request_id: alpha.people["second_nurse"]},
        by=MACHINE,
    )
    assert (state(handover), holder(accepted)) == ("offered", "Signe")
    operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)
    assert told("contact/handover_back") == ["Signe"]


def test_an_offer_to_whoever_gets_it_otherwise_is_none_any_more(alpha: World) -> None:
    accepted = taken(alpha)
    handover = offer(alpha, accepted, to="second_nurse")
    operations.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    assert (state(handover), holder(accepted)) == ("withdrawn", "Signe")


def test_the_chain_says_who_had_it_and_the_choices_who_could(alpha: World) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    offer_back: Callable[[], Handover] = lambda: offer(  # noqa: E731
        alpha, accepted, by="counsellor", to="nurse", shares="nothing"
    )
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei")
    accept(alpha, offer_back(), "nurse")
    chain = handover_queries.chain(accepted.request_id)
    assert [(one.from_account.get_short_name(), one.accepted_by.get_short_name()) for one in chain] == [
        ("Nora", "Carl"),
        ("Carl", "Nora"),
    ]
    found = handover_queries.choices(alpha.actor("nurse"), row(accepted))
    assert [one.name for one in found.people] == ["Signe Alfa", "Olga Alfa", "Carl Alfa"]
    assert {one.door for one in found.roles} == {
        (alpha.nurse_role, alpha.other_school), (alpha.counsellor_role, alpha.school)
    }  # fmt: skip
