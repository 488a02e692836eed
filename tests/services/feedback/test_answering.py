"""Did you get help: asked after closing, skipped as easily as answered, and shared only by the student."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from services.contact import operations as contact
from services.contact.operations import Accepted
from services.feedback import operations
from services.feedback.models import Feedback
from services.feedback.queries import about, shared_with
from services.promises.models import STANDING, Promise
from tests.cast import World
from tests.services.contact.people import knock, read_and_close, visitor
from tests.services.contact.test_handover import row, taken
from tests.services.contact.test_pages import hidden

pytestmark = pytest.mark.django_db
ASK = "/conversation/feedback/"
WORDS = "Takk for at du hørte på meg"


@pytest.fixture
def closed(alpha: World) -> Accepted:
    accepted = taken(alpha)
    read_and_close(by=alpha.actor("nurse"), request_id=accepted.request_id, outcome="helped")
    return accepted


def says(accepted: Accepted, said: str) -> Feedback:
    return operations.answer(by=visitor(accepted), request_id=accepted.request_id, said=said)


def shares(accepted: Accepted, text: str = "") -> Feedback:
    return operations.share(by=visitor(accepted), request_id=accepted.request_id, text=text)


@pytest.fixture
def client(alpha: World, at: Any, closed: Accepted) -> Client:
    browser: Client = at(alpha.alpha, headers={"accept-language": "en"})
    browser.post("/receipt/", {"receipt": closed.receipt})
    return browser


def read(client: Client) -> str:
    return client.get("/conversation/").content.decode()


def post(client: Client, **said: str) -> Any:
    frame = {name: value for name, value in hidden(read(client)).items() if name in ("proof", "once")}
    return client.post(ASK, {**frame, **said})


def test_it_is_asked_only_after_closing_and_never_where_the_student_took_it_back(alpha: World) -> None:
    accepted = taken(alpha)
    with pytest.raises(Conflict):
        says(accepted, "yes")
    contact.withdraw(by=visitor(accepted), request_id=accepted.request_id)
    with pytest.raises(Conflict):
        says(accepted, "yes")


def test_an_answer_opens_nothing_and_the_last_one_counts(closed: Accepted) -> None:
    for said in ("no", "no", "little"):
        says(closed, said)
    assert Feedback.objects.get().answer == "little"
    assert not row(closed).is_open
    assert not Promise.objects.filter(STANDING, subject_id=closed.request_id).exists()
    with pytest.raises(Invalid):
        says(closed, "maybe")


def test_only_its_student_answers(alpha: World, closed: Accepted) -> None:
    other = visitor(knock(alpha))
    for by in (other, alpha.actor("nurse"), alpha.actor("lead")):
        with pytest.raises((NotFound, NotAllowed)):
            operations.answer(by=by, request_id=closed.request_id, said="yes")
    assert not Feedback.objects.exists()


def test_no_adult_sees_it_unless_the_student_wants(alpha: World, closed: Accepted) -> None:
    says(closed, "little")
    assert shared_with(alpha.actor("nurse"), row(closed)) == []
    shares(closed, WORDS)
    (told,) = shared_with(alpha.actor("nurse"), row(closed))
    assert (told.answer, told.words) == ("little", WORDS)
    assert ReadEntry.objects.filter(what="feedback").count() == 1
    for who in ("counsellor", "lead", "admin", "other_nurse"):
        assert shared_with(alpha.actor(who), row(closed)) == []


def test_what_was_shared_stays_and_what_was_skipped_is_shared_by_nobody(closed: Accepted) -> None:
    says(closed, "skipped")
    with pytest.raises(Conflict):
        shares(closed, WORDS)
    says(closed, "yes")
    shares(closed)
    says(closed, "no")
    assert Feedback.objects.get().answer == "yes"


def test_asked_anew_after_each_closing_and_forgotten_with_a_closing_that_was_a_slip(
    alpha: World, closed: Accepted, clock: time_machine.Traveller
) -> None:
    says(closed, "no")
    contact.undo_close(by=alpha.actor("nurse"), request_id=closed.request_id)
    assert not Feedback.objects.exists()
    clock.shift(timedelta(minutes=5))
    read_and_close(by=alpha.actor("nurse"), request_id=closed.request_id, outcome="helped")
    says(closed, "no")
    contact.student_writes(by=visitor(closed), request_id=closed.request_id, still_need_help=True)
    assert about(row(closed)) is None
    clock.shift(timedelta(minutes=5))
    read_and_close(by=alpha.actor("nurse"), request_id=closed.request_id, outcome="not_reached")
    assert about(row(closed)) is None
    says(closed, "yes")
    assert sorted(Feedback.objects.values_list("answer", flat=True)) == ["no", "yes"]


# --- on the page ------------------------------------------------------------------------------------------------


def test_the_page_asks_and_to_skip_is_as_easy_as_to_answer(client: Client) -> None:
    page = read(client)
    section = page[page.index('id="feedback"') :]
    section = section[: section.index("</section>")]
    buttons = re.findall(r"<button[^>]*>", section)
    assert len(buttons) == 4
    assert {re.sub(r'value="\w+"', "", one) for one in buttons} == {re.sub(r'value="\w+"', "", buttons[0])}
    assert post(client, answer="skipped").status_code == 303
    assert 'id="feedback"' not in read(client), "who skipped is not asked again"


def test_a_no_offers_help_again_with_a_new_promise_and_the_old_result_stands(
    client: Client, closed: Accepted
) -> None:
    first = Promise.objects.get(subject_id=closed.request_id)
    assert "Yes, I want help again" not in read(client)
    post(client, answer="no")
    page = read(client)
    assert "We are sorry that it did not help." in page
    assert "Ask again, and you hear from us by" in page
    for _second_click in range(2):
        post(client, act="again")
    standing = Promise.objects.get(STANDING, subject_id=closed.request_id)
    first.refresh_from_db()
    assert (standing.kind, first.kept_at is not None) == ("reopened", True)
    assert row(closed).is_open
    assert "You hear from us by" in read(client)


def test_words_for_the_adult_are_kept_when_they_are_too_long(client: Client) -> None:
    post(client, answer="little")
    answer = post(client, act="share", text="x" * 10_001)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("x" * 10_001) == 1
    assert 'href="#id_feedback_text"' in page
    assert post(client, act="share", text=WORDS).status_code == 303
    assert "The adult who helped you can see it." in read(client)


def test_the_adult_reads_what_was_shared_on_the_page_of_the_request(signed_in: Any, closed: Accepted) -> None:
    nurse = signed_in("nurse", "en")
    address = f"/desk/{closed.request_id}/"
    says(closed, "little")
    assert "helped a little" not in nurse.post(f"{address}read/").content.decode()
    shares(closed, WORDS)
    assert WORDS not in nurse.get(address).content.decode(), "its words are opened with the others"
    page = nurse.post(f"{address}read/").content.decode()
    assert "The student says that it helped a little." in page
    assert WORDS in page


def test_the_api_asks_answers_and_shares_by_the_code_alone(alpha: World, at: Any, closed: Accepted) -> None:
    client = at(alpha.alpha)

    def call(path: str, **body: Any) -> Any:
        given = {"receipt": closed.receipt, **body}
        return client.post(f"/api/v1/receipts/feedback{path}", given, content_type="application/json")

    assert call("").json() == {"is_asked": True, "answer": None, "is_shared": False}
    assert call("/share", text="Takk").status_code == 409
    assert call("/answer", answer="yes").json() == {"is_asked": False, "answer": "yes", "is_shared": False}
    assert call("/share", text="Takk").json()["is_shared"] is True
    assert call("/answer", answer="never").status_code == 422
    assert call("", receipt="0000").status_code == 404
