"""The student says no to an adult who has it already: what the old one reads, by every door, and what nobody loses."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.actor import MACHINE, Actor
from kernel.errors import Conflict, Invalid, NotFound
from services.contact import operations, queries
from services.contact.followers import CONVERSATION
from services.contact.models import ContactRequest, ConversationMessage, Handover
from services.contact.operations import Accepted, Settling
from services.desk import operations as desk
from services.desk import queries as shelves
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole
from tenants.walls import operations as walls
from tests.cast import World
from tests.services.attachments.people import fetched, let, student_sends
from tests.services.contact.people import SECRET, reach_and_close, visitor
from tests.services.contact.test_handover import accept, holder, offer, reads, row, state, taken, writes
from tests.services.contact.test_introductions import student
from tests.services.desk.conftest import api, signed_in
from tests.tenants.walls.table import AFTER_A_NO

__all__ = ("api", "signed_in", "student")  # fixtures

TEXTS = {
    "before": SECRET,
    "between": "Bare til Carl",
    "answered": "Hei fra Carl",
    "unread": "Er du der enda",
    "back": "Hei igjen Nora",
}


def with_carl(world: World, *, unread: bool = True) -> tuple[Accepted, Handover]:
    """Carl has taken it over; the two have written, and the student's last message is unread."""
    accepted = taken(world)
    handover = accept(world, offer(world, accepted))
    writes(accepted, TEXTS["between"])
    reads(world, "counsellor", accepted)
    operations.reply(by=world.actor("counsellor"), request_id=accepted.request_id, text=TEXTS["answered"])
    if unread:
        writes(accepted, TEXTS["unread"])
    return accepted, handover


def says_no(accepted: Accepted, opens: str = "nothing") -> None:
    operations.refuse_handover(
        by=visitor(accepted), request_id=accepted.request_id, all_since=opens == "all", unread_too=opens == "unread"
    )  # fmt: skip


def given_back(world: World, opens: str = "nothing", *, unread: bool = True) -> Accepted:
    accepted, _handover = with_carl(world, unread=unread)
    says_no(accepted, opens)
    writes(accepted, TEXTS["back"])
    return accepted


def seen_in(words: str) -> set[str]:
    return {name for name, text in TEXTS.items() if text in words}


def conversation(by: Actor, accepted: Accepted) -> str:
    opened = operations.read_conversation(by=by, request_id=accepted.request_id)
    return " ".join(line.text for line in opened.lines)


def as_holder(world: World, accepted: Accepted) -> str:
    return conversation(world.actor("nurse"), accepted)


def as_colleague_of_a_free_one(world: World, accepted: Accepted) -> str:
    operations.release(by=world.actor("nurse"), request_id=accepted.request_id)
    return conversation(world.actor("second_nurse"), accepted)


def as_let_in(world: World, accepted: Accepted) -> str:
    walls.give_grant(
        by=world.actor("nurse"), case_key_id=row(accepted).case_key_id, account_id=world.people["counsellor"],
        basis="agreement", reason="sammen", last_day=row(accepted).opened_at.date() + timedelta(days=2),
    )  # fmt: skip
    return conversation(world.actor("counsellor"), accepted)


def as_next_receiver(world: World, accepted: Accepted) -> str:
    reads(world, "nurse", accepted)
    accept(world, offer(world, accepted, to="second_nurse", shares="everything"), "second_nurse")
    return conversation(world.actor("second_nurse"), accepted)


def as_the_refused(world: World, accepted: Accepted) -> str:
    """Carl is asked again, and the student agrees: what they kept apart then stays so."""
    reads(world, "nurse", accepted)
    accept(world, offer(world, accepted, shares="everything"))
    return conversation(world.actor("counsellor"), accepted)


def as_copy(world: World, accepted: Accepted) -> str:
    nurse = world.actor("nurse")
    reach_and_close(by=nurse, request_id=accepted.request_id, outcome="helped")
    copied = operations.copy_for_record(by=nurse, request_id=accepted.request_id)
    return " ".join(line.text for line in copied.lines)


def as_search(world: World, accepted: Accepted) -> str:
    nurse = world.actor("nurse")
    return " ".join(text for text in TEXTS.values() if desk.search(by=nurse, words=text).ids)


def as_two_persons(world: World, accepted: Accepted) -> str:
    asked = walls.ask_opening(
        by=world.actor("lead"), number=accepted.case_number, basis="court", scope="with_log", reason="Vedtak 1",
        reader_id=world.people["other_nurse"], hours=2,
    )  # fmt: skip
    walls.confirm_opening(by=world.actor("admin"), opening_id=asked.pk)
    taken_out = operations.take_out(by=world.actor("other_nurse"), request_id=accepted.request_id)
    return " ".join(line.text for line in taken_out.lines)


def as_student(_world: World, accepted: Accepted) -> str:
    return conversation(visitor(accepted), accepted)


READERS: dict[str, Callable[[World, Accepted], str]] = {
    "holder": as_holder,
    "free": as_colleague_of_a_free_one,
    "grant": as_let_in,
    "receiver": as_next_receiver,
    "refused": as_the_refused,
    "record": as_copy,
    "search": as_search,
    "two_persons": as_two_persons,
    "own": as_student,
}


