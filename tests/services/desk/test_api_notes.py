"""Private notes for programs: what the page can do, by the same rules."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from kernel.audit.models import Entry, ReadEntry
from services.contact import operations as contact
from services.desk.models import Note, NoteVersion
from tests.cast import World
from tests.services.contact.people import knock

pytestmark = pytest.mark.django_db
WORD = "Ringe moren? Nei."


@pytest.fixture
def notes(alpha: World) -> str:
    """Where the notes of a request are that Nora has."""
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    return f"requests/{accepted.request_id}/notes"


def test_a_note_is_kept_read_changed_deleted_and_had_back(alpha: World, api: Callable, notes: str) -> None:
    call = api("nurse")
    kept = call("post", notes, {"text": WORD})
    assert kept.status_code == 201
    one = f"{notes}/{kept.json()['id']}"
    assert WORD not in kept.content.decode()
    changed = call("patch", one, {"text": "Ringe faren", "version": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert not ReadEntry.objects.filter(what="note").exists()
    listed = call("get", notes).json()
    assert listed["closed"] == 0
    (note,) = listed["results"]
    assert (note["text"], note["mine"], note["version"]) == ("Ringe faren", True, 2)
    assert [before["text"] for before in note["earlier"]] == [WORD]
    assert ReadEntry.objects.filter(what="note").count() == 1
    deleted = call("post", f"{one}/delete")
    assert (deleted.status_code, deleted.json()["undo_until"]) == (200, "2026-09-15T08:10:30Z")
    assert call("get", notes).json()["results"] == []
    assert call("post", f"{one}/restore").json()["undo_until"] is None
    assert len(call("get", notes).json()["results"]) == 1
    verbs = [verb for verb in Entry.objects.values_list("verb", flat=True) if verb.startswith("desk.")]
    assert set(verbs) == {"desk.add_note", "desk.edit_note", "desk.delete_note", "desk.restore_note"}


def test_what_was_changed_meanwhile_is_never_written_over_nor_what_is_gone_had_back(
    alpha: World, api: Callable, notes: str, clock: time_machine.Traveller
) -> None:
    call = api("nurse")
    one = f"{notes}/{call('post', notes, {'text': WORD}).json()['id']}"
    assert call("patch", one, {"text": "a", "version": 1}).status_code == 200
    lost = call("patch", one, {"text": "b", "version": 1})
    assert lost.status_code == 409
    assert NoteVersion.objects.count() == 2
    call("post", f"{one}/delete")
    assert call("patch", one, {"text": "c", "version": 2}).status_code == 409
    clock.shift(timedelta(minutes=11))
    assert call("post", f"{one}/restore").status_code == 409
    empty = call("post", notes, {"text": "  "})
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "text")


def test_nobody_else_keeps_reads_or_changes_a_note(alpha: World, api: Callable, notes: str) -> None:
    one = f"{notes}/{api('nurse')('post', notes, {'text': WORD}).json()['id']}"
    colleague, stranger = api("second_nurse"), api("counsellor")
    for program, status in ((colleague, 403), (stranger, 404)):
        assert program("post", notes, {"text": "x"}).status_code == status
        assert program("patch", one, {"text": "x", "version": 1}).status_code == status
        assert program("post", f"{one}/delete").status_code == status
        assert program("post", f"{one}/restore").status_code == status
        assert WORD not in program("get", notes).content.decode()
    reads = api("nurse", ("desk:read",))
    assert reads("get", notes).status_code == 200
    assert reads("post", notes, {"text": "x"}).status_code == 403
    assert Note.objects.count() == 1
