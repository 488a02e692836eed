"""A sent reply is committed at once, seen after ten seconds, and taken back until then: the clock runs as before."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from kernel.errors import Conflict, NotFound
from services.contact import operations as contact
from services.contact.models import ContactAttempt, ContactRequest, ConversationMessage
from services.contact.operations import SEEN_AFTER, TAKE_BACK_WITHIN
from services.contact.standing import standing_of
from services.desk import operations
from services.promises.models import Promise
from services.promises.sweep import break_due
from services.retention import operations as retention
from tests.cast import World
from tests.services.contact.people import NUMBER, knock, reach_and_close, visitor
from tests.services.contact.test_handover import accept, offer, taken
from tests.services.desk.test_case import act, mark, words

pytestmark = pytest.mark.django_db
WORD = "Kanarisvar som ikke skulle sendes"
ALMOST = TAKE_BACK_WITHIN - timedelta(microseconds=1)
type Traveller = time_machine.Traveller


@pytest.fixture
def accepted(alpha: World, clock: Traveller) -> contact.Accepted:
    """Nora has it since a minute ago."""
    made = knock(alpha)
    contact.take(by=alpha.actor("nurse"), request_id=made.request_id)
    clock.shift(timedelta(minutes=2))
    return made


def everything(accepted: contact.Accepted) -> tuple:
    return (
        {**ContactRequest.objects.filter(pk=accepted.request_id).values().get(), "numbered": None},
        list(Promise.objects.order_by("pk").values()),
        list(ContactAttempt.objects.values()),
        list(ConversationMessage.objects.order_by("number").values("pk", "number", "sender")),
    )


def sent(world: World, accepted: contact.Accepted) -> UUID:
    return contact.reply(by=world.actor("nurse"), request_id=accepted.request_id, text=WORD, can_undo=True).pk


def take_back(world: World, accepted: contact.Accepted, message: UUID) -> None:
    operations.take_back_reply(by=world.actor("nurse"), request_id=accepted.request_id, message_id=message)


def seen(client: Client, accepted: contact.Accepted) -> str:
    """The version of the draft that the page shows."""
    shown = words(client.get(f"/desk/{accepted.request_id}/"))
    return shown.split('name="seen" value="', 1)[1].split('"', 1)[0]


def student_sees(accepted: contact.Accepted):
    return contact.read_conversation(by=visitor(accepted), request_id=accepted.request_id)


def test_it_is_committed_at_once_the_clock_stops_and_the_student_sees_it_two_seconds_after_it_is_final(
    alpha, accepted, clock: Traveller, at: Callable[..., Client]
) -> None:
    before = student_sees(accepted)
    message = sent(alpha, accepted)
    promise = Promise.objects.get()
    assert promise.kept_at == ConversationMessage.objects.get(pk=message).at
    clock.shift(SEEN_AFTER - timedelta(microseconds=1))
    in_between = student_sees(accepted)
    assert WORD not in str(in_between)
    assert in_between.attempts == before.attempts == ()
    assert in_between.request.state == "taken"
    assert standing_of(in_between, promise.answered_at) == standing_of(before, promise.answered_at)
    assert Promise.objects.get().kept_at is not None  # seen otherwise, stored as it is
    browser = at(alpha.alpha, headers={"accept-language": "en"})
    page = browser.post("/receipt/", {"receipt": accepted.receipt}, follow=True).content.decode()
    assert WORD not in page
    assert "You hear from us by" in page
    api = browser.post(
        "/api/v1/receipts/open", {"receipt": accepted.receipt}, content_type="application/json"
    )
    assert (api.json()["state"], api.json()["kept"], api.json()["contact"]) == ("taken", None, None)
    assert not ConversationMessage.objects.filter(pk=message, seen_at__isnull=False).exists()
    clock.shift(timedelta(microseconds=1))
    after = student_sees(accepted)
    assert WORD in str(after)
    assert after.request.state == "answered"
    assert standing_of(after, promise.answered_at).word == "answered"
    assert ConversationMessage.objects.filter(pk=message, seen_at__isnull=False).exists()


def told(client: Client, world: World, accepted: contact.Accepted) -> str:
    message = sent(world, accepted)
    return words(client.post(f"/desk/{accepted.request_id}/reply/{message}/take-back/", follow=True))


def test_taking_back_says_how_the_promise_stands_then_and_never_that_a_kept_one_runs(
    alpha: World, accepted: contact.Accepted, clock: Traveller, nora: Client
) -> None:
    assert "Taken back. The student has not seen it. The promise runs as before." in told(
        nora, alpha, accepted
    )
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    clock.shift(timedelta(minutes=3))
    second = told(nora, alpha, accepted)
    assert "The promise was kept before, and stays kept." in second
    assert "runs as before" not in second


def test_taking_back_says_that_a_broken_promise_still_waits_or_was_answered_late(
    alpha: World, accepted: contact.Accepted, clock: Traveller, signed_in: Callable[..., Client]
) -> None:
    clock.move_to(accepted.due_at + timedelta(minutes=1))
    first = told(signed_in("nurse", "en"), alpha, accepted)
    assert "The promise is broken, and the student waits for an answer." in first
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    clock.shift(timedelta(minutes=3))
    second = told(signed_in("nurse", "en"), alpha, accepted)
    assert "The student was answered before, after the promised time." in second


def test_taken_back_it_is_as_if_it_had_not_been_written(alpha, accepted, clock: Traveller) -> None:
    before = everything(accepted)
    message = sent(alpha, accepted)
    assert everything(accepted) != before
    clock.shift(ALMOST)
    take_back(alpha, accepted, message)
    assert everything(accepted) == before
    drafts = operations.read_drafts(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert drafts == {"reply": WORD}
    assert ReadEntry.objects.filter(what="message").count() == 1


def test_at_the_tenth_second_it_is_too_late_and_its_student_does_not_see_it_yet(
    alpha, accepted, clock: Traveller
) -> None:
    """No moment in which both hold, also when the two are asked of clocks that differ a little."""
    message = sent(alpha, accepted)
    clock.shift(TAKE_BACK_WITHIN)
    with pytest.raises(Conflict):
        take_back(alpha, accepted, message)
    assert WORD not in str(student_sees(accepted))
    assert ConversationMessage.objects.filter(pk=message).exists()


def test_what_its_student_has_opened_is_never_taken_back_whatever_the_clock_says(
    alpha, accepted, clock: Traveller
) -> None:
    message = sent(alpha, accepted)
    clock.shift(SEEN_AFTER)
    student_sees(accepted)
    clock.shift(timedelta(seconds=-5))  # the clock of the machine that is asked is behind
    with pytest.raises(Conflict):
        take_back(alpha, accepted, message)


@pytest.mark.parametrize("who", ["nurse", "second_nurse"])
def test_an_older_reply_stands_once_a_newer_one_has_been_sent(
    alpha, accepted, clock: Traveller, who: str
) -> None:
    """What answers the student now may be the newer one, also a colleague's: their promise stays kept."""
    message = sent(alpha, accepted)
    if who == "second_nurse":
        contact.release(by=alpha.actor("nurse"), request_id=accepted.request_id)
    clock.shift(timedelta(seconds=3))
    newer = contact.reply(
        by=alpha.actor(who), request_id=accepted.request_id, text="Den andre", can_undo=True
    )
    before = everything(accepted)
    with pytest.raises(Conflict) as refused:
        take_back(alpha, accepted, message)
    assert "A newer message has been sent" in str(refused.value.detail)
    assert everything(accepted) == before
    assert Promise.objects.get().kept_at is not None
    if who == "nurse":  # the newest first, then the older
        take_back(alpha, accepted, newer.pk)
        take_back(alpha, accepted, message)
        assert Promise.objects.get().answered_at is None