def test_every_reader_of_the_table_is_tried() -> None:
    assert {reader for _opens, reader in AFTER_A_NO} == set(READERS)


@pytest.mark.parametrize(("opens", "reader"), AFTER_A_NO)
def test_who_reads_what_after_a_no_is_what_the_table_says(alpha: World, opens: str, reader: str) -> None:
    accepted = given_back(alpha, opens)
    assert seen_in(READERS[reader](alpha, accepted)) == set(AFTER_A_NO[opens, reader].split())


def test_the_page_and_the_api_of_the_old_holder_keep_to_it(
    alpha: World, signed_in: Callable[..., Client], api: Callable[..., Any]
) -> None:
    accepted = given_back(alpha)
    page = signed_in("nurse", "en").get(f"/desk/{accepted.request_id}/").content.decode()
    assert seen_in(page) == {"before", "back"}
    assert "3 messages stay closed to you" in page
    answer = api("nurse")("get", f"requests/{accepted.request_id}").content.decode()
    assert seen_in(answer) == {"before", "back"}


def test_whatever_follows_opens_nothing_of_it(alpha: World, clock: Any) -> None:
    accepted = given_back(alpha)
    nurse, request_id = alpha.actor("nurse"), accepted.request_id
    reads(alpha, "nurse", accepted)
    for ends in ("expire", "withdraw", "decline", "refuse", "over"):
        handover = offer(alpha, accepted, shares="everything")
        if ends == "expire":
            clock.shift(timedelta(days=3))
            break_due()
        elif ends == "withdraw":
            operations.withdraw_handover(by=nurse, handover_id=handover.pk)
        elif ends == "decline":
            operations.decline_handover(by=alpha.actor("counsellor"), handover_id=handover.pk)
        elif ends == "refuse":
            operations.refuse_handover(by=visitor(accepted), request_id=request_id)
        else:
            reach_and_close(by=nurse, request_id=request_id, outcome="helped")
            operations.student_writes(by=visitor(accepted), request_id=request_id, still_need_help=True)
        if holder(accepted) == "Signe":  # the word that was owed broke, and somebody of the door took over
            signe = alpha.actor("second_nurse")
            assert seen_in(conversation(signe, accepted)) == {"before", "back"}, ends
            operations.release(by=signe, request_id=request_id)
            operations.take(by=nurse, request_id=request_id)
        assert holder(accepted) in ("Nora", None)
        assert seen_in(conversation(nurse, accepted)) == {"before", "back"}, ends


def test_what_nobody_may_read_waits_for_nobody(alpha: World) -> None:
    """Kept apart and unread: no news, no hold, no bar to handing over; and never marked as read by the others."""
    accepted = given_back(alpha)
    reads(alpha, "nurse", accepted)
    (kept,) = ConversationMessage.objects.filter(
        request_id=accepted.request_id, sender="student", seen_at__isnull=True
    )
    assert kept.is_apart
    listed = queries.one(alpha.actor("nurse"), accepted.request_id)
    assert listed is not None
    assert listed.unseen == 0
    assert shelves.counts(alpha.actor("nurse")).news == 0
    assert CONVERSATION.holds is not None
    assert CONVERSATION.holds(row(accepted)) is None
    offer(alpha, accepted, to="second_nurse")


def test_the_student_is_asked_about_what_is_unread_and_nothing_is_decided_for_them(
    alpha: World, student: Callable[[Accepted], Client]
) -> None:
    accepted, handover = with_carl(alpha)
    client = student(accepted)
    asked = client.get("/conversation/refuse/")
    shown = asked.content.decode()
    assert "Carl has not read your last message. May whoever answers you next read it?" in shown
    assert "Whoever answers me next may read everything Carl and I wrote" in shown
    assert "checked" not in shown, "both are off until the student says so"
    proof = asked.context["proof"]
    again = client.post("/conversation/refuse/", {"proof": proof})
    assert again.status_code == 422
    assert "Choose whether they may read it." in again.content.decode()
    assert state(handover) == "contacted"
    assert client.post("/conversation/refuse/", {"proof": proof, "unread": "yes"}).status_code == 303
    assert seen_in(as_holder(alpha, accepted)) == {"before", "unread"}
    shown = client.get("/conversation/").content.decode()
    assert "Whoever answers you now reads what Carl had not read. Nothing else from then." in shown


def test_the_box_opens_what_was_written_since_and_is_an_answer_to_both(
    alpha: World, student: Callable[[Accepted], Client]
) -> None:
    accepted, _handover = with_carl(alpha)
    client = student(accepted)
    proof = client.get("/conversation/refuse/").context["proof"]
    client.post("/conversation/refuse/", {"proof": proof, "since": "1"})
    assert seen_in(as_holder(alpha, accepted)) == {"before", "between", "answered", "unread"}


def test_what_the_student_kept_is_said_to_them_message_by_message(
    alpha: World, student: Callable[[Accepted], Client]
) -> None:
    accepted = given_back(alpha)
    shown = student(accepted).get("/conversation/").content.decode()
    assert "Whoever answers you now does not read what you wrote with Carl." in shown
    assert shown.count("Nobody has read this. It is closed now") == 1


