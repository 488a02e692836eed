"""What is sent again is never told twice, and never promised again once nobody answers any more."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel import clock as kernel_clock
from services.contact import operations
from services.contact.models import ConversationMessage
from services.promises.models import Promise
from services.promises.queries import promises_of
from tests.cast import World
from tests.services.contact.people import knock, reach_and_close, read_and_close, visitor

pytestmark = pytest.mark.django_db
WORDS = "Kan jeg komme i morgen?"


def texts(accepted: operations.Accepted) -> int:
    return ConversationMessage.objects.filter(request_id=accepted.request_id).count()


def opened(browser: Client, accepted: operations.Accepted) -> dict[str, str]:
    """The hidden fields of the form on the conversation's page."""
    browser.post("/receipt/", {"receipt": accepted.receipt})
    html = browser.get("/conversation/").content.decode()
    form = html[html.index("data-once") :]
    return dict(re.findall(r'name="(proof|once|was_open)" value="([^"]+)"', form[: form.index("</form>")]))


@pytest.fixture
def phone(alpha: World, at: Callable[..., Client]) -> Client:
    return at(alpha.alpha, headers={"accept-language": "en"})


def test_the_send_button_pressed_three_times_sends_once(alpha: World, phone: Client) -> None:
    accepted = knock(alpha)
    form = opened(phone, accepted) | {"text": WORDS, "act": "message"}
    for _press in range(3):
        assert phone.post("/conversation/", form).status_code == 303
    assert texts(accepted) == 2
    again = opened(phone, accepted)
    assert again["once"] != form["once"]
    phone.post("/conversation/", form | again)
    assert texts(accepted) == 3


def test_a_program_that_sends_again_with_its_key_is_heard_once(alpha: World, phone: Client) -> None:
    accepted, key = knock(alpha), uuid.uuid4().hex
    body = {"receipt": accepted.receipt, "text": WORDS}

    def send(**headers: str) -> int:
        answer = phone.post(
            "/api/v1/receipts/messages", body, content_type="application/json", headers=headers
        )
        return answer.status_code

    assert [send(idempotency_key=key) for _time in range(3)] == [201, 201, 201]
    assert texts(accepted) == 2
    assert send(idempotency_key="short") == 400
    assert send() == 201
    assert texts(accepted) == 3


@pytest.mark.parametrize("ended", ["withdrawn", "closed"])
def test_a_knock_sent_again_after_its_end_promises_nothing(alpha: World, ended: str) -> None:
    key = uuid.uuid4().hex
    accepted = knock(alpha, idempotency_key=key)
    assert accepted.is_open
    if ended == "withdrawn":
        operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    else:
        reach_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    again = knock(alpha, idempotency_key=key)
    assert (again.receipt, again.is_open) == (accepted.receipt, False)


def test_the_page_of_a_knock_sent_again_after_withdrawing_says_so(alpha: World, phone: Client) -> None:
    said = {
        "step": "check", "school": alpha.school, "role": alpha.nurse_role, "channel": "conversation",
        "message": WORDS, "key": uuid.uuid4().hex,
    }  # fmt: skip
    first = phone.post("/knock/", said).content.decode()
    assert "You hear from us by" in first
    code = re.search(r'name="receipt" value="([^"]+)"', first)
    assert code is not None
    actor = operations.open_by_receipt(code[1])
    operations.withdraw(by=actor, request_id=actor.case_id or uuid.uuid4())
    second = phone.post("/knock/", said).content.decode()
    assert "You hear from us by" not in second
    assert "Do you still need help? Open it and say so." in second
    assert code[1] in second


def test_asking_again_after_a_promise_that_ran_out_unswept_breaks_it_and_gives_a_new_one(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted, nurse = knock(alpha), alpha.actor("nurse")

    def close_and_ask() -> None:
        read_and_close(by=nurse, request_id=accepted.request_id, outcome="not_reached")
        operations.student_writes(
            by=visitor(accepted), request_id=accepted.request_id, text=WORDS, still_need_help=True
        )

    operations.reply(by=nurse, request_id=accepted.request_id, text="Hei")
    close_and_ask()
    (first,) = [one for one in promises_of(accepted.request_id) if one.kind == Promise.Kind.REOPENED]
    clock.move_to(first.due_at + timedelta(seconds=5))
    close_and_ask()
    newest, old = [one for one in promises_of(accepted.request_id) if one.kind == Promise.Kind.REOPENED]
    assert old.broken_at is not None
    assert newest.due_at > kernel_clock.now()
    assert texts(accepted) == 4


def test_withdrawing_in_the_minute_of_due_but_after_it_leaves_the_promise_to_break(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha)
    (promise,) = promises_of(accepted.request_id)
    assert promise.due_at.second == 0
    clock.move_to(promise.due_at + timedelta(seconds=20))
    operations.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    (promise,) = promises_of(accepted.request_id)
    assert promise.ended_at is None
    assert promise.state_at(kernel_clock.now()) == "broken"