@pytest.mark.parametrize("how", ["released", "handed_on"])
def test_let_go_and_then_taken_back_it_waits_again_and_its_student_sees_nothing(
    alpha, accepted, nora: Client, how: str
) -> None:
    act(nora, accepted, "reply", text=WORD)
    message = ConversationMessage.objects.get(sender="helper").pk
    if how == "released":
        act(nora, accepted, "release")
    else:
        contact.hand_on(by=MACHINE, item_id=accepted.request_id, to=None)
    assert nora.post(f"/desk/{accepted.request_id}/reply/{message}/take-back/").status_code == 302
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert (request.state, request.taken_by_id) == ("waiting", None)
    assert not ConversationMessage.objects.filter(sender="helper").exists()
    assert Promise.objects.get().answered_at is None
    drafts = operations.read_drafts(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert drafts == {"reply": WORD}


def test_the_same_form_sends_again_after_its_message_was_taken_back(accepted, nora: Client) -> None:
    form = mark(words(nora.get(f"/desk/{accepted.request_id}/")))
    for _ in range(2):
        act(nora, accepted, "reply", text=WORD, once=form)
        act(nora, accepted, "reply", text=WORD, once=form)  # pressed twice: once
        message = ConversationMessage.objects.get(sender="helper")
        nora.post(f"/desk/{accepted.request_id}/reply/{message.pk}/take-back/")
        late = act(
            nora,
            accepted,
            "draft",
            quiet="1",
            draft="reply",
            text="Klokere",
            once=form,
            seen=seen(nora, accepted),
        )
        assert late.status_code == 204
    act(nora, accepted, "reply", text=WORD, once=form)
    assert ConversationMessage.objects.filter(sender="helper").count() == 1
    assert Promise.objects.get().kept_at is not None


@pytest.mark.parametrize("seconds", [0, 9])
def test_the_sweep_in_between_sees_it_answered_and_breaks_it_once_it_is_taken_back(
    alpha, accepted, clock: Traveller, seconds: int
) -> None:
    """The promise runs out while the reply can still be taken back."""
    due = Promise.objects.get().due_at
    clock.move_to(due - timedelta(seconds=5))
    message = sent(alpha, accepted)
    clock.shift(timedelta(seconds=seconds))
    assert break_due().marked == 0
    assert standing_of(student_sees(accepted), due + timedelta(seconds=4)).word in (
        "waiting",
        "answered",
        "broken",
    )
    if seconds == 9:  # past due: in time is in time, and the student is not told otherwise
        assert standing_of(student_sees(accepted), due + timedelta(seconds=4)).word == "answered"
    take_back(alpha, accepted, message)
    clock.move_to(due + timedelta(seconds=6))
    promise = Promise.objects.get()
    assert (promise.answered_at, promise.kept_at, promise.state_at(due + timedelta(seconds=6))) == (
        None, None, "broken",
    )  # fmt: skip


def test_a_late_answer_taken_back_leaves_the_breaking_to_the_sweep(alpha, accepted, clock: Traveller) -> None:
    """Nobody has been here since it ran out: whoever is to take over does, as if nothing had been written."""
    clock.move_to(Promise.objects.get().due_at + timedelta(seconds=20))
    message = sent(alpha, accepted)
    assert Promise.objects.get().broken_at is not None
    take_back(alpha, accepted, message)
    assert Promise.objects.get().broken_at is None
    assert Promise.objects.get().answered_at is None


def test_a_second_reply_taken_back_leaves_the_first_and_its_promise(
    alpha, accepted, clock: Traveller
) -> None:
    contact.reply(by=alpha.actor("nurse"), request_id=accepted.request_id, text="Hei")
    clock.shift(timedelta(minutes=3))
    before = everything(accepted)
    take_back(alpha, accepted, sent(alpha, accepted))
    assert everything(accepted) == before
    assert Promise.objects.get().kept_at is not None


def test_only_ones_own_and_not_once_closed_or_followed_by_a_contact(
    alpha, accepted, clock: Traveller
) -> None:
    message, by = sent(alpha, accepted), alpha.actor("nurse")
    for who in ("second_nurse", "counsellor"):
        with pytest.raises(NotFound):
            operations.take_back_reply(
                by=alpha.actor(who), request_id=accepted.request_id, message_id=message
            )
    other = knock(alpha)
    with pytest.raises(NotFound):
        operations.take_back_reply(by=by, request_id=other.request_id, message_id=message)
    clock.shift(timedelta(seconds=1))
    contact.record_contact(by=by, request_id=accepted.request_id, kind="phone", outcome="reached")
    with pytest.raises(Conflict):
        take_back(alpha, accepted, message)
    second = sent(alpha, accepted)
    reach_and_close(by=by, request_id=accepted.request_id, outcome="helped")
    with pytest.raises(Conflict):
        take_back(alpha, accepted, second)


def test_where_a_message_stops_no_clock_taking_it_back_starts_none(alpha, clock: Traveller) -> None:
    made = knock(alpha, channel_kind="phone", channel_value=NUMBER)
    contact.take(by=alpha.actor("nurse"), request_id=made.request_id)
    before = everything(made)
    take_back(alpha, made, sent(alpha, made))
    assert everything(made) == before


def test_the_page_offers_to_undo_and_gives_the_words_back(alpha, accepted, nora: Client, clock) -> None:
    shown = nora.post(f"/desk/{accepted.request_id}/reply/", {"text": WORD}, follow=True).content.decode()
    message = ConversationMessage.objects.get(sender="helper")
    address = f"/desk/{accepted.request_id}/reply/{message.pk}/take-back/"
    assert f'action="{address}"' in shown
    assert "The student sees this in a moment." in shown
    back = nora.post(address, follow=True).content.decode()
    assert f"{WORD}</textarea>" in back
    assert "Draft, not sent" in back
    assert "Draft, not sent" not in shown
    act(nora, accepted, "reply", text=WORD)
    again = ConversationMessage.objects.get(sender="helper")
    clock.shift(TAKE_BACK_WITHIN)
    late = words(nora.post(f"/desk/{accepted.request_id}/reply/{again.pk}/take-back/"), 409)
    assert "It is too late to take this back" in late


def test_what_was_typed_since_stands_behind_what_is_taken_back(alpha, accepted) -> None:
    message = sent(alpha, accepted)
    operations.save_draft(
        by=alpha.actor("nurse"), request_id=accepted.request_id, kind="reply", text="Og mer"
    )
    take_back(alpha, accepted, message)
    drafts = operations.read_drafts(by=alpha.actor("nurse"), request_id=accepted.request_id)
    assert drafts["reply"] == f"{WORD}\n\nOg mer"


@pytest.mark.parametrize("who", ["nurse", "counsellor"])
def test_what_a_student_takes_home_has_nothing_of_what_may_still_go(
    alpha, clock: Traveller, who: str
) -> None:
    """The first answer; the first word of whoever it was handed over to."""
    accepted = knock(alpha) if who == "nurse" else taken(alpha)
    parts = ["messages", "contacts", "promises", "handovers"]
    if who == "nurse":
        contact.take(by=alpha.actor("nurse"), request_id=accepted.request_id)
        parts.append("request")
    else:
        accept(alpha, offer(alpha, accepted))
    clock.shift(timedelta(minutes=1))

    def home() -> dict:
        return {part.key: part.rows for part in retention.take_home(by=visitor(accepted))}

    before = home()
    contact.reply(by=alpha.actor(who), request_id=accepted.request_id, text=WORD, can_undo=True)
    at_once = home()
    for part in parts:
        assert at_once[part] == before[part], part
    clock.shift(SEEN_AFTER)
    assert WORD in str(home()["messages"])
    assert home()["promises"] != before["promises"]


def test_both_what_is_taken_back_and_what_was_typed_since_are_kept_to_the_last_word(alpha, accepted) -> None:
    by, case = alpha.actor("nurse"), accepted.request_id
    message = contact.reply(by=by, request_id=case, text="x" * 9_000, can_undo=True).pk
    since = "y" * (operations.drafting.LONGEST - 4) + "SIST"
    operations.save_draft(by=by, request_id=case, kind="reply", text=since)
    take_back(alpha, accepted, message)
    whole = operations.read_drafts(by=by, request_id=case)["reply"]
    assert whole == "x" * 9_000 + "\n\n" + since
