"""Rooms above bring their part to the student's page, and their forms keep the rules of the student's state."""

from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client

from kernel.actor import MACHINE, Actor
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from services.contact import operations, panels
from services.contact.models import ContactRequest
from services.contact.panels import Panel, Seen
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_pages import hidden

pytestmark = pytest.mark.django_db
WORD = "A word from another room"
TYPED = "Jeg kan ikke på tirsdager"


class Room:
    """A room with one panel: what it saw, what was done, and what it refuses."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.done: list[tuple[UUID, str]] = []
        self.refuses: Exception | None = None
        self.silent = False

    def context(self, _request: HttpRequest, seen: Seen) -> dict[str, Any] | None:
        self.seen.append(seen)
        return None if self.silent else {"text": WORD}

    def act(self, request: HttpRequest, by: Actor, case_id: UUID) -> None:
        if self.refuses:
            raise self.refuses
        assert by.case_id == case_id
        self.done.append((case_id, request.POST.get("text", "")))


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    made = Room()
    monkeypatch.setattr(panels, "_panels", {})
    panels.register(Panel("word", "promise", "ui/chip.html", made.context, made.act))
    return made


@pytest.fixture
def phone(alpha: World, at: Any) -> Client:
    return at(alpha.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def code(alpha: World, phone: Client) -> str:
    receipt = knock(alpha).receipt
    assert phone.post("/receipt/", {"receipt": receipt}).status_code == 303
    return receipt


def page(phone: Client) -> str:
    return phone.get("/conversation/").content.decode()


def form(phone: Client, **said: str) -> dict[str, str]:
    return hidden(page(phone)) | said


def test_a_panel_says_what_it_has_and_nothing_when_it_has_nothing(room, phone, code) -> None:
    assert WORD in page(phone)
    room.silent = True
    assert WORD not in page(phone)


def test_a_panel_sees_the_conversation_only_after_its_reading_is_in_the_log(room, phone, code) -> None:
    page(phone)
    seen = room.seen[-1]
    assert seen.opened.lines
    assert seen.standing.word == "waiting"
    assert ReadEntry.objects.filter(case_key_id=seen.opened.request.case_key_id).exists()


def test_what_is_sent_reaches_the_room_once_also_when_the_button_is_pressed_twice(room, phone, code) -> None:
    sent = form(phone, text=TYPED)
    first, second = phone.post("/conversation/word/", sent), phone.post("/conversation/word/", sent)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == "/conversation/#word"
    assert [text for _case, text in room.done] == [TYPED]


def test_another_site_or_a_form_without_our_proof_does_nothing(room, phone, code) -> None:
    sent = form(phone)
    assert phone.post("/conversation/word/", sent | {"proof": "guessed"}).status_code == 403
    foreign = phone.post("/conversation/word/", sent, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    assert room.done == []


def test_a_mistake_and_a_lost_race_come_back_on_the_page_in_words(room, phone, code) -> None:
    room.refuses = Invalid(text="Write a few words.")
    answer = phone.post("/conversation/word/", form(phone, text=TYPED))
    assert answer.status_code == 422
    assert "Write a few words." in answer.content.decode()
    assert room.seen[-1].posted["text"] == TYPED
    assert room.seen[-1].errors == (("id_text", "Write a few words."),)
    room.refuses = Conflict("That time was taken back.")
    answer = phone.post("/conversation/word/", form(phone))
    assert answer.status_code == 409
    assert "That time was taken back." in answer.content.decode()


def test_words_typed_after_the_visit_ended_wait_for_the_code_and_are_then_sent(room, phone, code) -> None:
    sent = form(phone, text=TYPED, choice="none", act="none")
    phone.cookies.clear()
    kept = phone.post("/conversation/word/", sent)
    assert kept.status_code == 409
    html = kept.content.decode()
    assert TYPED in html
    assert 'action="/conversation/word/"' in html
    assert hidden(html)["choice"] == "none"
    wrong = phone.post("/conversation/word/", hidden(html) | {"text": TYPED, "receipt": "nothing"})
    assert wrong.status_code == 404
    assert TYPED in wrong.content.decode()
    again = phone.post("/conversation/word/", hidden(html) | {"text": TYPED, "receipt": code, "act": "none"})
    assert again.status_code == 303
    assert [text for _case, text in room.done] == [TYPED]


def test_a_press_without_words_after_the_visit_ended_asks_for_the_code(room, phone, code) -> None:
    sent = form(phone)
    phone.cookies.clear()
    answer = phone.post("/conversation/word/", sent)
    assert answer["Location"] == "/receipt/?expired"
    assert room.done == []


def test_words_stay_on_the_page_while_the_database_is_away(room, phone, code) -> None:
    sent = form(phone, text=TYPED)
    room.refuses = OperationalError()
    answer = phone.post("/conversation/word/", sent)
    assert answer.status_code == 503
    assert TYPED in answer.content.decode()


REFUSALS = [NotFound(), NotFound("This time is not there any more."), NotAllowed(), Unavailable()]


@pytest.mark.parametrize("refused", REFUSALS)
def test_whatever_an_operation_refuses_the_words_come_back_and_the_page_says_it(
    room, phone, code, refused
) -> None:
    """The panel of this room has no place for words: they stand in the form for writing."""
    room.refuses = refused
    answer = phone.post("/conversation/word/", form(phone, text=TYPED))
    assert answer.status_code == refused.status
    html = answer.content.decode()
    assert TYPED in html[html.index('name="text"') :]
    assert (str(refused.detail) or "This is not there any more. Your page is up to date now.") in html
    assert room.seen[-1].errors


def test_words_that_stand_in_their_panel_stand_there_alone(room, phone, code) -> None:
    room.context = lambda _request, seen: {"text": seen.posted["text"] if seen.posted else WORD}
    panels._panels.clear()
    panels.register(Panel("word", "promise", "ui/chip.html", room.context, room.act))
    room.refuses = Conflict("That time was taken back.")
    html = phone.post("/conversation/word/", form(phone, text=TYPED)).content.decode()
    assert html.count(TYPED) == 1


def test_words_for_a_conversation_that_is_gone_come_along_to_a_new_knock(alpha, room, phone, code) -> None:
    sent = form(phone, text=TYPED)
    operations.forget(by=MACHINE, request_ids=[ContactRequest.objects.get().pk])
    room.refuses = NotFound()
    visit = phone.cookies["visit"].value
    for address in ("/conversation/word/", "/conversation/"):
        phone.cookies["visit"] = visit
        answer = phone.post(address, sent)
        html = answer.content.decode()
        assert answer.status_code == 410
        assert "This conversation is not here any more." in html
        assert 'action="/knock/"' in html
        assert TYPED in html[html.index('name="message"') :]
    assert TYPED in phone.post("/knock/", {"message": TYPED}).content.decode()


def test_words_for_a_panel_nobody_brings_any_more_can_be_sent_as_a_message(room, phone, code) -> None:
    answer = phone.post("/conversation/nobody/", form(phone, text=TYPED))
    html = answer.content.decode()
    assert answer.status_code == 404
    assert phone.post("/conversation/", hidden(html) | {"text": TYPED, "act": "message"}).status_code == 303
    assert TYPED in page(phone)


def test_a_panel_nobody_brought_or_one_that_takes_nothing_has_no_address(room, phone, code) -> None:
    panels.register(Panel("mute", "more", "ui/chip.html", lambda _request, _seen: None))
    for name in ("mute", "nobody"):
        assert phone.post(f"/conversation/{name}/", form(phone)).status_code == 404
    assert phone.get("/conversation/word/")["Location"] == "/conversation/"


def test_two_panels_never_share_a_name(room) -> None:
    with pytest.raises(ValueError, match="word"):
        panels.register(Panel("word", "more", "ui/chip.html", lambda _request, _seen: None))


def test_the_frame_of_a_form_carries_what_the_students_state_asks_for(room, phone, code) -> None:
    given = {"panel": panels.named("word"), "proof": "a proof", "once": "a mark", "csrf_token": ""}
    html = render_to_string("contact/panel-form.html", given)
    assert hidden(html) == {"proof": "a proof", "once": "a mark"}
    assert 'action="/conversation/word/"' in html
