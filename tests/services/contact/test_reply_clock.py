"""What a student writes once they have been answered is promised an answer: reminded of, told, broken, not lost."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel import clock
from kernel.actor import MACHINE
from kernel.audit.models import Entry
from kernel.errors import Conflict, NotAllowed, NotFound, Unavailable
from services.contact import operations
from services.contact.followers import PROMISES
from services.contact.models import ContactRequest
from services.contact.operations import Accepted, answering
from services.contact.standing import standing_of
from services.desk import queries as desk
from services.insights.queries import Score, score
from services.promises.models import Promise
from services.promises.queries import first_contact, next_reply, promises_of
from services.promises.sweep import break_due, remind_due
from services.reach import operations as reach
from tenants.setup import operations as setup
from tests.cast import World
from tests.services.contact.people import NUMBER, TUESDAY, knock, read_and_close, visitor
from tests.services.contact.test_introductions import student
from tests.services.desk.conftest import signed_in
from tests.services.desk.test_case import act, opened, words
from tests.services.promises.test_reminders import away, told

__all__ = ("signed_in", "student")  # fixtures
pytestmark = pytest.mark.django_db
type Traveller = time_machine.Traveller


@pytest.fixture
def office(alpha: World) -> Iterator[Traveller]:
    """Tuesday 10:00 in Oslo; office hours, so that what is written now is due on Thursday at 10."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        setup.change_hours(open_hours={str(day): [["08:00", "16:00"]] for day in range(1, 6)}, by=MACHINE)
        setup.set_guarantee(kind="counted_hours", amount=16, by=MACHINE)
        yield traveller


def answered(world: World, **said: str) -> Accepted:
    """Nora has answered as the student chose."""
    made, nurse = knock(world, **said), world.actor("nurse")
    operations.take(by=nurse, request_id=made.request_id)
    operations.read_conversation(by=nurse, request_id=made.request_id)
    if said:
        operations.record_contact(by=nurse, request_id=made.request_id, kind="phone", outcome="reached")
    else:
        operations.reply(by=nurse, request_id=made.request_id, text="Hei, jeg er her")
    return made


def call(world: World) -> Accepted:
    return answered(world, channel_kind="phone", channel_value=NUMBER)


def writes(made: Accepted, text: str = "En ting til") -> None:
    operations.student_writes(by=visitor(made), request_id=made.request_id, text=text)


def reads(world: World, made: Accepted, who: str = "nurse") -> None:
    operations.read_conversation(by=world.actor(who), request_id=made.request_id)


def waits(made: Accepted) -> Promise | None:
    return next_reply(promises_of(made.request_id))


def row(made: Accepted) -> ContactRequest:
    return ContactRequest.objects.get(pk=made.request_id)


def stands(made: Accepted) -> tuple[str, bool]:
    said = standing_of(
        operations.read_conversation(by=visitor(made), request_id=made.request_id), clock.now()
    )
    return said.word, said.is_reply


