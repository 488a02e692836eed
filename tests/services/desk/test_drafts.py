"""Drafts: what is typed and not sent survives, sealed, for the one who typed it alone; gone when it is sent."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import Entry, ReadEntry
from kernel.errors import Invalid, NotAllowed, NotFound
from services.contact import operations as contact
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.queries import reads_by_adults
from services.desk import operations
from services.desk.models import Draft
from tests.cast import World
from tests.services.contact.people import knock, visitor
from tests.services.desk.test_case import act, mark, words

pytestmark = pytest.mark.django_db
WORD = "Kanarikladd som ikke er ferdig"


@pytest.fixture
def held(alpha: World) -> contact.Accepted:
    accepted = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    return accepted


def page(client: Client, accepted: contact.Accepted) -> str:
    return words(client.get(f"/desk/{accepted.request_id}/"))


def quietly(client: Client, accepted: contact.Accepted, text: str, **more: str) -> int:
    """As the script does, from one window unless `once` says which."""
    said = {"once": "one window", "draft": "reply", "quiet": "1", "text": text, **more}
    return act(client, accepted, "draft", **said).status_code


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_what_was_typed_stands_in_its_field_when_one_comes_back(held, nora: Client, kind: str) -> None:
    assert act(nora, held, "draft", quiet="1", draft=kind, text=WORD).status_code == 204
    assert f"{WORD}</textarea>" in page(nora, held)
    assert page(nora, held).count(WORD) == 1


def test_the_forms_own_button_keeps_it_without_a_script(held, nora: Client) -> None:
    assert 'name="draft" value="reply"' in page(nora, held)
    answer = act(nora, held, "draft", draft="reply", text=WORD)
    assert answer.status_code == 302
    shown = page(nora, held)
    assert "Your draft is kept." in shown
    assert f"{WORD}</textarea>" in shown


def test_one_draft_a_person_case_and_kind_sealed_and_read_by_the_log(alpha, held, nora: Client) -> None:
    for text in ("Første", WORD):
        quietly(nora, held, text)
    row = Draft.objects.values().get()
    assert WORD.encode() not in bytes(row["text"])
    assert WORD not in str(list(Entry.objects.values()))
    assert Entry.objects.filter(verb="desk.begin_draft").count() == 1
    page(nora, held)
    assert ReadEntry.objects.get(what="draft").why == "own draft"
    request = ContactRequest.objects.get(pk=held.request_id)
    assert {read.why for read in reads_by_adults(request)} == {"to answer"}


def test_sending_removes_it_and_what_comes_late_from_that_form_is_not_kept(held, nora: Client) -> None:
    form = mark(page(nora, held))
    quietly(nora, held, WORD, once=form)
    act(nora, held, "reply", text=WORD, once=form)
    assert not Draft.objects.exists()
    assert quietly(nora, held, WORD, once=form) == 409
    assert not Draft.objects.exists()
    assert quietly(nora, held, "Neste", once=mark(page(nora, held))) == 204
    assert Draft.objects.count() == 1


def test_keeping_a_note_removes_the_notes_draft_alone(held, nora: Client) -> None:
    for kind in ("reply", "note"):
        quietly(nora, held, WORD, draft=kind, once=kind)
    act(nora, held, "notes", text=WORD, once="note")
    assert [draft.kind for draft in Draft.objects.all()] == ["reply"]


def test_nobody_else_ever_sees_it(alpha, held, nora: Client, signed_in, at) -> None:
    quietly(nora, held, WORD)
    contact.release(by=alpha.actor("nurse"), request_id=held.request_id)
    signe = signed_in("second_nurse", "en")
    act(signe, held, "take")
    assert WORD not in page(signe, held)
    assert operations.read_drafts(by=alpha.actor("second_nurse"), request_id=held.request_id) == {}
    for text in ("Signes egen", ""):
        quietly(signe, held, text)
        mine = operations.read_drafts(by=alpha.actor("nurse"), request_id=held.request_id)
        assert mine == {"reply": WORD}
    assert WORD not in str(contact.read_conversation(by=visitor(held), request_id=held.request_id))
    for who in ("counsellor", "lead", "admin"):
        assert operations.read_drafts(by=alpha.actor(who), request_id=held.request_id) == {}
        with pytest.raises((NotAllowed, NotFound)):
            operations.save_draft(by=alpha.actor(who), request_id=held.request_id, kind="reply", text="x")


def test_when_a_colleague_takes_it_first_the_seconds_text_stays_with_the_second(
    alpha, nora: Client, held
) -> None:
    """Nora types; it comes to Signe meanwhile; Nora's press says so, and her words are hers when she comes back."""
    contact.release(by=alpha.actor("nurse"), request_id=held.request_id)
    contact.take(by=alpha.actor("second_nurse"), request_id=held.request_id)
    refused = words(act(nora, held, "reply", text=WORD), 409)
    assert WORD in refused
    again = page(nora, held)
    assert f"{WORD}</textarea>" in again
    assert "Your text, not sent" in again
    act(nora, held, "draft", drop="reply")
    assert WORD not in page(nora, held)
    assert not ConversationMessage.objects.filter(sender="helper").exists()


