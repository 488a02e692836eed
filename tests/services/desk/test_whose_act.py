"""Undo of taking is for who took it by their own press, and the box of what to do for who is to do it."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from time_machine import Traveller

from kernel.actor import MACHINE
from services.contact import operations
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import knock
from tests.services.contact.test_handover import offer

type Browser = Callable[[str, str], Client]

TAKEN, HIS = "You have taken this.", "You need not do anything."
BOX = 'class="promise"'
MINUTE = timedelta(minutes=1)
CALL = {"channel_kind": "phone", "channel_value": "+4791234567"}


def said(client: Client, accepted: operations.Accepted, act: str = "", **typed: str) -> str:
    """The page of the request; with an `act`, the one that follows it."""
    page = f"/desk/{accepted.request_id}/"
    answer = client.post(f"{page}{act}/", typed, follow=True) if act else client.get(page)
    return unescape(answer.content.decode())


def test_what_an_administrator_gave_has_no_undo_also_when_pressed_again(
    alpha: World, nora: Client, clock: Traveller
) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    operations.hand_on(by=MACHINE, item_id=accepted.request_id, to=alpha.people["nurse"])
    clock.shift(timedelta(seconds=5))
    for page in (said(nora, accepted), said(nora, accepted, "take")):
        assert TAKEN not in page
        assert ">Undo<" not in page


def test_what_came_when_its_promise_broke_says_who_had_it(
    alpha: World, signed_in: Browser, clock: Traveller
) -> None:
    accepted = knock(alpha)
    operations.take(by=alpha.actor("second_nurse"), request_id=accepted.request_id)
    clock.move_to(accepted.due_at + MINUTE)
    break_due()
    nora = signed_in("nurse", "en")
    came = said(nora, accepted)
    assert TAKEN not in came
    assert "Signe had this." in came
    assert "The promise broke, and it came to you " in came
    said(nora, accepted, "release")
    clock.shift(2 * MINUTE)
    taken = said(nora, accepted, "take")
    assert TAKEN in taken
    assert "had this." not in taken, "it came by her own press"


def test_the_undo_of_taking_goes_with_the_next_act(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    page = said(nora, accepted, "take")
    assert TAKEN in page
    assert f'action="/desk/{accepted.request_id}/release/" data-once data-gone="60"' in page
    operations.read_conversation(by=alpha.actor("nurse"), request_id=accepted.request_id)
    offer(alpha, accepted)
    assert "Offered to Carl" in (page := said(nora, accepted))
    assert ">Undo<" not in page


def test_of_two_acts_the_newest_alone_can_be_undone(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    nora.post(f"/desk/{accepted.request_id}/take/")
    page = said(nora, accepted, "reply", text="Hei")
    assert page.count(">Undo<") == 1
    assert TAKEN not in page


def test_no_box_tells_to_act_on_what_a_colleague_has(alpha: World, nora: Client) -> None:
    accepted, signe = knock(alpha), alpha.actor("second_nurse")
    assert BOX in said(nora, accepted), "free"
    operations.take(by=signe, request_id=accepted.request_id)
    page = said(nora, accepted)
    assert BOX not in page
    assert HIS in page


def test_who_is_asked_reads_what_they_are_asked_and_not_that_they_need_do_nothing(
    alpha: World, nora: Client
) -> None:
    accepted, signe = knock(alpha), alpha.actor("second_nurse")
    operations.take(by=signe, request_id=accepted.request_id)
    operations.read_conversation(by=signe, request_id=accepted.request_id)
    offer(alpha, accepted, by="second_nurse", to="nurse")
    page = said(nora, accepted)
    assert page.count(BOX) == 1
    assert "Say yes or no by " in page
    assert HIS not in page
    assert "Only Signe can read it" not in page


@pytest.mark.parametrize(("kind", "sees"), [("phone", True), ("visit", False)])
def test_a_try_is_said_to_be_seen_only_where_it_is(alpha: World, nora: Client, kind: str, sees: bool) -> None:
    accepted = knock(alpha, **CALL)
    page = said(nora, accepted, "contact", kind=kind, outcome="attempted", at="")
    assert "You can take it back for ten seconds" in page
    assert ("then the student sees it" in page) is sees


def test_a_try_after_the_student_was_reached_is_not_said_to_be_seen(alpha: World, nora: Client) -> None:
    accepted = knock(alpha, **CALL)
    said(nora, accepted, "contact", kind="phone", outcome="reached", at="")
    page = said(nora, accepted, "contact", kind="phone", outcome="attempted", at="")
    assert "Written down: you tried." in page
    assert "then the student sees it" not in page


def test_stepping_aside_says_for_how_long_it_can_be_undone(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    page = said(nora, accepted, "step-aside")
    assert "You have stepped aside" in page
    assert '<span data-gone="10">You can take it back for ten seconds.</span>' in page
