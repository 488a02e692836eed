"""The student's no to an adult: it can be said as long as that adult has the conversation, and it lasts."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine

from kernel.actor import MACHINE
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox.models import Message
from kernel.people.models import Account
from services.contact import operations, queries
from services.contact.handover_queries import said_no_to
from services.contact.models import Handover
from services.contact.operations import Accepted, Receiver
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.models import Lead, Post
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, read_and_close, visitor
from tests.services.contact.test_handover import accept, holder, offer, reads, row, state, taken, told, writes


def says_no(accepted: Accepted, **said: Any) -> Handover | None:
    return operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id, **said)


def with_carl(world: World, accepted: Accepted) -> Handover:
    """Nora has handed it to Carl, who has written."""
    handover = accept(world, offer(world, accepted))
    operations.reply(by=world.actor("counsellor"), request_id=accepted.request_id, text="Hei, jeg er Carl")
    return handover


def runs(accepted: Accepted) -> bool:
    return Promise.objects.filter(STANDING, subject_id=accepted.request_id).exists()


def runs_out(accepted: Accepted, clock: time_machine.Traveller) -> None:
    standing = Promise.objects.filter(STANDING, subject_id=accepted.request_id)
    clock.move_to(max(one.due_at for one in standing) + timedelta(minutes=2))
    break_due()


def opened(alpha: World, at: Any, accepted: Accepted) -> Any:
    client = at(alpha.alpha, headers={"accept-language": "en"})
    client.post("/receipt/", {"receipt": accepted.receipt})
    return client


# --- to whom it can be said -------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", ["withdrawn", "declined", "expired", "refused"])
def test_the_no_to_whoever_has_it_outlives_an_offer_that_came_to_nothing(
    alpha: World, at: Any, clock: time_machine.Traveller, ended: str
) -> None:
    accepted = taken(alpha)
    first = with_carl(alpha, accepted)
    second = offer(alpha, accepted, by="counsellor", to="second_nurse")
    if ended == "withdrawn":
        operations.withdraw_handover(by=alpha.actor("counsellor"), handover_id=second.pk)
    elif ended == "declined":
        operations.decline_handover(by=alpha.actor("second_nurse"), handover_id=second.pk)
    elif ended == "refused":
        says_no(accepted)
    else:
        clock.move_to(second.promise.due_at + timedelta(minutes=2))
        break_due()
    assert (state(first), state(second), holder(accepted)) == ("contacted", ended, "Carl")
    client = opened(alpha, at, accepted)
    assert "I don't want Carl" in client.get("/conversation/").content.decode().replace("&#x27;", "'")
    assert "Do you want Carl to answer you?" in client.get("/conversation/refuse/").content.decode()
    answer = client.post(
        "/api/v1/receipts/handover/refuse", {"receipt": accepted.receipt, "number": 1}, content_type="application/json"
    )  # fmt: skip
    assert answer.status_code == 200
    assert (state(first), holder(accepted)) == ("refused", "Nora")


def test_a_second_click_and_an_offer_withdrawn_meanwhile_are_no_no_to_somebody_else(alpha: World) -> None:
    accepted = taken(alpha)
    first = with_carl(alpha, accepted)
    second = offer(alpha, accepted, by="counsellor", to="second_nurse")
    accept(alpha, second, "second_nurse")
    for _click in range(2):
        says_no(accepted, number=2)
        says_no(accepted)
        assert (state(first), state(second), holder(accepted)) == ("contacted", "refused", "Carl")
    third = offer(alpha, accepted, by="counsellor", to="other_nurse")
    operations.withdraw_handover(by=alpha.actor("counsellor"), handover_id=third.pk)
    assert says_no(accepted, number=3) is None
    assert (state(first), holder(accepted)) == ("contacted", "Carl")


def test_the_form_says_whom_the_no_is_about(alpha: World, at: Any) -> None:
    accepted = taken(alpha)
    with_carl(alpha, accepted)
    client = opened(alpha, at, accepted)
    assert 'name="number" value="1"' in client.get("/conversation/refuse/").content.decode()


def test_the_api_answers_what_becomes_of_the_unread_like_the_page(alpha: World, at: Any) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    writes(accepted, "Jeg vil ikke ha Carl")
    client, where = at(alpha.alpha), "/api/v1/receipts/handover/refuse"
    unsaid = client.post(where, {"receipt": accepted.receipt}, content_type="application/json")
    assert unsaid.status_code == 422
    assert [error["field"] for error in unsaid.json()["errors"]] == ["unread"]
    assert holder(accepted) == "Carl"
    said = client.post(where, {"receipt": accepted.receipt, "unread": True}, content_type="application/json")
    assert (said.status_code, said.json()["handover"]["state"]) == (200, "refused")
    assert "Jeg vil ikke ha Carl" in reads(alpha, "nurse", accepted)


# --- and it lasts -----------------------------------------------------------------------------------------


def said_no_to_signe(alpha: World) -> Accepted:
    """Nora and Signe share a door. Nora handed it to Signe; the student said no, and it is Nora's again."""
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    reads(alpha, "nurse", accepted)
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    says_no(accepted)
    assert holder(accepted) == "Nora"
    return accepted


