"""The student's yes to the next door: what moves, what stays broken, who reads what, and what comes in between."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from kernel import clock as kernel_clock
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact import queries as requests
from services.contact.handover_queries import closed_spans, is_unread, said_no_to, standing_handover
from services.contact.models import ContactRequest, Handover, NextDoor
from services.contact.said_no import doors_said_no_to
from services.desk import queries as desk
from services.insights import queries as insights
from services.nextdoor import operations
from services.nextdoor.queries import offered, what_broke
from services.promises.models import STANDING, Promise
from services.promises.sweep import break_due
from services.retention import operations as retention
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import SECRET, knock, read_and_close, visitor
from tests.services.contact.test_handover import (
    accept,
    another_counsellor,
    holder,
    offer,
    reads,
    row,
    taken,
    told,
    writes,
)
from tests.services.nextdoor.people import breaks, says_yes
from tests.services.retention.conftest import decided as decided

pytestmark = pytest.mark.django_db


def test_a_yes_sends_it_on_with_a_new_promise_and_what_broke_stays_broken(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    broken = breaks(accepted, clock)
    sent = says_yes(alpha, accepted)
    request = row(accepted)
    assert (request.role_id, request.state, request.taken_by_id) == (alpha.counsellor_role, "waiting", None)
    standing = Promise.objects.get(STANDING, subject_id=accepted.request_id)
    assert standing == sent.promise
    assert (standing.kind, standing.role_id) == ("handover", alpha.counsellor_role)
    assert standing.due_at > broken.due_at
    contact.reply(by=alpha.actor("counsellor"), request_id=request.pk, text="Hei, jeg er Carl")
    broken.refresh_from_db()
    standing.refresh_from_db()
    assert standing.kept_at is not None
    assert (broken.kept_at, broken.broken_at is not None, broken.role_id) == (None, True, alpha.nurse_role)


def test_the_figures_of_the_lead_keep_the_broken_promise_at_its_own_door(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    before = insights.score(alpha.actor("lead"), clock_now())
    says_yes(alpha, accepted)
    contact.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text="Hei")
    assert before.any_broken
    assert insights.score(alpha.actor("lead"), clock_now()).any_broken
    kept_out = requests.visible_to(alpha.actor("lead")).filter(pk=accepted.request_id)
    assert not kept_out.exists(), "a lead sees clock and role, and no conversation"


def clock_now() -> datetime:

    return kernel_clock.now()


def test_the_old_door_reads_nothing_any_more_and_the_new_one_all_of_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted, text="Jeg venter fortsatt")
    for who in ("nurse", "second_nurse"):
        with pytest.raises(NotFound):
            reads(alpha, who, accepted)
    assert reads(alpha, "counsellor", accepted) == [SECRET, "Jeg venter fortsatt"]


def test_only_from_now_on_keeps_what_was_written_closed_to_the_new_door(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted, shares="onward", text="Hei, jeg heter Ola")
    assert reads(alpha, "counsellor", accepted) == ["Hei, jeg heter Ola"]
    student = contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert [line.text for line in student.lines] == [SECRET, "Hei, jeg heter Ola"]


def test_nobody_is_sent_on_more_than_whoever_had_it_could_read(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="onward"))
    writes(accepted, "Til Carl")
    breaks(accepted, clock)
    says_yes(alpha, accepted, role_id=alpha.nurse_role)
    assert reads(alpha, "nurse", accepted) == ["Til Carl"]


def test_what_adults_wrote_beside_it_stays_closed_whatever_is_shared(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    sent = says_yes(alpha, accepted)
    spans = closed_spans(accepted.request_id)
    assert spans.hold(sent.at)
    assert spans.hold(sent.at + timedelta(seconds=59)), "a student's act is known to the minute"
    assert not spans.hold(sent.at + timedelta(minutes=2))


def test_the_new_door_is_told_and_whoever_had_it_that_it_is_no_more_theirs(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    had_it = holder(accepted)
    assert had_it in ("Nora", "Signe"), "a substitute took over"
    Message.objects.all().delete()
    says_yes(alpha, accepted)
    assert told("contact/knock") == ["Carl"]
    assert told("nextdoor/gone") == [had_it]


def test_the_same_yes_twice_sends_it_once(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    first, second = says_yes(alpha, accepted), says_yes(alpha, accepted)
    assert first.pk == second.pk
    assert Promise.objects.filter(subject_id=accepted.request_id, kind="handover").count() == 1
    assert Entry.objects.filter(verb="nextdoor.ask").count() == 1


def test_another_yes_in_another_tab_is_a_conflict_in_words(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted)
    with pytest.raises(Conflict) as refused:
        says_yes(alpha, accepted, role_id=alpha.nurse_role)
    assert refused.value.code == "asked"
    assert row(accepted).role_id == alpha.counsellor_role


def test_an_adult_who_answered_first_wins_and_nothing_moves(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    contact.reply(by=alpha.actor("nurse" if holder(accepted) == "Nora" else "second_nurse"),
                  request_id=accepted.request_id, text="Unnskyld!")  # fmt: skip
    with pytest.raises(Conflict) as refused:
        says_yes(alpha, accepted)
    assert refused.value.code == "answered"
    assert row(accepted).role_id == alpha.nurse_role
    assert not NextDoor.objects.exists()


def test_an_adult_who_answers_after_the_yes_finds_nothing(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted)
    with pytest.raises(NotFound):
        contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Unnskyld!")


def test_a_promise_that_stands_offers_nothing(alpha: World) -> None:
    accepted = knock(alpha)
    assert what_broke(row(accepted)) is None
    with pytest.raises(Conflict):
        says_yes(alpha, accepted)


def test_a_yes_before_the_sweep_breaks_it_first(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    broken = breaks(accepted, clock, sweeps=False)
    assert broken.broken_at is None
    says_yes(alpha, accepted)
    broken.refresh_from_db()
    assert broken.broken_at is not None
    assert told("promises/broken"), "the lead hears of it as of any other"
    assert break_due().marked == 0


def test_a_closed_or_withdrawn_conversation_is_not_sent_on(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    with pytest.raises(Conflict) as refused:
        says_yes(alpha, accepted)
    assert refused.value.code == "closed"


def test_only_its_student_says_yes_or_waits(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    for who in ("nurse", "counsellor", "lead", "admin"):
        for act in (
            lambda by: operations.ask(
                by=by, request_id=accepted.request_id, role_id=alpha.counsellor_role, shares="everything"
            ),
            lambda by: operations.wait(by=by, request_id=accepted.request_id),
        ):
            with pytest.raises((NotFound, NotAllowed)):
                act(alpha.actor(who))
    with pytest.raises(NotFound):
        operations.ask(
            by=visitor(knock(alpha)),
            request_id=accepted.request_id,
            role_id=alpha.counsellor_role,
            shares="onward",
        )


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"role_id": None}, "role"),
        ({"role_id": uuid4()}, "role"),
        ({"shares": ""}, "shares"),
        ({"shares": "all"}, "shares"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_moves(
    alpha: World, clock: time_machine.Traveller, said: dict[str, object], field: str
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    with pytest.raises(Invalid) as refused:
        says_yes(alpha, accepted, **said)
    assert field in {error.field for error in refused.value.errors}
    assert row(accepted).role_id == alpha.nurse_role


# --- which doors --------------------------------------------------------------------------------------------


def test_nobody_at_the_next_door_then_it_is_not_offered(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    assert [door.role.id for door in offered(row(accepted))] == [alpha.counsellor_role]
    day = clock_now().date()
    presence.begin_absence(
        account_id=alpha.people["counsellor"], first_day=day, last_day=day + timedelta(days=60),
        by=alpha.actor("counsellor"),
    )  # fmt: skip
    assert offered(row(accepted)) == []
    with pytest.raises(Invalid):
        says_yes(alpha, accepted)


def test_a_door_whose_only_adult_the_student_said_no_to_is_not_offered(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    handover = accept(alpha, offer(alpha, accepted))
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert handover.state == "accepted"
    breaks(accepted, clock)
    assert offered(row(accepted)) == []


def test_who_was_only_asked_when_the_student_said_no_stays_kept_out(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    breaks(accepted, clock)
    assert offered(row(accepted)) == [], "Carl alone answers there"
    with pytest.raises(Invalid):
        says_yes(alpha, accepted)
    another_counsellor(alpha)
    (door,) = offered(row(accepted))
    assert door.without == {alpha.people["counsellor"]}
    says_yes(alpha, accepted)
    carl = alpha.actor("counsellor")
    assert not requests.visible_to(carl).filter(pk=accepted.request_id).exists()
    for act in (contact.take, contact.read_conversation):
        with pytest.raises(NotFound):
            act(by=carl, request_id=accepted.request_id)
    assert reads(alpha, "other_nurse", accepted)[0] == SECRET


def test_whom_the_student_agrees_to_have_again_is_kept_out_no_more(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted)
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    offer(alpha, accepted)
    contact.withdraw_handover(by=alpha.actor("nurse"), handover_id=Handover.objects.get(state="offered").pk)
    assert said_no_to(accepted.request_id) == {alpha.people["counsellor"]}
    accept(alpha, offer(alpha, accepted))
    assert said_no_to(accepted.request_id) == frozenset()


def test_a_role_the_student_said_no_to_before_anybody_took_it_over_is_not_offered(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted, to="their role")
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    another_counsellor(alpha)
    breaks(accepted, clock)
    assert offered(row(accepted)) == []
    with pytest.raises(Invalid):
        says_yes(alpha, accepted)


def test_the_receipt_by_api_names_the_roles_that_are_offered_and_no_other(
    alpha: World, at: Any, clock: time_machine.Traveller
) -> None:
    def named(address: str) -> Any:
        said = {"receipt": accepted.receipt}
        return at(alpha.alpha).post(address, said, content_type="application/json").json()

    def roles() -> list[str]:
        return [role["id"] for role in named("/api/v1/receipts/open")["next_door"]["roles"]]

    accepted = knock(alpha)
    breaks(accepted, clock)
    assert roles() == [str(alpha.counsellor_role)]
    accepted = taken(alpha)
    offer(alpha, accepted, to="their role")
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    breaks(accepted, clock)
    assert roles() == [one["id"] for one in named("/api/v1/receipts/next-door")["offered"]] == []


def test_a_role_is_offered_again_only_to_a_student_who_agreed(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    offer(alpha, accepted, to="their role")
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    door = (alpha.counsellor_role, alpha.school)
    assert doors_said_no_to(accepted.request_id) == {door}
    for to in ("their role", "counsellor"):
        with pytest.raises(Invalid) as refused:
            offer(alpha, accepted, to=to, agreement="none", shares="nothing")
        said = [str(error.message) for error in refused.value.errors]
        assert said == ["The student said no to this role. Ask the student first."]
    offer(alpha, accepted, to="their role", agreement="in_talk")
    assert doors_said_no_to(accepted.request_id) == frozenset()
    contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert doors_said_no_to(accepted.request_id) == {door}


def test_where_it_came_from_is_not_offered_again(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted)
    breaks(accepted, clock)
    assert what_broke(row(accepted)) is not None
    assert offered(row(accepted)) == []


def test_the_order_of_doors_is_the_schools_own_else_that_of_all_else_that_of_the_roles(
    alpha: World, clock: time_machine.Traveller
) -> None:
    third = setup.add_role(
        key="miljo", profession="other", names={"nb": "Miljøterapeut"}, by=MACHINE,
    )  # fmt: skip
    setup.give_post(account_id=alpha.people["outsider"], role_id=third, school_id=alpha.school, by=MACHINE)
    accepted = knock(alpha)
    breaks(accepted, clock)

    def doors() -> list[object]:
        return [door.role.id for door in offered(row(accepted))]

    admin = alpha.actor("admin")
    assert doors() == [alpha.counsellor_role, third]
    operations.set_order(by=admin, school_id=None, roles=[third], never=[])
    assert doors() == [third, alpha.counsellor_role], "one that is not in it comes after"
    operations.set_order(by=admin, school_id=alpha.school, roles=[alpha.counsellor_role], never=[third])
    assert doors() == [alpha.counsellor_role]
    operations.forget_order(by=admin, school_id=alpha.school)
    assert doors() == [third, alpha.counsellor_role]
    operations.forget_order(by=admin, school_id=None)
    assert doors() == [alpha.counsellor_role, third]


def test_only_administrators_set_the_order(alpha: World) -> None:
    for who in ("nurse", "lead", "outsider"):
        with pytest.raises(NotAllowed):
            operations.set_order(by=alpha.actor(who), school_id=None, roles=[], never=[])
    with pytest.raises(NotFound):
        operations.set_order(by=alpha.actor("admin"), school_id=uuid4(), roles=[], never=[])


# --- waiting, and what comes after ---------------------------------------------------------------------------


def test_a_no_moves_nothing_and_a_yes_can_still_be_said(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    for _again in range(2):
        assert operations.wait(by=visitor(accepted), request_id=accepted.request_id) is not None
    assert row(accepted).role_id == alpha.nurse_role
    sent = says_yes(alpha, accepted)
    assert NextDoor.objects.get() == sent


def test_the_next_promise_breaks_like_any_other(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    says_yes(alpha, accepted)
    again = breaks(accepted, clock)
    assert again.broken_at is not None
    assert holder(accepted) == "Carl", "somebody of the new door takes over by themselves"


def test_a_handover_from_before_can_be_refused_no_more(alpha: World, clock: time_machine.Traveller) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    breaks(accepted, clock)
    says_yes(alpha, accepted, role_id=alpha.nurse_role)
    assert standing_handover(accepted.request_id) is None
    assert contact.refuse_handover(by=visitor(accepted), request_id=accepted.request_id) is None
    assert row(accepted).role_id == alpha.nurse_role


def test_an_offer_that_waits_is_over_when_the_student_asks_the_next_door(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = taken(alpha)
    writes(accepted, "Hører du?")
    reads(alpha, "nurse", accepted)
    contact.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    contact.student_writes(by=visitor(accepted), request_id=accepted.request_id, still_need_help=True)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    handover = offer(alpha, accepted, to="counsellor")
    reopened = Promise.objects.get(STANDING, subject_id=accepted.request_id)
    assert reopened.due_at <= handover.promise.due_at, "else the offer has run out by itself"
    clock.move_to(reopened.due_at + timedelta(seconds=30))
    says_yes(alpha, accepted)
    assert Handover.objects.get(pk=handover.pk).state != "offered"


def test_what_is_kept_from_the_next_door_waits_for_nobody_there(
    decided: World, clock: time_machine.Traveller
) -> None:
    alpha, accepted = decided, knock(decided)
    breaks(accepted, clock)
    says_yes(alpha, accepted, shares="onward", text="Hei")
    carl = alpha.actor("counsellor")
    contact.take(by=carl, request_id=accepted.request_id)
    assert is_unread(row(accepted))
    assert [one.unseen for one in requests.listed(carl, "mine")] == [1]
    assert SECRET not in reads(alpha, "counsellor", accepted)
    contact.reply(by=carl, request_id=accepted.request_id, text="Hei")
    assert not is_unread(row(accepted))
    assert [one.unseen for one in requests.listed(carl, "mine")] == [0]
    assert desk.counts(carl).news == 0
    contact.close(
        by=carl, request_id=accepted.request_id, outcome="helped", said=contact.Settling(recorded_in="X")
    )
    retention.wish_gone(by=visitor(accepted))
    clock.shift(timedelta(days=1200))
    retention.sweep(by=MACHINE)
    assert not ContactRequest.objects.filter(pk=accepted.request_id).exists()


def test_a_calendar_that_never_opens_again_sends_nothing_on(
    alpha: World, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = knock(alpha)
    breaks(accepted, clock)
    role = alpha.counsellor_role
    monkeypatch.setattr("services.promises.due.due_at", lambda *_given: None)
    with pytest.raises(Unavailable):
        operations.ask(by=visitor(accepted), request_id=accepted.request_id, role_id=role, shares="onward")
    assert row(accepted).role_id == alpha.nurse_role


def test_a_named_student_and_one_who_is_called_are_sent_on_with_what_they_gave(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value="99887766", name="Ola")
    breaks(accepted, clock)
    says_yes(alpha, accepted, shares="onward")
    opened = contact.read_conversation(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    assert (opened.name, opened.channel_value, opened.lines) == ("Ola", "99887766", ())


def test_no_door_is_offered_on_somebody_the_student_keeps_out_and_somebody_away(
    alpha: World, clock: time_machine.Traveller
) -> None:
    setup.give_post(
        account_id=alpha.people["outsider"], role_id=alpha.counsellor_role, school_id=alpha.school,
        starts_on=today(), by=MACHINE,
    )  # fmt: skip
    accepted = knock(alpha, not_them=[alpha.people["counsellor"]])
    breaks(accepted, clock)
    assert alpha.counsellor_role in [door.role.id for door in offered(row(accepted))]
    presence.begin_absence(
        account_id=alpha.people["outsider"], first_day=today(), last_day=today() + timedelta(days=90),
        by=MACHINE,
    )  # fmt: skip
    assert alpha.counsellor_role not in [door.role.id for door in offered(row(accepted))]


@pytest.mark.parametrize("shares", ["onward", "everything"])
def test_what_was_wished_at_the_first_door_follows_as_the_student_said(
    alpha: World, clock: time_machine.Traveller, shares: str
) -> None:
    accepted = knock(
        alpha, person_id=alpha.people["nurse"], topic="sleep", message="", channel_kind="phone",
        channel_value="99887766", say_instead="Si at det er fra tannlegen",
    )  # fmt: skip
    breaks(accepted, clock)
    says_yes(alpha, accepted, shares=shares)
    (listed,) = requests.listed(alpha.actor("counsellor"), "waiting")
    assert listed.wished == "", "nobody of this door is the one it was for"
    read = contact.read_conversation(by=alpha.actor("counsellor"), request_id=accepted.request_id).wish
    own = contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id).wish
    assert (own.topic, own.say_instead) == ("sleep", "Si at det er fra tannlegen")
    follows = shares == "everything"
    assert (read.topic, read.say_instead, read.person) == (
        (own.topic, own.say_instead, own.person) if follows else ("", "", "")
    )
