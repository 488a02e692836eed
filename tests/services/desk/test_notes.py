"""Private notes: for the one who has the request, sealed, each read logged first, never a word to anybody else."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from services.contact import operations as contact
from services.contact.models import ContactRequest
from services.desk import operations
from services.desk.models import Note, NoteVersion
from tenants.setup import operations as setup
from tenants.setup.models import Post
from tenants.walls import operations as walls
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.desk.test_case import act, words

pytestmark = pytest.mark.django_db
WORD = "Kanarinotat om trapphuset"


@pytest.fixture
def held(alpha: World) -> contact.Accepted:
    """Nora has it, and has kept a note."""
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    operations.add_note(by=alpha.actor("nurse"), request_id=accepted.request_id, text=WORD)
    return accepted


def page(client: Client, accepted: contact.Accepted) -> str:
    return words(client.get(f"/desk/{accepted.request_id}/"))


def address(accepted: contact.Accepted) -> str:
    return f"/desk/{accepted.request_id}/notes/{Note.objects.get().pk}/"


def test_the_one_who_has_it_keeps_and_reads_notes_and_the_log_has_it_first(alpha, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    assert "A new note" in page(nora, accepted)
    assert not ReadEntry.objects.filter(what="note").exists()
    answer = act(nora, accepted, "notes", text=WORD)
    assert answer.status_code == 302
    assert WORD in page(nora, accepted)
    key = ContactRequest.objects.get().case_key_id
    read = ReadEntry.objects.get(what="note")
    assert (read.case_key_id, read.actor_id, read.why) == (key, alpha.people["nurse"], "to answer")


def test_without_a_row_in_the_log_no_note_is_opened(held, nora: Client, monkeypatch) -> None:
    def broken(*_args, **_named):
        raise RuntimeError("no log")

    monkeypatch.setattr("services.desk.operations.noting.log_read", broken)
    with pytest.raises(RuntimeError):
        page(nora, held)


def test_a_note_is_sealed_and_its_words_are_in_no_log(held) -> None:
    row = NoteVersion.objects.values().get()
    assert WORD.encode() not in bytes(row["text"])
    assert WORD not in str(list(Entry.objects.values()))


def test_neither_the_student_nor_a_colleague_nor_a_search_meets_a_note(
    alpha, held, signed_in, at, nora: Client
) -> None:
    opened = contact.read_conversation(by=visitor(held), request_id=held.request_id)
    assert WORD not in str(opened)
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    shown = browser.post("/receipt/", {"receipt": held.receipt}, follow=True).content.decode()
    assert "Jeg er redd" in shown
    assert WORD not in shown
    for who in ("second_nurse", "counsellor", "lead", "admin"):
        client = signed_in(who, "en")
        for answer in (client.get(f"/desk/{held.request_id}/"), act(client, held, "read")):
            assert WORD not in answer.content.decode()
        with pytest.raises((NotAllowed, NotFound)):
            operations.add_note(by=alpha.actor(who), request_id=held.request_id, text="x")
    assert operations.search(by=alpha.actor("nurse"), words="trapphuset").ids == ()


def test_the_privacy_page_says_that_there_may_be_notes(alpha, at) -> None:
    said = at(alpha.alpha, headers={"accept-language": "en"}).get("/privacy/").content.decode()
    assert "An adult may write notes after talking with you." in said


def test_a_change_keeps_what_it_said_before(held, nora: Client) -> None:
    answer = nora.post(address(held), {"act": "edit", "seen": "1", "text": "Nye ord"})
    assert answer.status_code == 302
    shown = page(nora, held)
    assert "Nye ord" in shown
    assert WORD in shown
    assert [one.number for one in NoteVersion.objects.order_by("number")] == [1, 2]


def test_a_change_over_another_change_is_refused_and_loses_no_word(alpha, held, nora: Client) -> None:
    note = Note.objects.get()
    operations.edit_note(
        by=alpha.actor("nurse"), request_id=held.request_id, note_id=note.pk, text="Først", seen=1
    )
    shown = words(nora.post(address(held), {"act": "edit", "seen": "1", "text": "Så dette"}), 409)
    assert "changed in another window" in shown
    assert "Så dette</textarea>" in shown
    shown = words(nora.post(address(held), {"act": "edit", "seen": "2", "text": " "}), 422)
    assert NoteVersion.objects.count() == 2


def test_what_is_wrong_in_a_note_is_said_on_top_with_the_way_to_its_field(alpha, held, nora: Client) -> None:
    note = Note.objects.get()
    refused = (
        (act(nora, held, "notes", text=" "), 422, "id_note"),
        (nora.post(address(held), {"act": "edit", "seen": "1", "text": " "}), 422, f"note-{note.pk}"),
        (nora.post(address(held), {"act": "edit", "seen": "7", "text": "Ny"}), 409, f"note-{note.pk}"),
        (act(nora, held, "draft", draft="note", text="x" * 50_000), 422, "id_note"),
    )
    for answer, status, field in refused:
        shown = words(answer, status)
        summary = shown.split('class="ds-error-summary"', 1)[1].split("</div>", 1)[0]
        assert f'href="#{field}"' in summary
        assert f'id="{field}"' in shown.split("</div>", 1)[1]


def test_a_draft_to_the_student_stays_when_a_note_is_refused(alpha, held, nora: Client) -> None:
    operations.save_draft(
        by=alpha.actor("nurse"), request_id=held.request_id, kind="reply", text="Jeg er straks der"
    )
    assert "Jeg er straks der</textarea>" in words(act(nora, held, "notes", text=" "), 422)


def test_an_empty_note_is_refused_in_place_and_a_second_press_keeps_one(alpha, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    assert 'aria-invalid="true"' in words(act(nora, accepted, "notes", text=" "), 422)
    for _press in range(2):
        act(nora, accepted, "notes", text=WORD, once="the-same-form")
    assert Note.objects.count() == 1


def test_deleting_hides_at_once_and_can_be_undone_for_ten_minutes(held, nora: Client, clock) -> None:
    shown = nora.post(address(held), {"act": "delete"}, follow=True).content.decode()
    assert WORD not in shown
    assert f'action="{address(held)}"' in shown
    clock.shift(timedelta(minutes=10))
    assert WORD in nora.post(address(held), follow=True).content.decode()
    nora.post(address(held), {"act": "delete"})
    clock.shift(timedelta(minutes=10, seconds=1))
    assert "too late" in words(nora.post(address(held)), 409)


def test_what_was_deleted_is_forgotten_an_hour_later_with_all_its_versions(
    alpha, held, clock: time_machine.Traveller
) -> None:
    by, note = alpha.actor("nurse"), Note.objects.get()
    operations.delete_note(by=by, request_id=held.request_id, note_id=note.pk)
    clock.shift(timedelta(hours=1))
    assert operations.forget_deleted_notes(by=MACHINE) == 0
    clock.shift(timedelta(seconds=1))
    assert operations.forget_deleted_notes(by=MACHINE) == 1
    assert not NoteVersion.objects.exists()
    with pytest.raises(NotAllowed):
        operations.forget_deleted_notes(by=by)


def next_holder(world: World, accepted: contact.Accepted, who: str) -> str:
    contact.release(by=world.actor("nurse"), request_id=accepted.request_id)
    contact.take(by=world.actor(who), request_id=accepted.request_id)
    return str(operations.read_notes(by=world.actor(who), request_id=accepted.request_id))


def test_the_next_holder_of_the_same_circle_reads_the_notes_and_changes_none(alpha, held, signed_in) -> None:
    assert WORD in next_holder(alpha, held, "second_nurse")
    note = Note.objects.get()
    with pytest.raises(NotFound):
        operations.edit_note(
            by=alpha.actor("second_nurse"), request_id=held.request_id, note_id=note.pk, text="x", seen=1
        )
    with pytest.raises(NotAllowed):
        operations.delete_note(by=alpha.actor("nurse"), request_id=held.request_id, note_id=note.pk)
    shown = page(signed_in("second_nurse", "en"), held)
    assert WORD in shown
    assert "Change or delete" not in shown


def counsellors_note(world: World) -> contact.Accepted:
    """A counsellor's request and note; a second counsellor of another employer stands at the same door."""
    county = setup.add_employer(name="Fylket", kind="county", by=MACHINE)
    accepted = knock(world, role_id=world.counsellor_role)
    contact.take(by=world.actor("counsellor"), request_id=accepted.request_id)
    operations.add_note(by=world.actor("counsellor"), request_id=accepted.request_id, text=WORD)
    setup.give_post(
        account_id=world.people["other_nurse"],
        role_id=world.counsellor_role,
        school_id=world.school,
        by=MACHINE,
    )
    Post.objects.filter(account_id=world.people["other_nurse"], role_id=world.counsellor_role).update(
        employer_id=county, starts_on="2020-01-01"
    )
    return accepted


