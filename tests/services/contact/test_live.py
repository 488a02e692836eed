"""The open page asks whether anything is new: without a body, without a cookie, without a row in the read log."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.audit.models import ReadEntry
from services.contact import operations
from services.contact.live import mark_of
from services.contact.operations import Accepted
from services.promises.sweep import break_due
from tests.cast import World
from tests.services.contact.people import SECRET, knock, visitor
from tests.services.contact.test_handover import row

pytestmark = pytest.mark.django_db
STATE = "/conversation/state/"


@pytest.fixture
def accepted(alpha: World) -> Accepted:
    return knock(alpha)


@pytest.fixture
def client(alpha: World, at: Any, accepted: Accepted) -> Client:
    browser: Client = at(alpha.alpha, headers={"accept-language": "en"})
    browser.post("/receipt/", {"receipt": accepted.receipt})
    return browser


def ask(client: Client, mark: str) -> Any:
    return client.get(STATE, headers={"if-none-match": f'"{mark}"'})


def test_nothing_new_is_304_and_an_answer_is_204_with_another_mark_and_never_a_body(
    alpha: World, client: Client, accepted: Accepted
) -> None:
    page = client.get("/conversation/").content.decode()
    mark = mark_of(row(accepted))
    assert f'data-live="{mark}"' in page
    same = ask(client, mark)
    assert (same.status_code, same.content) == (304, b"")
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    news = ask(client, mark)
    assert (news.status_code, news.content) == (204, b"")
    newer = news["ETag"].strip('"')
    assert newer.split(".")[0] != mark.split(".")[0], "an answer is told apart from other news"
    assert ask(client, newer).status_code == 304


def test_asking_writes_nothing_prolongs_nothing_and_leaves_no_trace(
    client: Client, accepted: Accepted, clock: time_machine.Traveller
) -> None:
    client.get("/conversation/")
    reads = ReadEntry.objects.count()
    answer = ask(client, "x")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert SECRET not in str(answer.headers)
    assert str(accepted.request_id) not in str(answer.headers)
    assert ReadEntry.objects.count() == reads
    for _minute in range(21):
        clock.shift(timedelta(minutes=1))
        last = ask(client, "x")
    assert last.status_code == 404, "a page that nobody touches closes after its twenty minutes"


def test_without_an_open_conversation_there_is_nothing_to_ask(alpha: World, at: Any) -> None:
    assert at(alpha.alpha).get(STATE).status_code == 404
    assert at(alpha.alpha).post(STATE).status_code in (403, 405)


def test_a_promise_that_runs_out_is_news_before_the_sweep_and_marking_it_none(
    client: Client, accepted: Accepted, clock: time_machine.Traveller
) -> None:
    before = mark_of(row(accepted))
    clock.move_to(accepted.due_at + timedelta(seconds=1))
    after = mark_of(row(accepted))
    assert after != before
    break_due()
    assert mark_of(row(accepted)).split(".")[0] == after.split(".")[0]


def test_a_reply_that_can_be_taken_back_is_no_news_until_its_student_sees_it(
    alpha: World, accepted: Accepted, clock: time_machine.Traveller
) -> None:
    before = mark_of(row(accepted)).split(".")[0]
    operations.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei", can_undo=True)
    assert mark_of(row(accepted)).split(".")[0] == before
    clock.shift(operations.SEEN_AFTER + timedelta(seconds=1))
    assert mark_of(row(accepted)).split(".")[0] != before


def test_ones_own_words_are_no_news(accepted: Accepted) -> None:
    before = mark_of(row(accepted))
    operations.student_writes(by=visitor(accepted), request_id=accepted.request_id, text="Hallo?")
    assert mark_of(row(accepted)) == before


def test_two_conversations_that_stand_alike_have_other_marks(alpha: World, accepted: Accepted) -> None:
    assert mark_of(row(accepted)) != mark_of(row(knock(alpha)))


def test_the_page_works_without_a_script_by_a_plain_link(client: Client) -> None:
    page = client.get("/conversation/").content.decode()
    assert '<a class="link" href="/conversation/">' in page or "See if there is an answer" in page
    assert 'role="status"' in page
