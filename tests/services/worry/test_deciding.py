"""Raise, write down, correct, close, open again; its clock; its deputy."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kernel.actor import MACHINE, NOBODY
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.outbox.models import Message
from services.contact import following
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.contact.operations import Accepted
from services.promises.models import Promise
from services.promises.sweep import break_due
from services.worry import operations, queries
from services.worry.models import Step, Worry
from tenants.presence.models import Absence
from tenants.setup import leaving
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post
from tests.cast import World
from tests.services.contact.people import TUESDAY, knock, reach_and_close
from tests.services.worry.said import BECAUSE, WHO, WORDS, held_back, said

FRIDAY = datetime(2026, 9, 18, 16, 55, tzinfo=ZoneInfo("Europe/Oslo"))


def raised(world: World, case: Accepted, urgency: str = "soon", who: str = "nurse") -> Worry:
    return operations.raise_worry(by=world.actor(who), request_id=case.request_id, urgency=urgency)


def clock_of(worry: Worry) -> Promise:
    promise = queries.clock_of(worry)
    assert promise is not None
    return promise


# --- raising ----------------------------------------------------------------------------------------------


def test_a_worry_starts_a_clock_of_open_hours_and_a_danger_one_of_minutes_also_at_night(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case)
    promise = clock_of(worry)
    assert (promise.kind, promise.subject_kind, promise.subject_id) == ("worry", "worry", worry.pk)
    assert promise.due_at > TUESDAY
    clock.move_to(FRIDAY)
    other = knock(alpha)
    danger = raised(alpha, other, "now")
    assert clock_of(danger).due_at == FRIDAY + timedelta(minutes=30)


def test_to_be_worried_about_what_nobody_has_is_to_take_it(
    alpha: World, clock: time_machine.Traveller
) -> None:
    free = knock(alpha, channel_kind="phone", channel_value="90909090", name="Mona")
    raised(alpha, free)
    assert ContactRequest.objects.get(pk=free.request_id).taken_by_id == alpha.people["nurse"]


def test_a_colleague_cannot_raise_one_about_anothers_case(alpha: World, case: Accepted) -> None:
    with pytest.raises(NotAllowed):
        raised(alpha, case, who="second_nurse")
    for who in ("counsellor", "lead", "admin", "outsider"):
        with pytest.raises(NotFound):
            raised(alpha, case, who=who)
    for actor in (MACHINE, NOBODY):
        with pytest.raises(NotFound):
            operations.raise_worry(by=actor, request_id=case.request_id, urgency="soon")
    assert not Worry.objects.exists()


def test_raised_twice_is_one_and_danger_shortens_the_clock(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    first = raised(alpha, case)
    long = clock_of(first).due_at
    clock.shift(timedelta(minutes=5))
    assert raised(alpha, case).pk == first.pk
    assert clock_of(first).due_at == long
    assert raised(alpha, case, "now").pk == first.pk
    assert clock_of(first).due_at == TUESDAY + timedelta(minutes=35)
    assert raised(alpha, case, "soon").urgency == "now"
    assert Promise.objects.filter(subject_id=first.pk, ended_at__isnull=True).count() == 1


def test_a_closed_case_can_be_worried_about_by_the_one_who_had_it(alpha: World, case: Accepted) -> None:
    reach_and_close(by=alpha.actor("nurse"), request_id=case.request_id, outcome="helped")
    assert raised(alpha, case).is_open
    with pytest.raises(NotAllowed):
        raised(alpha, case, who="second_nurse")


def test_the_audit_says_which_duties_were_shown_and_not_a_word(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    rows = Entry.objects.filter(object_kind="worry").order_by("id")
    assert [row.verb for row in rows] == ["worry.raise", "worry.record_step"]
    assert rows[0].details["duties"] == [
        "no-principal-health", "no-child-health", "no-warn-health", "no-help", "no-avert",
    ]  # fmt: skip
    assert not any(word in str(list(Entry.objects.values())) for word in (WORDS, BECAUSE, WHO, "Kanari"))


# --- steps ------------------------------------------------------------------------------------------------


def test_a_step_stops_the_clock_and_keeps_what_was_said_sealed(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case)
    clock.shift(timedelta(minutes=20))
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    promise = clock_of(worry)
    assert promise.kept_at is not None
    assert promise.broken_at is None
    reads = ReadEntry.objects.count()
    opened = operations.read(by=alpha.actor("nurse"), worry_id=worry.pk)
    assert ReadEntry.objects.count() == reads + 1
    (step,) = opened.steps
    assert (step.words, step.because, step.who) == (WORDS, BECAUSE, WHO)


def test_nobody_yet_asks_for_a_name_and_starts_the_next_clock(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    with pytest.raises(Invalid) as wrong:
        operations.record_step(by=nora, worry_id=worry.pk, said=said("nobody", who=" "))
    assert [one.field for one in wrong.value.errors] == ["who"]
    clock.shift(timedelta(minutes=20))
    step = operations.record_step(by=nora, worry_id=worry.pk, said=said("nobody", who="Signe"))
    assert (step.told, step.student_first) == ("nothing", None)
    assert Promise.objects.filter(subject_id=worry.pk, kept_at__isnull=False).count() == 1
    assert clock_of(worry).answered_at is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipient": "neighbour"}, "recipient"),
        ({"student_first": None}, "student_first"),
        ({"student_first": False}, "why_not_first"),
        ({"told": ""}, "told"),
        ({"told": "nothing"}, "told"),
        ({"because": " "}, "because"),
        ({"told": "held_back"}, "ground"),
        ({"told": "held_back", "ground": "se-harm"}, "ground"),
        ({"done_at": TUESDAY + timedelta(minutes=1)}, "done_at"),
        ({"done_at": TUESDAY - timedelta(days=8)}, "done_at"),
        ({"words": "x" * 4001}, "words"),
    ],
)
def test_what_a_step_lacks_is_said_by_its_field(
    alpha: World, case: Accepted, wrong: dict[str, object], field: str
) -> None:
    worry = raised(alpha, case)
    with pytest.raises(Invalid) as refused:
        operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=replace(said(), **wrong))  # type: ignore[arg-type]
    assert field in [one.field for one in refused.value.errors]
    assert not Step.objects.exists()


def test_the_table_itself_holds_back_only_on_a_ground(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    step = operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=held_back())
    assert (step.told, step.ground) == ("held_back", "no-harm")
    for broken in ({"ground": ""}, {"told": "told", "ground": ""}, {"told": "nothing", "ground": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=step.pk).update(**broken)


def test_what_was_typed_under_a_choice_not_taken_is_not_kept(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    step = operations.record_step(
        by=alpha.actor("nurse"), worry_id=worry.pk, said=said(ground="no-harm", why_not_first="rest")
    )
    assert (step.ground, step.why_not_first) == ("", None)


def test_a_correction_keeps_the_old_version_and_happens_once(alpha: World, case: Accepted) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    first = operations.record_step(by=nora, worry_id=worry.pk, said=said("principal"))
    operations.correct_step(by=nora, worry_id=worry.pk, step_id=first.pk, said=said("police", words="Rettet"))
    opened = operations.read(by=nora, worry_id=worry.pk)
    assert [(one.step.recipient, one.words, one.is_corrected) for one in opened.steps] == [
        ("principal", WORDS, True), ("police", "Rettet", False),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        operations.correct_step(by=nora, worry_id=worry.pk, step_id=first.pk, said=said("police"))
    with pytest.raises(NotFound):
        operations.correct_step(by=nora, worry_id=worry.pk, step_id=uuid4(), said=said())


def test_closing_without_having_told_anybody_needs_words(alpha: World, case: Accepted) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    with pytest.raises(Invalid) as wrong:
        operations.close(by=nora, worry_id=worry.pk, outcome="unfounded")
    assert [one.field for one in wrong.value.errors] == ["came_of_it"]
    with pytest.raises(Invalid):
        operations.close(by=nora, worry_id=worry.pk, outcome="", came_of_it="x")
    operations.close(by=nora, worry_id=worry.pk, outcome="unfounded", came_of_it="Det var en lek")
    assert clock_of(worry).kept_at is not None
    assert operations.read(by=nora, worry_id=worry.pk).came_of_it == "Det var en lek"


def test_a_closed_worry_is_opened_again_with_a_new_clock_and_nothing_else_opens_it(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    operations.record_step(by=nora, worry_id=worry.pk, said=said())
    operations.close(by=nora, worry_id=worry.pk, outcome="taken_over")
    with pytest.raises(Conflict):
        operations.record_step(by=nora, worry_id=worry.pk, said=said())
    clock.shift(timedelta(hours=1))
    assert operations.reopen(by=nora, worry_id=worry.pk).is_open
    assert clock_of(worry).answered_at is None
    assert Promise.objects.filter(subject_id=worry.pk).count() == 2
    operations.close(by=nora, worry_id=worry.pk, outcome="safe")
    raised(alpha, case)
    with pytest.raises(Conflict):
        operations.reopen(by=nora, worry_id=worry.pk)


# --- the clock --------------------------------------------------------------------------------------------


def broken_after(clock: time_machine.Traveller, worry: Worry) -> None:
    clock.move_to(clock_of(worry).due_at + timedelta(seconds=30))
    assert break_due().marked >= 1


def told_since(before: set[object]) -> set[tuple[object, str]]:
    return set(Message.objects.exclude(pk__in=before).values_list("account_id", "template"))


def test_nobody_decided_so_a_deputy_does_with_a_clock_of_their_own_and_the_lead_hears_of_the_clock(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case, "now")
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said("nobody", who="Signe"))
    before = set(Message.objects.values_list("pk", flat=True))
    broken_after(clock, worry)
    worry.refresh_from_db()
    assert worry.deputy_id == alpha.people["second_nurse"]
    assert clock_of(worry).answered_at is None
    told = told_since(before)
    assert (alpha.people["second_nurse"], "worry/decide") in told
    assert (alpha.people["lead"], "promises/broken_worry") in told
    letters = str(list(Message.objects.exclude(pk__in=before).values()))
    assert not any(word in letters for word in ("bekymr", WORDS, WHO, "Solhaug"))
    opened = operations.read(by=alpha.actor("second_nurse"), worry_id=worry.pk)
    assert opened.steps[0].words == WORDS
    operations.record_step(by=alpha.actor("second_nurse"), worry_id=worry.pk, said=said())
    assert clock_of(worry).kept_at is not None


def test_with_nobody_else_there_the_lead_sees_the_clock_and_never_a_word(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    Absence.objects.create(
        account_id=alpha.people["second_nurse"], first_day=TUESDAY.date(), last_day=TUESDAY.date()
    )
    worry = raised(alpha, case, "now")
    broken_after(clock, worry)
    worry.refresh_from_db()
    assert worry.deputy_id is None
    assert Message.objects.filter(account_id=alpha.people["lead"], template="promises/broken_worry").exists()
    with pytest.raises(NotFound):
        operations.read(by=alpha.actor("lead"), worry_id=worry.pk)


def test_a_step_written_late_but_done_in_time_keeps_the_promise_and_both_facts_stay(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case, "now")
    due = clock_of(worry).due_at
    broken_after(clock, worry)
    operations.record_step(
        by=alpha.actor("nurse"), worry_id=worry.pk, said=said(done_at=due - timedelta(minutes=5))
    )
    first = Promise.objects.filter(subject_id=worry.pk).order_by("opened_at").first()
    assert first is not None
    assert first.broken_at
    assert first.kept_at
    assert first.corrected_at


def test_what_was_closed_breaks_no_promise(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case, "now")
    due = clock_of(worry).due_at
    operations.close(by=alpha.actor("nurse"), worry_id=worry.pk, outcome="unfounded", came_of_it="nei")
    clock.move_to(due + timedelta(hours=1))
    break_due()
    assert Worry.objects.get(pk=worry.pk).deputy_id is None
    assert not Promise.objects.filter(subject_id=worry.pk, broken_at__isnull=False).exists()


def test_whoever_closes_a_case_by_whatever_door_says_that_the_worry_stays_open(
    alpha: World, case: Accepted
) -> None:
    nora = alpha.actor("nurse")
    worry = raised(alpha, case)
    contact.read_conversation(by=nora, request_id=case.request_id)
    with pytest.raises(Conflict) as refused:
        contact.close(by=nora, request_id=case.request_id, outcome="not_reached")
    assert refused.value.code == "worry"
    contact.close(by=nora, request_id=case.request_id, outcome="not_reached", although=["worry"])
    contact.undo_close(by=nora, request_id=case.request_id)
    operations.close(by=nora, worry_id=worry.pk, outcome="safe", came_of_it="Det var en lek")
    contact.close(by=nora, request_id=case.request_id, outcome="not_reached")


# --- leaving, the end of a rehearsal, the case's key --------------------------------------------------------


def test_nobody_leaves_an_open_worry_behind(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    held = [one for one in leaving.held_by(alpha.people["nurse"]) if one.id == worry.pk]
    assert [one.number for one in held] == [case.case_number]
    post = Post.objects.get(account_id=alpha.people["nurse"])
    takers = {case.request_id: alpha.people["second_nurse"]}
    with pytest.raises(Conflict):
        setup.end_post(post_id=post.pk, by=MACHINE, takers=takers)
    setup.end_post(post_id=post.pk, by=MACHINE, takers=takers | {worry.pk: alpha.people["second_nurse"]})
    worry.refresh_from_db()
    assert worry.deputy_id == alpha.people["second_nurse"]
    assert operations.read(by=alpha.actor("second_nurse"), worry_id=worry.pk).worry == worry
    with pytest.raises(NotFound):
        operations.read(by=alpha.actor("nurse"), worry_id=worry.pk)


def test_a_worry_follows_its_case_to_whoever_has_it_next(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    contact.hand_on(by=MACHINE, item_id=case.request_id, to=alpha.people["second_nurse"])
    assert operations.read(by=alpha.actor("second_nurse"), worry_id=worry.pk).steps[0].words == WORDS
    with pytest.raises(NotFound):
        operations.read(by=alpha.actor("nurse"), worry_id=worry.pk)


def test_the_words_of_a_worry_go_with_the_key_of_its_case(alpha: World, case: Accepted) -> None:
    from kernel.crypto.keys import CannotOpen
    from kernel.crypto.operations import shred

    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    key = ContactRequest.objects.get(pk=case.request_id).case_key_id
    shred(by=MACHINE, case_key_ids=[key])
    with pytest.raises(CannotOpen):
        operations.read(by=alpha.actor("nurse"), worry_id=worry.pk)


def test_a_worry_goes_with_its_case_and_keeps_it_while_it_is_open(alpha: World, case: Accepted) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    step = operations.record_step(by=nora, worry_id=worry.pk, said=said())
    again = operations.correct_step(by=nora, worry_id=worry.pk, step_id=step.pk, said=said("police"))
    operations.correct_step(by=nora, worry_id=worry.pk, step_id=again.pk, said=said("principal"))
    request = ContactRequest.objects.get(pk=case.request_id)
    assert "worry" in {hold.code for hold in following.holds_on(request)}
    operations.close(by=nora, worry_id=worry.pk, outcome="safe")
    assert "worry" not in {hold.code for hold in following.holds_on(request)}
    gone = contact.forget(by=MACHINE, request_ids=[case.request_id])
    assert (gone["worry.Worry"], gone["worry.Step"]) == (1, 3)
    assert not (Worry.objects.exists())
    assert not (Step.objects.exists())
    assert not Promise.objects.filter(subject_id=worry.pk).exists()


def test_whoever_has_stepped_aside_sees_no_worry_and_becomes_no_deputy(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    contact.recuse(by=alpha.actor("second_nurse"), request_id=case.request_id)
    worry = raised(alpha, case, "now")
    broken_after(clock, worry)
    worry.refresh_from_db()
    assert worry.deputy_id is None
    contact.recuse(by=alpha.actor("nurse"), request_id=case.request_id)
    for who in ("nurse", "second_nurse"):
        assert not queries.visible_to(alpha.actor(who)).exists()
        with pytest.raises(NotFound):
            operations.read(by=alpha.actor(who), worry_id=worry.pk)


# --- nobody moves the clock by talking --------------------------------------------------------------------


def test_talked_over_twice_corrected_closed_and_opened_again_the_clock_starts_again_only_once(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, nora = raised(alpha, case, "now"), alpha.actor("nurse")
    clock.shift(timedelta(minutes=10))
    step = operations.record_step(by=nora, worry_id=worry.pk, said=said("nobody", who="Signe"))
    due = clock_of(worry).due_at
    assert due == TUESDAY + timedelta(minutes=40)
    clock.shift(timedelta(minutes=10))
    operations.record_step(by=nora, worry_id=worry.pk, said=said("nobody", who="Signe igjen"))
    operations.correct_step(by=nora, worry_id=worry.pk, step_id=step.pk, said=said("nobody", who="Signe B."))
    assert clock_of(worry).due_at == due
    assert clock_of(worry).answered_at is None, "it runs"
    operations.close(by=nora, worry_id=worry.pk, outcome="safe", came_of_it="Trygg hos mormor")
    clock.shift(timedelta(minutes=5))
    operations.reopen(by=nora, worry_id=worry.pk)
    assert clock_of(worry).due_at == due


def test_opened_again_after_its_clock_would_have_run_out_it_gets_a_new_one(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, nora = raised(alpha, case, "now"), alpha.actor("nurse")
    operations.close(by=nora, worry_id=worry.pk, outcome="safe", came_of_it="Trygg hos mormor")
    clock.shift(timedelta(hours=3))
    operations.reopen(by=nora, worry_id=worry.pk)
    assert clock_of(worry).due_at == TUESDAY + timedelta(hours=3, minutes=30)


# --- the duty is each person's own --------------------------------------------------------------------------


def given_to(world: World, case: Accepted, who: str) -> None:
    """The case is handed over, and taken."""
    contact.read_conversation(by=world.actor("nurse"), request_id=case.request_id)
    handover = contact.offer_handover(
        by=world.actor("nurse"), request_id=case.request_id, to=contact.Receiver(account_id=world.people[who]),
        reason="Permisjon", shares="everything", agreement="in_talk", summary="", walk_along=False,
    )  # fmt: skip
    contact.accept_handover(by=world.actor(who), handover_id=handover.pk)


@pytest.mark.parametrize("who", ["second_nurse", "counsellor"])
def test_whoever_raised_it_and_told_nobody_keeps_their_own_duty_when_the_case_goes(
    alpha: World, case: Accepted, clock: time_machine.Traveller, who: str
) -> None:
    worry, nora = raised(alpha, case), alpha.actor("nurse")
    given_to(alpha, case, who)
    operations.record_step(by=alpha.actor(who), worry_id=worry.pk, said=said("nobody", who="Rektor"))
    assert queries.visible_to(nora).filter(pk=worry.pk).exists()
    assert queries.visible_to(alpha.actor(who)).filter(pk=worry.pk).exists()
    with pytest.raises(NotAllowed):  # that it is there, and not a word of it
        operations.read(by=nora, worry_id=worry.pk)
    with pytest.raises(NotAllowed):
        operations.record_step(by=nora, worry_id=worry.pk, said=said("nobody", who="Signe"))
    with pytest.raises(NotAllowed):
        operations.close(by=nora, worry_id=worry.pk, outcome="safe")
    operations.record_step(by=nora, worry_id=worry.pk, said=said())
    assert not queries.visible_to(nora).filter(pk=worry.pk).exists(), "theirs is done"
    with pytest.raises(NotFound):
        operations.record_step(by=nora, worry_id=worry.pk, said=said())


def test_whoever_raised_it_and_works_in_another_role_by_now_is_shown_duties_of_their_own(
    alpha: World, case: Accepted
) -> None:
    worry, nora = raised(alpha, case), alpha.people["nurse"]
    before = queries.duties_for(alpha.actor("nurse"), worry.request)
    setup.give_post(
        account_id=nora, role_id=alpha.counsellor_role, school_id=alpha.school, starts_on=today(), by=MACHINE
    )
    Post.objects.filter(account_id=nora, role_id=alpha.nurse_role).update(ends_on=today() - timedelta(days=1))
    actor = alpha.actor("nurse")
    assert queries.one(actor, worry.pk) == worry
    shown = queries.duties_for(actor, worry.request)
    assert {duty.to for duty in shown} >= {"child_welfare"}
    assert shown == queries.duties_for(alpha.actor("counsellor"), worry.request) != before
    assert queries.duties_for(alpha.actor("outsider"), worry.request) == ()


def test_whoever_told_somebody_before_the_case_went_owes_nothing(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said())
    given_to(alpha, case, "second_nurse")
    assert not queries.visible_to(alpha.actor("nurse")).exists()
    assert queries.visible_to(alpha.actor("second_nurse")).exists()


def test_whoever_stepped_aside_or_left_sees_nothing_of_what_they_raised(alpha: World, case: Accepted) -> None:
    raised(alpha, case)
    contact.recuse(by=alpha.actor("nurse"), request_id=case.request_id)
    assert not queries.visible_to(alpha.actor("nurse")).exists()