def test_the_next_holder_of_another_circle_learns_only_that_there_are_notes(alpha, signed_in) -> None:
    """Two counsellors at one door, one employed by the county: each authority's secrecy is its own."""
    accepted = counsellors_note(alpha)
    contact.release(by=alpha.actor("counsellor"), request_id=accepted.request_id)
    contact.take(by=alpha.actor("other_nurse"), request_id=accepted.request_id)
    notes = operations.read_notes(by=alpha.actor("other_nurse"), request_id=accepted.request_id)
    assert (notes.opened, notes.closed) == ((), 1)
    assert not ReadEntry.objects.filter(what="note").exists()
    shown = page(signed_in("other_nurse", "en"), accepted)
    assert WORD not in shown
    assert "There is 1 note by somebody with another duty of secrecy." in shown


def test_whoever_was_let_in_reads_the_notes_of_their_own_circle_alone(alpha, held) -> None:
    key = ContactRequest.objects.get().case_key_id
    for who in ("other_nurse", "counsellor"):
        walls.give_grant(
            by=alpha.actor("nurse"), case_key_id=key, account_id=alpha.people[who], basis="agreement",
            reason="Eleven sa ja", last_day=Post.objects.first().starts_on.replace(year=2026, month=9, day=20),
        )  # fmt: skip
    ours = operations.read_notes(by=alpha.actor("other_nurse"), request_id=held.request_id)
    theirs = operations.read_notes(by=alpha.actor("counsellor"), request_id=held.request_id)
    assert [note.text for note in ours.opened] == [WORD]
    assert (theirs.opened, theirs.closed) == ((), 1)


