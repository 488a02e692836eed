"""A knock is accepted once, with its promise and its notices, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kernel import jobs
from kernel.actor import MACHINE, NOBODY
from kernel.audit.models import Entry
from kernel.crypto import receipts
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.outbox.models import Message
from kernel.tenancy import inside
from services.contact import operations
from services.contact.models import ContactRequest, ConversationMessage
from services.contact.rules import Said, check_knock
from services.promises.models import Promise
from tenants.setup import operations as setup
from tenants.setup.queries import portal
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock

KEY = "0f8fad5bd9cb469fa16570867728950e"


def fields_of(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {error.field for error in refused.value.errors}


def test_the_promise_is_stored_with_the_request_and_says_a_clock_time(alpha: World) -> None:
    accepted = knock(alpha)
    promise = Promise.objects.get(subject_id=accepted.request_id)
    assert promise.opened_at == datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
    assert promise.due_at == accepted.due_at > promise.opened_at
    assert promise.calendar_version_id == setup_version()
    assert "onsdag" in accepted.promise_text or "i morgen" in accepted.promise_text


def setup_version() -> object:
    from tenants.setup.queries import current_calendar

    return current_calendar()[1]


def test_a_students_act_is_stored_to_the_minute_never_finer(alpha: World) -> None:
    accepted = knock(alpha)
    request = ContactRequest.objects.get(pk=accepted.request_id)
    message = ConversationMessage.objects.get(request=request)
    entry = Entry.objects.get(verb="contact.knock", object_id=str(request.pk))
    assert {request.opened_at.second, message.at.second, entry.at.second} == {0}
    assert request.idempotency_until.second == 0


def test_the_same_key_and_words_give_the_same_answer_receipt_and_all(
    alpha: World, clock: time_machine.Traveller
) -> None:
    first = knock(alpha, idempotency_key=KEY)
    clock.shift(timedelta(hours=3))
    again = knock(alpha, idempotency_key=KEY, message=f"  {SECRET}\r\n")
    assert again == first
    assert ContactRequest.objects.count() == 1
    assert Promise.objects.count() == 1


def test_the_same_key_with_other_words_is_refused(alpha: World) -> None:
    knock(alpha, idempotency_key=KEY)
    with pytest.raises(Conflict):
        knock(alpha, idempotency_key=KEY, message="Noe annet")
    assert ContactRequest.objects.count() == 1


def test_a_key_is_forgotten_after_48_hours_and_then_opens_nothing_new(
    alpha: World, clock: time_machine.Traveller
) -> None:
    accepted = knock(alpha, idempotency_key=KEY)
    assert operations.forget_keys(by=MACHINE) == 0
    clock.shift(timedelta(hours=49))
    assert operations.forget_keys(by=MACHINE) == 1
    request = ContactRequest.objects.get(pk=accepted.request_id)
    assert request.idempotency_hash is None
    assert request.body_hash is None
    with pytest.raises(Conflict):
        knock(alpha, idempotency_key=KEY)
    assert operations.open_by_receipt(accepted.receipt).case_id == accepted.request_id


def test_the_worker_forgets_old_keys_in_every_municipality(
    alpha: World, clock: time_machine.Traveller
) -> None:
    from services.contact.jobs import forget_keys

    accepted = knock(alpha)
    clock.shift(timedelta(hours=49))
    forget_keys()
    assert ContactRequest.objects.get(pk=accepted.request_id).idempotency_hash is None


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space in the key", "ключ" * 5])
def test_a_key_is_a_uuid_or_16_to_64_url_safe_signs(alpha: World, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, idempotency_key=key)
    assert fields_of(refused) == {"idempotency_key"}


def test_the_receipt_is_26_signs_and_a_check_and_stored_only_as_a_hash(alpha: World) -> None:
    accepted = knock(alpha)
    plain = receipts.normalise(accepted.receipt)
    assert plain is not None
    assert len(plain) == 26
    row = ContactRequest.objects.filter(pk=accepted.request_id).values().get()
    assert not any(plain in str(value) or plain.encode() in bytes_of(value) for value in row.values())


def bytes_of(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def test_the_case_number_is_another_short_and_sayable(alpha: World) -> None:
    numbers = {knock(alpha).case_number for _ in range(40)}
    assert len(numbers) == 40
    assert all(3 <= len(number) <= 7 and number[1] == "-" for number in numbers)


def test_a_taken_case_number_is_drawn_again(alpha: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["4-K7M", "4-K7M", "4-K7M", "2-CCC"])
    monkeypatch.setattr("services.contact.case_numbers.draw", lambda attempt: next(drawn))
    assert knock(alpha).case_number == "4-K7M"
    assert knock(alpha).case_number == "2-CCC"


def test_a_message_of_ten_thousand_signs_is_accepted_and_one_more_is_not(alpha: World) -> None:
    knock(alpha, message="x" * 10_000)
    with pytest.raises(Invalid) as refused:
        knock(alpha, message="x" * 10_001)
    assert fields_of(refused) == {"message"}


def test_a_hundred_thousand_signs_are_refused_with_the_number(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, message="å" * 100_000)
    assert "100000" in str(refused.value.errors[0].message)
    assert ContactRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", ""),
        ("phone", "12"),
        ("sms", "call me"),
        ("email", "nobody"),
        ("walk", " "),
        ("video", ""),
        ("phone", "1" * 300),
    ],
)
def test_a_way_to_be_reached_needs_something_to_reach(alpha: World, kind: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, channel_kind=kind, channel_value=value)
    assert fields_of(refused) == {"channel_value"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("conversation", ""), ("visit", ""), ("phone", "+47 99 88 77 66"), ("email", "elev@example.org")],
)
def test_what_is_enough_is_accepted(alpha: World, kind: str, value: str) -> None:
    assert knock(alpha, channel_kind=kind, channel_value=value).case_number


def test_every_error_is_said_at_once(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, school_id=None, channel_kind="pigeon", message="x" * 10_001, language="xx")
    assert fields_of(refused) == {"school", "channel", "message", "language"}


def test_a_role_that_is_not_at_the_school_is_refused(alpha: World) -> None:
    with pytest.raises(Invalid) as refused:
        knock(alpha, school_id=alpha.other_school, role_id=alpha.counsellor_role)
    assert fields_of(refused) == {"role"}


def test_the_only_role_of_a_school_need_not_be_said(alpha: World) -> None:
    said = Said(school_id=alpha.other_school, channel_kind="conversation", language="nb")
    assert check_knock(portal(), said).role_id == alpha.nurse_role


def test_nobody_signed_in_or_not_knocks_for_a_student(alpha: World) -> None:
    for by in (NOBODY, alpha.actor("nurse"), alpha.actor("admin")):
        with pytest.raises(NotAllowed):
            operations.knock(
                by=by, idempotency_key=KEY, school_id=alpha.school, role_id=alpha.nurse_role,
                channel_kind="conversation",
            )  # fmt: skip


def told(cause: str) -> set[object]:
    return set(Message.objects.filter(cause__startswith=cause).values_list("account_id", flat=True))


def test_everybody_who_holds_the_role_there_is_told_and_nobody_else(alpha: World) -> None:
    knock(alpha)
    assert told("knock:") == {alpha.people["nurse"], alpha.people["second_nurse"]}


def end_all_posts(world: World) -> None:
    from tenants.setup.models import Post

    Post.objects.filter(role_id=world.nurse_role, school_id=world.school).delete()


def test_a_knock_where_nobody_holds_the_role_is_accepted_and_the_lead_is_told(alpha: World) -> None:
    knock_key = {"role_id": alpha.nurse_role}
    end_all_posts(alpha)
    accepted = knock(alpha, **knock_key)
    assert accepted.receipt
    assert told("knock:") == {alpha.people["lead"]}


def test_with_no_lead_either_the_administrators_are_told(alpha: World) -> None:
    from tenants.setup.models import Lead

    end_all_posts(alpha)
    Lead.objects.all().delete()
    knock(alpha)
    assert told("knock:") == {alpha.people["admin"]}


def test_no_message_to_anybody_carries_content_name_school_or_number(alpha: World) -> None:
    import json

    from django.core import mail

    knock(alpha, channel_kind="phone", channel_value=NUMBER, name="Ida Elev")
    jobs.drain()
    texts = [json.dumps([m.subject, m.body, str(m.alternatives)]) for m in mail.outbox]
    assert len(texts) == 2
    for text in texts:
        assert not any(word in text for word in (SECRET[:10], NUMBER, "Ida", "Solhaug", "helsesykepleier"))
        assert "Alfa kommune" in text


def test_a_calendar_edited_later_does_not_move_a_promise(alpha: World) -> None:
    accepted = knock(alpha)
    setup.set_guarantee(school_id=None, role_id=None, kind="counted_hours", amount=1, by=MACHINE)
    assert Promise.objects.get(subject_id=accepted.request_id).due_at == accepted.due_at
    assert knock(alpha).due_at < accepted.due_at


def test_the_same_key_in_two_municipalities_gives_two_receipts_that_open_only_their_own(
    alpha: World,
) -> None:
    here = knock(alpha, idempotency_key=KEY)
    with inside(alpha.beta):
        there = knock(alpha, idempotency_key=KEY)
    assert here.receipt != there.receipt
    from kernel.errors import NotFound

    with pytest.raises(NotFound):
        operations.open_by_receipt(there.receipt)


TURNING = "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
MARKS = "\u200c\u200d\u200e\u200f\u061c"


def test_no_typed_sign_turns_round_what_stands_beside_it(alpha: World) -> None:
    typed = f"Mo{TURNING}n{MARKS}a\u202e"
    made = knock(
        alpha,
        name=typed,
        channel_kind="phone",
        channel_value="\u202a998 87 766\u202c",
        message=f"{typed}\n{typed}",
    )
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    read = operations.read_conversation(by=alpha.actor("nurse"), request_id=made.request_id)
    assert read.lines[0].text == f"Mon{MARKS}a\nMon{MARKS}a"
    assert (read.name, read.channel_value) == (f"Mon{MARKS}a", "998 87 766")