def test_new_words_are_promised_an_answer_by_the_doors_own_guarantee(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    assert waits(made) is None
    assert stands(made) == ("answered", False)
    office.shift(timedelta(hours=1))
    writes(made)
    promise = waits(made)
    assert promise is not None
    assert promise.due_at == TUESDAY.replace(second=0) + timedelta(days=2, hours=1)
    assert (promise.school_id, promise.role_id) == (alpha.school, alpha.nurse_role)
    assert stands(made) == ("waiting", True)


def test_more_words_give_no_later_promise(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    writes(made)
    before = waits(made)
    office.shift(timedelta(hours=3))
    writes(made)
    assert waits(made) == before
    assert Promise.objects.filter(subject_id=made.request_id, kind="reply").count() == 1


def test_nothing_is_promised_twice_while_the_first_word_waits(alpha: World, office: Traveller) -> None:
    made = knock(alpha)
    writes(made)
    assert [one.kind for one in promises_of(made.request_id)] == ["first_contact"]


def test_who_never_opens_it_is_reminded_then_the_others_then_the_lead_and_it_breaks(
    alpha: World, office: Traveller
) -> None:
    """The one who has it sits there and never looks: that was told once, and then for thirty days to nobody."""
    made = answered(alpha)
    writes(made)
    steps = []
    for hours in (24.1, 28.1, 46.5):
        office.move_to(TUESDAY + timedelta(hours=hours))
        remind_due()
        steps.append((told("promises/reminder"), told("promises/reminder_lead")))
    assert steps == [
        (["Nora"], []),
        (["Nora", "Nora", "Signe"], []),
        (["Nora", "Nora", "Nora", "Signe", "Signe"], ["Lena"]),
    ]
    office.move_to(TUESDAY + timedelta(days=2, minutes=1))
    assert break_due().marked == 1
    assert told("promises/broken") == ["Lena"]
    assert row(made).taken_by_id == alpha.people["nurse"]
    assert stands(made) == ("broken", True)


def test_it_is_given_to_whoever_is_there_when_the_one_who_had_it_is_gone(
    alpha: World, office: Traveller
) -> None:
    made = answered(alpha)
    writes(made)
    away(alpha, "nurse", days=20)
    office.move_to(TUESDAY + timedelta(days=2, minutes=1))
    break_due()
    assert row(made).taken_by_id == alpha.people["second_nurse"]


def test_words_written_while_nobody_has_it_wait_at_the_door_with_a_clock(
    alpha: World, office: Traveller
) -> None:
    made = answered(alpha)
    operations.release(by=alpha.actor("nurse"), request_id=made.request_id)
    writes(made)
    listed = desk.rows(list(desk.shelf(alpha.actor("second_nurse"), "waiting")))
    assert [one.waits() for one in listed] == [True]


ANSWERS: dict[str, Callable[[World, Accepted], object]] = {
    "a message": lambda world, made: operations.reply(
        by=world.actor("nurse"), request_id=made.request_id, text="Ja"
    ),
    "a call": lambda world, made: operations.record_contact(
        by=world.actor("nurse"), request_id=made.request_id, kind="phone", outcome="reached"
    ),
    "a talk in the corridor": lambda world, made: operations.record_contact(
        by=world.actor("nurse"), request_id=made.request_id, kind="visit", outcome="reached"
    ),
}


@pytest.mark.parametrize("asked", [answered, call], ids=["here", "by phone"])
@pytest.mark.parametrize("how", ANSWERS)
def test_a_word_or_a_talk_answers_it(
    alpha: World, office: Traveller, how: str, asked: Callable[[World], Accepted]
) -> None:
    made = asked(alpha)
    office.shift(timedelta(hours=1))
    writes(made)
    office.shift(timedelta(minutes=5))
    ANSWERS[how](alpha, made)
    assert waits(made) is None
    newest = promises_of(made.request_id)[0]
    assert (newest.kind, newest.outcome, newest.kept_at is not None) == ("reply", "reached", True)
    assert row(made).state == "answered"
    assert stands(made)[0] == "answered"


def test_a_try_in_vain_promises_the_next_try(alpha: World, office: Traveller) -> None:
    made = call(alpha)
    office.shift(timedelta(hours=1))
    writes(made)
    office.shift(timedelta(minutes=5))
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=made.request_id, kind="phone", outcome="attempted"
    )
    running = [one for one in promises_of(made.request_id) if one.answered_at is None]
    assert [one.kind for one in running] == ["retry"]


def test_a_try_in_another_way_answers_nothing(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    office.shift(timedelta(hours=1))
    writes(made)
    office.shift(timedelta(minutes=5))
    operations.record_contact(
        by=alpha.actor("nurse"), request_id=made.request_id, kind="phone", outcome="attempted"
    )
    assert waits(made) is not None


def test_it_is_no_first_contact_in_any_figure_nor_in_what_a_program_reads(
    alpha: World, office: Traveller
) -> None:
    made = answered(alpha)
    writes(made)
    known = promises_of(made.request_id)
    first = first_contact(known)
    assert first is not None
    assert (first.kind, first.kept_at is not None) == ("first_contact", True)
    office.move_to(TUESDAY + timedelta(days=3))
    break_due()
    shown: Score = score(alpha.actor("lead"), clock.now())
    assert not shown.any_broken


def test_a_reply_taken_back_leaves_it_waiting_as_before(alpha: World, office: Traveller) -> None:
    for asked in (answered, call):
        made = asked(alpha)
        office.shift(timedelta(hours=1))
        writes(made)
        before = waits(made)
        assert before is not None
        sent = operations.reply(
            by=alpha.actor("nurse"), request_id=made.request_id, text="Feil", can_undo=True
        )
        assert waits(made) is None
        assert stands(made) == ("waiting", True), "its student sees nothing of it yet"
        seen = operations.read_conversation(by=visitor(made), request_id=made.request_id)
        assert seen.request.state == "answered", "the first word was said all the same"
        operations.withdraw_reply(by=alpha.actor("nurse"), request_id=made.request_id, message_id=sent.pk)
        after = waits(made)
        assert after is not None
        assert (after.pk, after.due_at) == (before.pk, before.due_at)
        assert row(made).state == "answered"


def test_what_was_read_and_needs_no_answer_waits_no_more(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    writes(made, "Tusen takk!")
    with pytest.raises(Conflict) as refused:
        operations.needs_no_answer(by=nurse, request_id=made.request_id)
    assert refused.value.code == "unread"
    reads(alpha, made)
    assert operations.needs_no_answer(by=nurse, request_id=made.request_id)
    assert not operations.needs_no_answer(by=nurse, request_id=made.request_id), "the second click"
    assert waits(made) is None
    assert stands(made) == ("answered", False)
    seen = operations.read_conversation(by=visitor(made), request_id=made.request_id)
    said = standing_of(seen, clock.now())
    assert said.answered_at is not None, "when they were answered stands there"
    assert said.read_at == clock.now()
    office.move_to(TUESDAY + timedelta(days=4))
    assert (remind_due().marked, break_due().marked) == (0, 0)
    assert Entry.objects.filter(verb="contact.needs_no_answer").count() == 1


def test_the_next_words_are_promised_an_answer_again(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    writes(made, "Takk")
    reads(alpha, made)
    operations.needs_no_answer(by=nurse, request_id=made.request_id)
    office.shift(timedelta(days=1))
    writes(made, "Nå er det verre")
    promise = waits(made)
    assert promise is not None
    assert promise.due_at == TUESDAY.replace(second=0) + timedelta(days=3)


def test_it_is_undone_for_a_minute_with_the_same_due_time(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    writes(made)
    before = waits(made)
    assert before is not None
    reads(alpha, made)
    operations.needs_no_answer(by=nurse, request_id=made.request_id)
    office.shift(timedelta(seconds=50))
    assert operations.undo_needs_no_answer(by=nurse, request_id=made.request_id)
    assert not operations.undo_needs_no_answer(by=nurse, request_id=made.request_id), "the second click"
    after = waits(made)
    assert after is not None
    assert (after.pk, after.due_at) == (before.pk, before.due_at)
    operations.needs_no_answer(by=nurse, request_id=made.request_id)
    office.shift(timedelta(seconds=61))
    with pytest.raises(Conflict):
        operations.undo_needs_no_answer(by=nurse, request_id=made.request_id)


def test_only_the_one_who_has_it_says_so(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    writes(made)
    reads(alpha, made)
    for who in ("second_nurse", "lead", "admin"):
        with pytest.raises((NotAllowed, NotFound)):
            operations.needs_no_answer(by=alpha.actor(who), request_id=made.request_id)
    assert waits(made) is not None


def test_what_broke_stays_broken_and_waits_no_more(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    writes(made)
    reads(alpha, made)
    office.move_to(TUESDAY + timedelta(days=3))
    operations.needs_no_answer(by=alpha.actor("nurse"), request_id=made.request_id)  # before the sweep came
    (promise,) = (one for one in promises_of(made.request_id) if one.kind == "reply")
    assert promise.broken_at is not None
    assert told("promises/broken") == ["Lena"]
    assert stands(made)[0] == "answered"


def test_closing_ends_it_and_undo_brings_it_back(alpha: World, office: Traveller) -> None:
    made, nurse = answered(alpha), alpha.actor("nurse")
    writes(made)
    before = waits(made)
    assert before is not None
    read_and_close(by=nurse, request_id=made.request_id, outcome="helped")
    assert waits(made) is None
    operations.undo_close(by=nurse, request_id=made.request_id)
    after = waits(made)
    assert after is not None
    assert after.due_at == before.due_at


def test_a_friends_words_are_promised_an_answer_as_well(alpha: World, office: Traveller) -> None:
    made = answered(alpha)
    friend = reach.invite_friend(by=visitor(made), request_id=made.request_id, tag="Sam", reads_all=False)
    reach.friend_writes(by=reach.enter_as_friend(reach.code_of(friend)), text="Det er verre enn hun sier")
    assert waits(made) is not None


def test_a_calendar_that_cannot_say_when_keeps_no_words_out(
    alpha: World, office: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = answered(alpha)

    def never(**_given: object) -> None:
        raise Unavailable()

    monkeypatch.setattr(answering.promises, "give", never)
    writes(made, "Dette skal ikke bli borte")
    reads(alpha, made)
    assert "Dette skal ikke bli borte" in " ".join(
        line.text for line in operations.read_conversation(by=visitor(made), request_id=made.request_id).lines
    )


def test_its_student_takes_it_home_in_words(alpha: World) -> None:
    assert "reply" in PROMISES.words["promises.Promise.kind"]


def test_the_desk_says_it_and_lets_it_be_said_that_none_is_needed(
    alpha: World, signed_in: Callable, office: Traveller
) -> None:
    made, nora = call(alpha), signed_in("nurse", "en")
    assert "No answer needed" not in opened(nora, made)
    writes(made)
    html = opened(nora, made)
    assert "Answer what the student wrote by Thursday 17 September at 10:00." in html
    assert "No answer needed" in html
    assert "A message here does not stop the clock." not in html
    assert "stands by" not in html
    said = words(nora.post(f"/desk/{made.request_id}/no-answer/", {"text": "Et halvt svar"}))
    assert "Written down: it needs no answer." in said
    assert "Et halvt svar" in said, "what was typed beside it stays"
    assert "No answer needed" not in opened(nora, made)
    assert act(nora, made, "no-answer/undo").status_code == 302
    assert "The student waits for your answer, as before." in opened(nora, made)
    assert waits(made) is not None


def test_its_student_reads_that_it_was_read_and_that_they_may_ask(
    alpha: World, office: Traveller, student: Callable[[Accepted], Client]
) -> None:
    made = call(alpha)
    writes(made, "Tusen takk!")
    reads(alpha, made)
    office.shift(timedelta(minutes=5))
    operations.needs_no_answer(by=alpha.actor("nurse"), request_id=made.request_id)
    html = words(student(made).get("/conversation/"))
    assert "An adult read what you wrote" in html
    assert "Do you want an answer? Write it here, and you get one." in html
    assert "We answered you" not in html
    writes(made, "Ja, jeg vil ha svar")
    assert "You hear from us by" in words(student(made).get("/conversation/"))


def test_its_student_reads_by_when(
    alpha: World, office: Traveller, student: Callable[[Accepted], Client]
) -> None:
    made = call(alpha)
    writes(made)
    html = words(student(made).get("/conversation/"))
    assert "Thursday 17 September at 10:00" in html.split("You hear from us by", 1)[1][:120]
    assert "You chose:" not in html
    assert "The answer comes here." in html


def test_who_closes_is_told_that_an_answer_is_waited_for(
    alpha: World, signed_in: Callable, office: Traveller
) -> None:
    made, nora = answered(alpha), signed_in("nurse", "en")
    assert "The student waits for this answer." not in words(nora.get(f"/desk/{made.request_id}/close/"))
    writes(made)
    html = words(nora.get(f"/desk/{made.request_id}/close/"))
    assert "Answer what the student wrote by Thursday 17 September at 10:00." in html
    assert "The student waits for this answer." in html