def test_two_persons_take_the_notes_out_with_the_case(alpha, held, signed_in) -> None:
    asked = walls.ask_opening(
        by=alpha.actor("lead"), number=held.case_number, basis="court", scope="with_log",
        reason="Vedtak 12/26", reader_id=alpha.people["counsellor"], hours=2,
    )  # fmt: skip
    walls.confirm_opening(by=alpha.actor("admin"), opening_id=asked.pk)
    shown = words(act(signed_in("counsellor", "en"), held, "take-out"))
    assert WORD in shown
    assert ReadEntry.objects.get(what="note").why == "by two persons: court"


def test_notes_go_with_the_request(alpha, held, settings) -> None:
    assert Note.objects.exists()
    ContactRequest.objects.filter(pk=held.request_id).update(taken_by=None, taken_at=None, state="waiting")
    request = ContactRequest.objects.get(pk=held.request_id)
    request.messages.all().delete()
    request.delete()
    assert not Note.objects.exists()
    assert not NoteVersion.objects.exists()


def test_a_note_of_one_request_is_not_there_beside_another(alpha, held) -> None:
    other = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=other.request_id)
    note: UUID = Note.objects.get().pk
    with pytest.raises(NotFound):
        operations.delete_note(by=alpha.actor("nurse"), request_id=other.request_id, note_id=note)


def test_a_note_has_a_limit_and_refuses_in_words(alpha, held) -> None:
    with pytest.raises(Invalid):
        operations.add_note(by=alpha.actor("nurse"), request_id=held.request_id, text="x" * 10_001)
    with pytest.raises(Conflict):
        operations.edit_note(
            by=alpha.actor("nurse"),
            request_id=held.request_id,
            note_id=Note.objects.get().pk,
            text="y",
            seen=9,
        )