def test_blanks_throw_it_away_and_too_much_is_refused_with_every_word(held, nora: Client) -> None:
    quietly(nora, held, WORD)
    quietly(nora, held, "  ")
    assert not Draft.objects.exists()
    shown = words(act(nora, held, "draft", draft="reply", text="x" * 40_001), 422)
    assert "x" * 40_001 in shown


def test_old_drafts_are_forgotten_after_thirty_days(alpha, held, clock: time_machine.Traveller) -> None:
    operations.save_draft(by=alpha.actor("nurse"), request_id=held.request_id, kind="reply", text=WORD)
    clock.shift(timedelta(days=30))
    assert operations.forget_drafts(by=MACHINE) == 0
    clock.shift(timedelta(seconds=1))
    assert operations.forget_drafts(by=MACHINE) == 1
    with pytest.raises(NotAllowed):
        operations.forget_drafts(by=alpha.actor("nurse"))


def test_signed_out_while_typing_a_quiet_save_says_no_and_a_press_shows_the_words(alpha, held, at) -> None:
    stranger = at(alpha.alpha)
    answer = act(stranger, held, "draft", quiet="1", draft="reply", text=WORD)
    assert answer.status_code == 403
    assert WORD in answer.content.decode()
    assert not Draft.objects.exists()


def test_an_unknown_kind_is_not_there(alpha, held) -> None:
    with pytest.raises(NotFound):
        operations.save_draft(by=alpha.actor("nurse"), request_id=held.request_id, kind="diary", text=WORD)
    with pytest.raises(Invalid):
        operations.save_draft(
            by=alpha.actor("nurse"), request_id=held.request_id, kind="note", text="x" * 40_001
        )


# --- two windows --------------------------------------------------------------------------------------------------


def kept(world: World, accepted: contact.Accepted) -> dict[str, str]:
    return dict(operations.read_drafts(by=world.actor("nurse"), request_id=accepted.request_id))


def seen(html: str, nth: int = 0) -> str:
    return re.findall(r'name="seen" value="([^"]*)"', html)[nth]


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_second_window_neither_overwrites_nor_blanks_what_the_first_wrote(
    alpha: World, held, nora: Client, kind: str
) -> None:
    assert quietly(nora, held, "Begynt", draft=kind, once="phone") == 204
    assert quietly(nora, held, WORD, draft=kind, once="phone") == 204, "the same window goes on"
    assert quietly(nora, held, "x", draft=kind, once="tab") == 409
    assert quietly(nora, held, "  ", draft=kind, once="tab") == 204
    pressed = words(act(nora, held, "draft", draft=kind, text="Noe annet", once="tab"), 409)
    assert "in another window" in pressed
    assert "Noe annet</textarea>" in pressed
    assert kept(alpha, held) == {kind: WORD}


@pytest.mark.parametrize(("verb", "kind"), [("reply", "reply"), ("notes", "note")])
def test_sending_from_one_window_leaves_what_another_wrote(
    alpha: World, held, nora: Client, verb: str, kind: str
) -> None:
    quietly(nora, held, WORD, draft=kind, once="phone")
    act(nora, held, verb, text="Hei", once="tab")
    act(nora, held, verb, text="Hei igjen")
    assert kept(alpha, held) == {kind: WORD}
    act(nora, held, verb, text=f"{WORD}, og mer", once="phone")
    assert kept(alpha, held) == {}


def test_the_window_that_shows_a_draft_goes_on_with_it_and_the_older_one_does_not(
    alpha: World, held, nora: Client
) -> None:
    quietly(nora, held, WORD, once="phone")
    shown = page(nora, held)
    newer, version = mark(shown), seen(shown)
    assert quietly(nora, held, f"{WORD} 2", once=newer, seen=version) == 204
    assert quietly(nora, held, "gammelt", once="phone") == 409
    assert quietly(nora, held, "sett før", once="tab", seen=version) == 409
    assert quietly(nora, held, f"{WORD} 3", once=newer, seen=version) == 204
    assert kept(alpha, held) == {"reply": f"{WORD} 3"}


def test_a_refused_page_goes_on_with_its_own_draft_and_never_with_anothers(
    alpha: World, held, nora: Client
) -> None:
    quietly(nora, held, WORD, once="phone")
    own = words(act(nora, held, "draft", draft="reply", text="x" * 40_001, once="phone"), 422)
    assert quietly(nora, held, f"{WORD} kortere", once=mark(own), seen=seen(own)) == 204
    other = words(act(nora, held, "draft", draft="reply", text="x" * 40_001, once="tab"), 422)
    assert quietly(nora, held, "kort", once=mark(other), seen=seen(other)) == 409
    assert kept(alpha, held) == {"reply": f"{WORD} kortere"}
