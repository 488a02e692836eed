"""A case with a worry goes to another door, or comes back after the student's no: whose clock it is, who decides, and
which of its words are open."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.errors import Conflict, NotFound
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.models import Handover
from services.contact.operations import Accepted
from services.promises.models import Promise
from services.promises.sweep import break_due, remind_due
from services.worry import operations, queries
from services.worry.models import Step, Worry
from tests.cast import World
from tests.services.contact.people import visitor
from tests.services.contact.test_handover import accept, holder, offer
from tests.services.worry.said import WORDS, said

SECRET = "Kanaritrost: eleven sier at Nora slår"
END = "Kanariende: Nora får ikke vite det"


def raised(world: World, case: Accepted, who: str = "nurse") -> Worry:
    return operations.raise_worry(by=world.actor(who), request_id=case.request_id, urgency="soon")


def handed(world: World, case: Accepted, **to: Any) -> Handover:
    """Nora has answered, and Carl takes it over."""
    contact.read_conversation(by=world.actor("nurse"), request_id=case.request_id)
    contact.reply(by=world.actor("nurse"), request_id=case.request_id, text="Hei")
    handover = accept(world, offer(world, case, **to))
    contact.reply(by=world.actor("counsellor"), request_id=case.request_id, text="Hei, Carl her")
    return handover


def refused(case: Accepted) -> None:
    contact.refuse_handover(by=visitor(case), request_id=case.request_id)
    assert holder(case) == "Nora"


def between(world: World, case: Accepted, clock: time_machine.Traveller) -> tuple[Worry, Step]:
    """Nora wrote a step; the student told Carl about Nora, and Carl wrote it down; then the student said no to him."""
    worry = raised(world, case)
    operations.record_step(by=world.actor("nurse"), worry_id=worry.pk, said=said("principal"))
    clock.shift(timedelta(minutes=5))
    handed(world, case)
    clock.shift(timedelta(minutes=5))
    step = operations.record_step(
        by=world.actor("counsellor"),
        worry_id=worry.pk,
        said=said("child_welfare", words=SECRET, who="Kanarivakt"),
    )
    clock.shift(timedelta(minutes=5))
    return worry, step


def words_of(world: World, who: str, worry: Worry) -> list[str]:
    return [one.words for one in operations.read(by=world.actor(who), worry_id=worry.pk).steps]


# --- which words ------------------------------------------------------------------------------------------


def test_what_the_refused_adult_wrote_of_a_worry_is_closed_to_whoever_has_it_again(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, step = between(alpha, case, clock)
    refused(case)
    opened = operations.read(by=alpha.actor("nurse"), worry_id=worry.pk)
    assert ([one.words for one in opened.steps], opened.closed) == ([WORDS], 1)
    printed = operations.print_out(by=alpha.actor("nurse"), worry_id=worry.pk)
    assert [one.words for one in printed.steps] == [WORDS]
    with pytest.raises(NotFound):
        operations.correct_step(
            by=alpha.actor("nurse"), worry_id=worry.pk, step_id=step.pk, said=said("principal")
        )


def test_what_came_of_it_in_between_is_closed_too_also_once_it_is_open_again(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, _step = between(alpha, case, clock)
    carl, nora = alpha.actor("counsellor"), alpha.actor("nurse")
    operations.close(by=carl, worry_id=worry.pk, outcome="taken_over", came_of_it=END)
    clock.shift(timedelta(minutes=5))
    refused(case)
    clock.shift(timedelta(minutes=5))
    opened = operations.read(by=nora, worry_id=worry.pk)
    assert (opened.came_of_it, opened.end_is_closed) == ("", True)
    operations.reopen(by=nora, worry_id=worry.pk)
    assert operations.read(by=nora, worry_id=worry.pk).came_of_it == ""
    operations.close(by=nora, worry_id=worry.pk, outcome="safe", came_of_it="Alt er bra")
    operations.reopen(by=nora, worry_id=worry.pk)
    opened = operations.read(
        by=nora, worry_id=worry.pk
    )  # their own is open to them, also once it is open again
    assert (opened.came_of_it, opened.end_is_closed) == ("Alt er bra", False)


def test_by_pages_a_closed_step_is_only_said_to_be_there(
    signed_in: Any, alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, step = between(alpha, case, clock)
    operations.close(by=alpha.actor("counsellor"), worry_id=worry.pk, outcome="safe", came_of_it=END)
    clock.shift(timedelta(minutes=5))
    refused(case)
    nora: Client = signed_in("nurse")
    page = nora.get(f"/worry/{worry.pk}/").content.decode()
    assert "1 steg ble skrevet mens noen andre hadde saken. Det er lukket for deg." in page
    assert "Det som ble skrevet om det, er lukket for deg." in page
    assert WORDS in page
    assert [word for word in (SECRET, "Kanarivakt", END, "Barnevernet") if word in page] == []
    assert nora.get(f"/worry/{worry.pk}/steps/{step.pk}/correct/").status_code == 404


def test_the_student_who_opens_all_of_it_opens_the_worry_as_well(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry, _step = between(alpha, case, clock)
    contact.refuse_handover(by=visitor(case), request_id=case.request_id, all_since=True)
    assert words_of(alpha, "nurse", worry) == [WORDS, SECRET]


@pytest.mark.parametrize(("shares", "open_words"), [("nothing", []), ("onward", []), ("everything", [WORDS])])
def test_of_what_was_written_before_the_receiver_reads_as_much_as_of_the_conversation(
    alpha: World, case: Accepted, clock: time_machine.Traveller, shares: str, open_words: list[str]
) -> None:
    worry = raised(alpha, case)
    operations.record_step(by=alpha.actor("nurse"), worry_id=worry.pk, said=said("principal"))
    clock.shift(timedelta(minutes=5))
    handed(alpha, case, shares=shares)
    clock.shift(timedelta(minutes=5))
    operations.record_step(by=alpha.actor("counsellor"), worry_id=worry.pk, said=said("police", words="Mitt"))
    opened = operations.read(by=alpha.actor("counsellor"), worry_id=worry.pk)
    assert [one.words for one in opened.steps] == [*open_words, "Mitt"]
    assert opened.closed == 1 - len(open_words)


# --- whose clock, who decides -----------------------------------------------------------------------------


def test_the_clock_of_a_worry_goes_along_to_the_new_door_and_comes_back_after_a_no(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case)
    due = Promise.objects.get(subject_id=worry.pk).due_at
    handed(alpha, case)
    assert Promise.objects.get(subject_id=worry.pk).role_id == alpha.counsellor_role
    refused(case)
    promise = Promise.objects.get(subject_id=worry.pk)
    assert (promise.role_id, promise.due_at) == (alpha.nurse_role, due)


def test_a_deputy_of_the_old_door_decides_no_more_and_whoever_has_the_case_is_reminded(
    alpha: World, case: Accepted, clock: time_machine.Traveller
) -> None:
    worry = raised(alpha, case)
    clock.move_to(Promise.objects.get(subject_id=worry.pk).due_at + timedelta(minutes=1))
    break_due()
    assert Worry.objects.get(pk=worry.pk).deputy_id == alpha.people["second_nurse"]
    handed(alpha, case)
    worry = Worry.objects.get(pk=worry.pk)
    assert queries.decides_now(worry) == alpha.people["counsellor"]
    Message.objects.all().delete()
    for _ in range(40):
        clock.shift(timedelta(minutes=30))
        remind_due()
    told = set(Message.objects.filter(template="promises/reminder").values_list("account_id", flat=True))
    assert alpha.people["counsellor"] in told
    assert alpha.people["second_nurse"] not in told


def test_a_worry_is_not_given_to_whoever_stepped_aside(alpha: World, case: Accepted) -> None:
    worry = raised(alpha, case)
    contact.recuse(by=alpha.actor("second_nurse"), request_id=case.request_id)
    Message.objects.all().delete()
    with pytest.raises(Conflict):
        operations.hand_on(by=alpha.actor("admin"), item_id=worry.pk, to=alpha.people["second_nurse"])
    assert Worry.objects.get(pk=worry.pk).deputy_id is None
    assert not Message.objects.exists()


def test_a_worry_is_not_given_to_whom_the_student_said_no_to(alpha: World, case: Accepted) -> None:
    contact.read_conversation(by=alpha.actor("nurse"), request_id=case.request_id)
    accept(alpha, offer(alpha, case, to="second_nurse"), "second_nurse")
    refused(case)
    worry = raised(alpha, case)
    Message.objects.all().delete()
    with pytest.raises(Conflict):
        operations.hand_on(by=alpha.actor("admin"), item_id=worry.pk, to=alpha.people["second_nurse"])
    assert Worry.objects.get(pk=worry.pk).deputy_id is None
    assert not Message.objects.exists()