def test_a_promise_that_breaks_gives_it_to_nobody_the_student_said_no_to(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = said_no_to_signe(alpha)
    Message.objects.all().delete()
    runs_out(accepted, clock)
    assert (row(accepted).taken_by, row(accepted).state) == (None, "waiting")
    assert not Message.objects.filter(account_id=alpha.people["second_nurse"]).exists()
    assert Message.objects.filter(account_id=alpha.people["lead"]).exists()


def test_the_door_is_none_of_theirs_while_it_is_free(alpha: World) -> None:
    accepted, signe = said_no_to_signe(alpha), alpha.actor("second_nurse")
    operations.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    Message.objects.all().delete()
    assert not queries.visible_to(signe).exists()
    for act in (operations.take, operations.read_conversation):
        with pytest.raises(NotFound):
            act(by=signe, request_id=accepted.request_id)
    with pytest.raises(Conflict):
        operations.hand_on(by=alpha.actor("admin"), item_id=accepted.request_id, to=signe.id)
    writes(accepted, "Er det noen der?")
    assert told("contact/message") == ["Nora"]
    assert reads(alpha, "nurse", accepted)


def test_they_are_asked_again_only_by_name_and_with_the_students_yes(alpha: World) -> None:
    accepted = said_no_to_signe(alpha)
    with pytest.raises(Invalid) as lost:
        offer(alpha, accepted, to="second_nurse", shares="nothing", agreement="none")
    assert [error.field for error in lost.value.errors] == ["agreement"]
    assert said_no_to(accepted.request_id) == {alpha.people["second_nurse"]}
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    assert (holder(accepted), said_no_to(accepted.request_id)) == ("Signe", frozenset())


def test_a_role_that_is_asked_is_not_they(alpha: World) -> None:
    accepted = taken(alpha)
    with_carl(alpha, accepted)
    says_no(accepted)
    Post.objects.create(
        account_id=alpha.people["other_nurse"], role_id=alpha.counsellor_role, school_id=alpha.school,
        starts_on=Post.objects.filter(account_id=alpha.people["counsellor"]).values_list("starts_on", flat=True)[0],
    )  # fmt: skip
    to = Receiver(role_id=alpha.counsellor_role, school_id=alpha.school)
    asked = operations.offer_handover(
        by=alpha.actor("nurse"), request_id=accepted.request_id, to=to, reason="Grunn", shares="nothing",
        agreement="in_talk",
    )  # fmt: skip
    assert not queries.visible_to(alpha.actor("counsellor")).exists()
    with pytest.raises(NotFound):
        operations.accept_handover(by=alpha.actor("counsellor"), handover_id=asked.pk)
    assert told("contact/offered") == ["Carl", "Olga"]


def test_a_no_to_another_gives_it_to_the_one_the_page_names(
    alpha: World, clock: time_machine.Traveller
) -> None:
    """Carl gave it back to Nora, to whom the student said no; then to Carl as well, knowing that Nora answers then."""
    accepted = taken(alpha)
    with_carl(alpha, accepted)
    accept(alpha, offer(alpha, accepted, by="counsellor", to="nurse"), "nurse")
    says_no(accepted, number=2)
    assert (holder(accepted), said_no_to(accepted.request_id)) == ("Carl", {alpha.people["nurse"]})
    says_no(accepted, number=1)
    assert (holder(accepted), said_no_to(accepted.request_id)) == ("Nora", {alpha.people["counsellor"]})


@pytest.mark.parametrize("ends", ["close", "withdraw"])
def test_what_ended_before_the_first_word_can_be_said_no_to_once_the_student_asks_again(
    alpha: World, at: Any, clock: time_machine.Traveller, ends: str
) -> None:
    accepted, carl = taken(alpha), alpha.actor("counsellor")
    handover = accept(alpha, offer(alpha, accepted))
    if ends == "close":
        read_and_close(by=carl, request_id=accepted.request_id, outcome="not_reached")
    else:
        operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    assert (state(handover), says_no(accepted)) == ("over", None), "closed: nobody has it by a no"

    def asks() -> bool:
        page = opened(alpha, at, accepted).get("/conversation/").content.decode()
        return "I don't want Carl" in unescape(page)

    assert not asks()
    clock.shift(timedelta(minutes=5))
    operations.student_writes(
        by=visitor(accepted), request_id=accepted.request_id, text="Er du der?", still_need_help=True
    )
    assert asks()
    assert says_no(accepted, unread_too=True) is not None
    assert (state(handover), holder(accepted), runs(accepted)) == ("refused", "Nora", True)
    assert said_no_to(accepted.request_id) == {carl.id}
    assert not queries.visible_to(carl).filter(pk=accepted.request_id).exists()
    assert reads(alpha, "nurse", accepted)[-1] == "Er du der?"


# --- and somebody is on the clock -------------------------------------------------------------------------


def test_back_after_a_broken_promise_a_clock_runs_for_the_old_holder(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    runs_out(accepted, clock)
    writes(accepted, "Er det noen der?")
    says_no(accepted, unread_too=True)
    assert runs(accepted)


def test_stepping_aside_after_a_broken_promise_leaves_a_clock(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    runs_out(accepted, clock)
    assert holder(accepted) == "Signe"
    operations.recuse(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    assert (holder(accepted), runs(accepted)) == (None, True)


def test_who_steps_aside_from_what_is_closed_has_it_no_more_until_they_undo_it(alpha: World) -> None:
    accepted, carl = taken(alpha), alpha.actor("counsellor")
    with_carl(alpha, accepted)
    reach_and_close(by=carl, request_id=accepted.request_id, outcome="helped")
    said = operations.Settling(because="Ingen journal")
    if row(accepted).records_due.filter(settled="").exists():
        operations.settle_record(by=carl, request_id=accepted.request_id, said=said)
    operations.recuse(by=carl, request_id=accepted.request_id)
    assert (row(accepted).taken_by, row(accepted).state) == (None, "closed")
    assert operations.undo_recusal(by=carl, request_id=accepted.request_id)
    assert (row(accepted).taken_by_id, row(accepted).state) == (carl.id, "closed")


@pytest.mark.parametrize("left", ["Lena", "nobody else"])
def test_those_in_charge_hear_of_it_without_whom_the_student_said_no_to_unless_nobody_else_is_left(
    alpha: World, left: str
) -> None:
    signe = alpha.people["second_nurse"]
    setup.appoint_lead(account_id=signe, school_id=alpha.school, by=MACHINE)
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    says_no(accepted)
    Post.objects.filter(role_id=alpha.nurse_role).update(ends_on="2026-09-14")
    if left != "Lena":
        Lead.objects.exclude(account_id=signe).delete()
        Account.objects.update(is_administrator=False)
    Message.objects.all().delete()
    writes(accepted, "Hallo?")
    assert told("contact/nobody_there") == ["Lena" if left == "Lena" else "Signe"]