def test_nothing_was_written_since_and_nothing_is_asked(
    alpha: World, student: Callable[[Accepted], Client]
) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted))
    asked = student(accepted).get("/conversation/refuse/").content.decode()
    assert "They can read what they could read before" in asked
    assert "may also read" not in asked
    assert "has not read" not in asked


def test_a_message_written_while_the_question_was_open_is_asked_about(alpha: World) -> None:
    accepted, _handover = with_carl(alpha, unread=False)
    writes(accepted, TEXTS["unread"])
    with pytest.raises(Invalid) as refused:
        operations.refuse_handover(by=visitor(accepted), request_id=accepted.request_id)
    assert [error.field for error in refused.value.errors] == ["unread"]
    assert holder(accepted) == "Carl"


def test_the_old_holder_was_a_receiver_too_and_reads_no_more_than_then(alpha: World) -> None:
    accepted = taken(alpha)
    accept(alpha, offer(alpha, accepted, shares="nothing"))
    operations.reply(by=alpha.actor("counsellor"), request_id=accepted.request_id, text=TEXTS["answered"])
    accept(alpha, offer(alpha, accepted, by="counsellor", to="other_nurse"), "other_nurse")
    writes(accepted, TEXTS["between"])
    says_no(accepted)
    writes(accepted, TEXTS["back"])
    assert reads(alpha, "counsellor", accepted) == [TEXTS["answered"], TEXTS["back"]]


def test_notes_and_what_was_said_of_a_record_in_between_stay_closed_in_one_circle_too(
    alpha: World, clock: Any
) -> None:
    accepted = taken(alpha)
    nurse, signe = alpha.actor("nurse"), alpha.actor("second_nurse")
    desk.add_note(by=nurse, request_id=accepted.request_id, text="Før")
    clock.shift(timedelta(minutes=3))
    accept(alpha, offer(alpha, accepted, to="second_nurse"), "second_nurse")
    clock.shift(timedelta(minutes=3))
    assert len(desk.read_notes(by=signe, request_id=accepted.request_id).opened) == 1
    desk.add_note(by=signe, request_id=accepted.request_id, text="Imens")
    operations.reply(by=signe, request_id=accepted.request_id, text="Hei fra Signe")
    reach_and_close(
        by=signe, request_id=accepted.request_id, outcome="helped",
        said=Settling("Journal X", date(2026, 9, 15)),
    )  # fmt: skip
    operations.undo_close(by=signe, request_id=accepted.request_id)
    says_no(accepted)
    notes = desk.read_notes(by=nurse, request_id=accepted.request_id)
    assert ([note.text for note in notes.opened], notes.closed) == (["Før"], 1)
    opened = operations.read_conversation(by=nurse, request_id=accepted.request_id)
    assert not opened.records
    opened = operations.read_conversation(by=visitor(accepted), request_id=accepted.request_id)
    assert not opened.records


def test_a_picture_of_a_message_that_is_kept_apart_is_not_there_for_the_old_holder(alpha: World) -> None:
    let("everybody")
    accepted, _handover = with_carl(alpha, unread=False)
    student_sends(accepted, TEXTS["unread"])
    assert fetched(alpha.actor("counsellor"), accepted).content
    says_no(accepted)
    for who in ("nurse", "counsellor"):
        with pytest.raises(NotFound):
            fetched(alpha.actor(who), accepted)
    assert "Hemmelig bilde" not in str(
        operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    )
    assert fetched(visitor(accepted), accepted).content


def test_the_old_holder_is_gone_and_the_door_reads_no_more_than_they_did(alpha: World) -> None:
    accepted, _handover = with_carl(alpha)
    setup.close_person(account_id=alpha.people["nurse"], by=MACHINE)
    says_no(accepted)
    assert seen_in(conversation(alpha.actor("second_nurse"), accepted)) == {"before"}


def test_a_reply_that_was_the_last_when_it_was_taken_over_is_not_taken_back(alpha: World) -> None:
    """Its number would be another message's, and count as one from before."""
    accepted = taken(alpha)
    handover = offer(alpha, accepted, to="second_nurse", shares="everything")
    late = operations.reply(
        by=alpha.actor("nurse"), request_id=accepted.request_id, text="Bare en ting til", can_undo=True
    )
    accept(alpha, handover, "second_nurse")
    with pytest.raises((Conflict, NotFound)):
        operations.withdraw_reply(by=alpha.actor("nurse"), request_id=accepted.request_id, message_id=late.pk)


def test_roles_stand_for_names_where_names_are_not_shown(
    alpha: World, student: Callable[[Accepted], Client]
) -> None:
    accepted, _handover = with_carl(alpha)
    setup.change_look(by=MACHINE, show_names=False)
    shown = student(accepted).get("/conversation/refuse/").content.decode()
    assert "Carl" not in shown
    assert HelperRole.objects.get(pk=alpha.counsellor_role).names["en"] in shown
    assert ContactRequest.objects.count() == 1
