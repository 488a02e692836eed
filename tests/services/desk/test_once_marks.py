"""A mark stops the same form sent twice, and nothing else; a text outlives the session it was written in."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.test import Client

from services.contact import operations
from services.contact.models import ContactAttempt, ConversationMessage
from tests.cast import World
from tests.services.contact.people import NUMBER, knock
from tests.services.desk.test_case import DRAFT, act, mark, opened, words

OTHER = "Nei forresten: kom til meg klokka tolv i dag"


def replies(accepted: operations.Accepted) -> int:
    return ConversationMessage.objects.filter(request_id=accepted.request_id, sender="helper").count()


def test_other_words_under_the_same_mark_are_sent_as_well(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    once = mark(opened(nora, accepted))
    for text in (DRAFT, DRAFT, OTHER, OTHER):
        assert act(nora, accepted, "reply", text=text, once=once).status_code == 302
    assert replies(accepted) == 2
    assert OTHER in opened(nora, accepted)


def test_a_mark_of_one_request_does_not_swallow_a_reply_to_another(alpha: World, nora: Client) -> None:
    first, second = knock(alpha), knock(alpha)
    act(nora, first, "take")
    once = mark(opened(nora, first))
    for accepted in (first, second):
        act(nora, accepted, "reply", text=DRAFT, once=once)
        assert replies(accepted) == 1


def test_a_colleague_with_the_same_mark_is_not_told_that_it_was_done(
    alpha: World, nora: Client, signed_in: Callable[[str], Client]
) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    act(nora, accepted, "reply", text=DRAFT, once="same-mark")
    answer = act(signed_in("second_nurse"), accepted, "reply", text=DRAFT, once="same-mark")
    assert DRAFT in words(answer, 409)


def test_another_call_under_the_same_mark_is_recorded_the_same_one_is_not(
    alpha: World, nora: Client, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    act(nora, accepted, "take")
    once = mark(opened(nora, accepted))
    for outcome in ("attempted", "attempted", "reached"):
        act(nora, accepted, "contact", kind="phone", outcome=outcome, once=once)
        clock.shift(timedelta(minutes=1))
    assert list(ContactAttempt.objects.order_by("at").values_list("outcome", flat=True)) == [
        "attempted",
        "reached",
    ]


def test_a_text_written_after_signing_out_elsewhere_is_given_back(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    act(nora, accepted, "take")
    nora.session.flush()
    html = words(act(nora, accepted, "reply", text=DRAFT), 403)
    assert DRAFT in html
    assert "You have been signed out" in html
    assert not replies(accepted)


def test_without_a_text_a_visitor_is_led_to_sign_in(alpha: World, nora: Client) -> None:
    accepted = knock(alpha)
    nora.cookies.clear()
    assert act(nora, accepted, "take")["Location"].startswith("/sign-in/")
