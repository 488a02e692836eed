"""A contact that was written down by a slip is taken back for ten seconds: its student never sees that it was."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.test import Client

from kernel.audit.models import Entry
from kernel.errors import Conflict, NotFound
from kernel.outbox.models import Message
from services.contact import operations as contact
from services.contact.live import mark_of
from services.contact.models import ContactAttempt, ContactRequest
from services.contact.operations import CONTACT_SEEN_AFTER, CONTACT_UNDO_WITHIN
from services.contact.standing import standing_of
from services.promises.models import Promise
from services.promises.sweep import break_due
from services.retention import operations as retention
from tests.cast import World
from tests.services.contact.people import NUMBER, knock, reach_and_close, visitor
from tests.services.contact.test_handover import accept, offer
from tests.services.desk.test_case import act, mark, words
from tests.services.desk.test_taking_back import everything, student_sees
from tests.services.reach.test_notices import asked, sent

pytestmark = pytest.mark.django_db
ALMOST = CONTACT_UNDO_WITHIN - timedelta(microseconds=1)
type Traveller = time_machine.Traveller


@pytest.fixture
def accepted(alpha: World, clock: Traveller) -> contact.Accepted:
    """Nora has it since two minutes ago, and is to call."""
    made = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    contact.take(by=alpha.actor("nurse"), request_id=made.request_id)
    contact.read_conversation(by=alpha.actor("nurse"), request_id=made.request_id)
    clock.shift(timedelta(minutes=2))
    return made


def recorded(world: World, accepted: contact.Accepted, outcome: str = "attempted", **said) -> UUID:
    by = world.actor(said.pop("who", "nurse"))
    act = {"by": by, "request_id": accepted.request_id, "kind": said.pop("kind", "phone")}
    return contact.record_contact(**act, outcome=outcome, can_undo=True, **said).attempt.pk


def undo(world: World, accepted: contact.Accepted, attempt: UUID, who: str = "nurse") -> None:
    contact.undo_contact(by=world.actor(who), request_id=accepted.request_id, attempt_id=attempt)


def has_it(world: World, accepted: contact.Accepted, who: str) -> bool:
    return ContactRequest.objects.get(pk=accepted.request_id).taken_by_id == world.people[who]


def home(accepted: contact.Accepted) -> dict:
    return {part.key: part.rows for part in retention.take_home(by=visitor(accepted))}


@pytest.mark.parametrize("outcome", ["reached", "attempted"])
def test_taken_back_it_is_as_if_it_had_not_been_written_down(
    alpha, accepted, clock: Traveller, outcome: str
) -> None:
    before = everything(accepted)
    attempt = recorded(alpha, accepted, outcome)
    assert everything(accepted) != before
    clock.shift(ALMOST)
    undo(alpha, accepted, attempt)
    assert everything(accepted) == before
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"contact.undo_contact", "promises.undo_keep"} <= verbs
    assert ("promises.undo_give" in verbs) is (outcome == "attempted")


@pytest.mark.parametrize("outcome", ["reached", "attempted"])
def test_its_student_sees_nothing_of_it_until_it_stands(
    alpha, accepted, clock: Traveller, outcome: str, at: Callable[..., Client]
) -> None:
    before, at_home = student_sees(accepted), home(accepted)
    recorded(alpha, accepted, outcome)
    clock.shift(CONTACT_SEEN_AFTER - timedelta(microseconds=1))
    meanwhile = student_sees(accepted)
    assert meanwhile.attempts == before.attempts == ()
    assert meanwhile.promises == before.promises
    assert meanwhile.request.state == "taken"
    assert standing_of(meanwhile, Promise.objects.first().opened_at) == standing_of(
        before, Promise.objects.first().opened_at
    )
    since = home(accepted)
    for part in ("request", "contacts", "promises"):
        assert since[part] == at_home[part], part
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    page = browser.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()
    assert "You hear from us by" in page
    assert "We tried" not in page
    assert "You talked with us" not in page
    api = browser.post(
        "/api/v1/receipts/open", {"receipt": accepted.receipt}, content_type="application/json"
    ).json()
    assert (api["state"], api["kept"], api["contact"]) == ("taken", None, None)
    clock.shift(timedelta(microseconds=1))
    page = browser.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()
    assert ("You talked with us on the phone" if outcome == "reached" else "We tried to reach you") in page


def test_an_open_page_of_its_student_is_told_when_it_stands(alpha, accepted, clock: Traveller) -> None:
    def answers() -> str:
        return mark_of(ContactRequest.objects.get(pk=accepted.request_id)).split(".")[0]

    before = answers()
    recorded(alpha, accepted)
    assert answers() == before
    clock.shift(CONTACT_SEEN_AFTER)
    assert answers() != before


def test_the_broken_promise_stays_broken_and_nobody_is_told_twice(alpha, accepted, clock: Traveller) -> None:
    """It ran out, was marked, and then somebody wrote down a call of before: kept, until that is taken back."""
    due = accepted.due_at
    clock.move_to(due + timedelta(seconds=30))
    assert break_due().marked == 1
    clock.shift(timedelta(seconds=5))
    before = everything(accepted)
    by = next(who for who in ("nurse", "second_nurse") if has_it(alpha, accepted, who))
    attempt = recorded(alpha, accepted, "reached", at=due - timedelta(minutes=1), who=by)
    assert Promise.objects.get().corrected_at is not None
    clock.shift(timedelta(seconds=8))
    undo(alpha, accepted, attempt, by)
    assert everything(accepted) == before
    assert break_due().marked == 0
    assert standing_of(student_sees(accepted), due + timedelta(minutes=1)).word == "broken"


def test_a_promise_that_runs_out_meanwhile_stays_answered_to_its_student(
    alpha, accepted, clock: Traveller
) -> None:
    clock.move_to(accepted.due_at - timedelta(seconds=5))
    recorded(alpha, accepted)
    clock.shift(timedelta(seconds=20))
    seen = student_sees(accepted)
    assert standing_of(seen, accepted.due_at + timedelta(seconds=15)).word == "tried"


def test_two_at_the_same_minute_are_told_apart(alpha, accepted, clock: Traveller) -> None:
    """Tried, and by a slip reached as well: the second is taken back, and the first stands with its next try."""
    said = {"at": clock_minute(clock, alpha, accepted)}
    recorded(alpha, accepted, **said)
    clock.shift(timedelta(seconds=10))
    before = everything(accepted)
    second = recorded(alpha, accepted, "reached", **said)
    undo(alpha, accepted, second)
    assert everything(accepted) == before
    assert Promise.objects.filter(kind="retry", answered_at=None).exists()
    assert Promise.objects.get(kind="first_contact").kept_at is not None


def clock_minute(clock: Traveller, alpha: World, accepted: contact.Accepted):
    """The whole minute in which both are written down."""
    now = ContactRequest.objects.get(pk=accepted.request_id).opened_at + timedelta(minutes=5)
    clock.move_to(now.replace(second=10, microsecond=0))
    return now.replace(second=0, microsecond=0)


def test_it_is_too_late_after_ten_seconds_and_for_what_was_recorded_elsewhere(
    alpha, accepted, clock: Traveller
) -> None:
    attempt = recorded(alpha, accepted)
    clock.shift(CONTACT_UNDO_WITHIN)
    with pytest.raises(Conflict, match="too-late"):
        undo(alpha, accepted, attempt)
    assert not student_sees(accepted).attempts  # at no moment do both hold
    act = {"by": alpha.actor("nurse"), "request_id": accepted.request_id, "kind": "phone"}
    held = contact.record_contact(**act, outcome="reached").attempt.pk
    with pytest.raises(Conflict, match="too-late"):
        undo(alpha, accepted, held)


def test_what_was_done_since_counts_on_it_and_says_what(alpha, accepted, clock: Traveller) -> None:
    by = alpha.actor("nurse")

    def refused(attempt: UUID, why: str) -> None:
        before = everything(accepted)
        with pytest.raises(Conflict) as no:
            undo(alpha, accepted, attempt)
        assert why in str(no.value.detail)
        assert everything(accepted) == before

    first = recorded(alpha, accepted)
    clock.shift(timedelta(seconds=2))
    second = recorded(alpha, accepted, kind="visit")
    refused(first, "A contact has been written down since")
    undo(alpha, accepted, second)
    clock.shift(timedelta(seconds=2))
    contact.reply(by=by, request_id=accepted.request_id, text="Jeg ringte")
    refused(first, "A newer message has been sent")
    clock.shift(timedelta(seconds=2))
    third = recorded(alpha, accepted)
    clock.shift(timedelta(seconds=2))
    handover = offer(alpha, accepted)
    refused(third, "It has been handed over since")
    contact.withdraw_handover(by=by, handover_id=handover.pk)
    refused(third, "It has been handed over since")
    clock.shift(timedelta(minutes=2))
    fourth = recorded(alpha, accepted)
    clock.shift(timedelta(seconds=2))
    reach_and_close(by=by, request_id=accepted.request_id, outcome="helped")
    refused(fourth, "This is closed")


def test_only_ones_own_and_of_that_request(alpha, accepted) -> None:
    attempt, other = recorded(alpha, accepted), knock(alpha)
    for who in ("second_nurse", "counsellor"):
        with pytest.raises(NotFound):
            undo(alpha, accepted, attempt, who)
    with pytest.raises(NotFound):
        undo(alpha, other, attempt)
    assert ContactAttempt.objects.filter(pk=attempt).exists()


def test_the_first_word_after_a_handover_is_waited_for_again(alpha, accepted, clock: Traveller) -> None:
    accept(alpha, offer(alpha, accepted))
    clock.shift(timedelta(minutes=1))
    before = everything(accepted), home(accepted)["handovers"]
    attempt = recorded(alpha, accepted, "reached", who="counsellor")
    assert home(accepted)["handovers"] == before[1]
    undo(alpha, accepted, attempt, "counsellor")
    assert (everything(accepted), home(accepted)["handovers"]) == before


def test_the_notice_waits_until_it_stands_and_is_not_sent_when_it_was_taken_back(alpha, clock) -> None:
    accepted = asked(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
    attempt = recorded(alpha, accepted, kind="visit")
    mail.outbox.clear()
    undo(alpha, accepted, attempt)
    assert sent(clock) == []
    recorded(alpha, accepted, kind="visit")
    due = Message.objects.get(template="reach/something_new", state="queued").next_attempt_at
    assert due >= ContactAttempt.objects.get().visible_at
    assert len(sent(clock)) == 1


def test_the_page_offers_to_undo_says_how_it_stands_and_the_form_can_be_sent_again(
    accepted, signed_in: Callable[..., Client], clock: Traveller
) -> None:
    nora = signed_in("nurse", "en")
    form = mark(words(nora.get(f"/desk/{accepted.request_id}/")))
    said = {"kind": "phone", "outcome": "attempted", "once": form}
    for _ in range(2):
        act(nora, accepted, "contact", **said)
        act(nora, accepted, "contact", **said)  # pressed twice: once
        attempt = ContactAttempt.objects.get()
        shown = words(nora.get(f"/desk/{accepted.request_id}/"))
        address = f"/desk/{accepted.request_id}/contact/{attempt.pk}/undo/"
        assert "The student sees this in a moment." in shown
        back = words(nora.post(address, follow=True))
        assert "Taken back. It counts as never written down. The promise runs as before." in back
        assert nora.get(address).status_code == 302
        clock.shift(timedelta(seconds=1))
    shown = words(nora.post(f"/desk/{accepted.request_id}/contact/", said, follow=True))
    attempt = ContactAttempt.objects.get()
    assert f'action="/desk/{accepted.request_id}/contact/{attempt.pk}/undo/"' in shown
    clock.shift(CONTACT_UNDO_WITHIN)
    late = words(nora.post(f"/desk/{accepted.request_id}/contact/{attempt.pk}/undo/"), 409)
    assert "It is too late to take this back" in late


def test_programs_take_it_back_by_the_id_they_were_given(accepted, nora: Client, clock: Traveller) -> None:
    address = f"/api/v1/desk/requests/{accepted.request_id}/contact"
    body = {"kind": "phone", "outcome": "attempted", "can_undo": True}
    made = nora.post(address, body, content_type="application/json").json()
    undone = nora.post(f"{address}/{made['id']}/undo")
    assert (undone.status_code, undone.json()["kept"], undone.json()["next_try_due_at"]) == (200, None, None)
    assert nora.post(f"{address}/{made['id']}/undo").status_code == 404
    made = nora.post(address, body, content_type="application/json").json()
    clock.shift(CONTACT_UNDO_WITHIN)
    assert nora.post(f"{address}/{made['id']}/undo").status_code == 409


def test_what_a_program_writes_down_its_student_sees_at_once_unless_it_may_be_taken_back(
    alpha: World, accepted, nora: Client, clock: Traveller
) -> None:
    said = {"kind": "phone", "outcome": "reached"}
    address = f"/api/v1/desk/requests/{accepted.request_id}/contact"
    made = nora.post(address, said, content_type="application/json")
    assert made.status_code == 201
    assert standing_of(student_sees(accepted), accepted.due_at).word == "answered"
    assert nora.post(f"{address}/{made.json()['id']}/undo").status_code == 409
