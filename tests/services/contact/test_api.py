"""The student's door as JSON: the form that 9-doors promises, the same rules as the pages."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kernel.tenancy import inside
from services.contact import operations
from services.contact.models import ContactRequest
from services.promises.queries import promises_of
from tests.cast import World
from tests.services.contact.people import SECRET, reach_and_close
from tests.services.contact.test_pages import clock  # noqa: F401 (a fixture)

KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def program(world: World, clock: object, at: Any) -> Client:  # noqa: F811
    return at(world.alpha, enforce_csrf_checks=True, headers={"accept-language": "en"})


def post(program: Client, path: str, body: Any, **headers: str) -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return program.post(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


def body(world: World, **more: Any) -> dict[str, Any]:
    given = {
        "school": str(world.school),
        "role": str(world.nurse_role),
        "channel": {"kind": "conversation"},
        "message": SECRET,
    }
    return {**given, **more}


def knock(program: Client, world: World, **more: Any) -> Any:
    return post(program, "contact-requests", body(world, **more), **{"idempotency-key": KEY})


def test_the_door_says_who_answers_where_and_by_when(world: World, program: Client) -> None:
    door = program.get("/api/v1/door").json()
    assert door["municipality"] == "Alfa kommune"
    assert door["languages"] == ["nb", "en"]
    assert [school["name"] for school in door["schools"]] == ["Fjellvang skole Alfa", "Solhaug skole Alfa"]
    role = door["schools"][1]["roles"][0]
    assert set(role) == {"id", "name", "promise", "people", "languages"}
    assert INSTANT.fullmatch(role["promise"]["due_if_now"])
    assert door["schools"][0]["open_door"] is None
    assert door["channels"] == ["conversation", "phone", "sms", "email", "visit", "video", "walk"]
    assert {"number", "name"} <= set(door["crisis"][0])


def test_a_knock_is_created_and_again_gives_the_same(world: World, program: Client) -> None:
    first, again = knock(program, world), knock(program, world)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert set(first.json()) == {"case_number", "receipt", "due_at", "promise"}
    assert INSTANT.fullmatch(first.json()["due_at"])
    assert not first.cookies


def test_the_same_key_with_another_body_is_409(world: World, program: Client) -> None:
    knock(program, world)
    refused = knock(program, world, message="Noe annet")
    assert refused.status_code == 409
    assert refused["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("key", [None, "", "short", "not url safe at all!"])
def test_a_missing_or_unfit_key_is_400(world: World, program: Client, key: str | None) -> None:
    headers = {} if key is None else {"idempotency-key": key}
    assert post(program, "contact-requests", body(world), **headers).status_code == 400


def test_malformed_json_is_400(program: Client) -> None:
    assert post(program, "contact-requests", "{", **{"idempotency-key": KEY}).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"school": "nowhere"}, "school"),
        ({"school": "00000000-0000-0000-0000-000000000000"}, "school"),
        ({"role": None}, "role"),
        ({"channel": {"kind": "pigeon"}}, "channel.kind"),
        ({"channel": {"kind": "phone"}}, "channel.value"),
        ({"channel": {"kind": "conversation", "extra": 1}}, "channel.extra"),
        ({"message": "x" * 10_001}, "message"),
        ({"message": "x" * 100_000}, "message"),
        ({"language": "xx"}, "language"),
        ({"surprise": 1}, "surprise"),
        # Not used for a conversation, and looked at all the same.
        ({"preferred_times": "x" * 20_000}, "preferred_times"),
        ({"channel": {"kind": "conversation", "value": "x" * 20_000}}, "channel.value"),
        ({"message": 123}, "message"),
        ({"channel": {"kind": "phone", "value": 46701234567}}, "channel.value"),
    ],
)
def test_every_wrong_field_is_422_and_named(
    world: World, program: Client, wrong: dict[str, Any], field: str
) -> None:
    refused = knock(program, world, **wrong)
    assert refused.status_code == 422
    assert field in [error["field"] for error in refused.json()["errors"]]
    with inside(world.alpha):
        assert ContactRequest.objects.count() == 0


def test_a_role_is_required_where_a_school_has_several(world: World, program: Client) -> None:
    said = body(world)
    del said["role"]
    assert post(program, "contact-requests", said, **{"idempotency-key": KEY}).status_code == 422
    said["school"] = str(world.other_school)
    assert post(program, "contact-requests", said, **{"idempotency-key": KEY}).status_code == 201


def test_a_receipt_opens_the_conversation_and_writes_into_it(world: World, program: Client) -> None:
    receipt = knock(program, world).json()["receipt"]
    sent = post(program, "receipts/messages", {"receipt": receipt, "text": "Og en ting til"})
    assert sent.status_code == 201
    with inside(world.alpha):
        case = ContactRequest.objects.get().pk
        operations.reply(by=world.actor("nurse"), request_id=case, text="Hei!")
    opened = post(program, "receipts/open", {"receipt": receipt}).json()
    assert set(opened) == {
        "case_number", "state", "due_at", "kept", "next_try_due_at", "reply_due_at", "contact", "messages",
        "handover", "next_door",
    }  # fmt: skip
    assert (opened["state"], opened["kept"]) == ("answered", True)
    assert opened["contact"]["kind"] == "conversation"
    assert opened["contact"]["outcome"] == "reached"
    assert [(line["from"], line["text"]) for line in opened["messages"]] == [
        ("student", SECRET),
        ("student", "Og en ting til"),
        ("helper", "Hei!"),
    ]


@pytest.mark.parametrize("path", ["receipts/open", "receipts/messages"])
def test_wrong_mistyped_and_another_municipalitys_code_are_the_same_404(
    world: World, program: Client, path: str, at: Any
) -> None:
    receipt = knock(program, world).json()["receipt"]
    more = {"text": "Hei"} if path.endswith("messages") else {}
    bodies = {
        post(client, path, {"receipt": code, **more}).content
        for client, code in (
            (program, "0000"),
            (program, "A" * 26),
            (program, "A" * 5000),
            (program, receipt[:-1] + ("A" if receipt[-1] != "A" else "B")),
            (at(world.beta, headers={"accept-language": "en"}), receipt),
        )
    }
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["status"] == 404


def test_words_sent_into_a_closed_conversation_open_it_again_with_a_clock(
    world: World, program: Client
) -> None:
    receipt = knock(program, world).json()["receipt"]
    with inside(world.alpha):
        operations.reply(
            by=world.actor("nurse"), request_id=ContactRequest.objects.get().pk, text="Hei, kom innom"
        )
        reach_and_close(by=world.actor("nurse"), request_id=ContactRequest.objects.get().pk, outcome="helped")
    assert post(program, "receipts/messages", {"receipt": receipt, "text": "Hjelp meg"}).status_code == 201
    assert post(program, "receipts/open", {"receipt": receipt}).json()["state"] == "waiting"
    with inside(world.alpha):
        newest = promises_of(ContactRequest.objects.get().pk)[0]
        assert (newest.kind, newest.answered_at, newest.ended_at) == ("reopened", None, None)


def test_thanks_after_closing_was_shown_does_not_reopen_and_still_need_help_does(
    world: World, program: Client
) -> None:
    receipt = knock(program, world).json()["receipt"]
    with inside(world.alpha):
        reach_and_close(by=world.actor("nurse"), request_id=ContactRequest.objects.get().pk, outcome="helped")
    post(program, "receipts/messages", {"receipt": receipt, "text": "Takk", "seen_closed": True})
    assert post(program, "receipts/open", {"receipt": receipt}).json()["state"] == "closed"
    post(program, "receipts/messages", {"receipt": receipt, "text": "Ikke bra", "still_need_help": True})
    assert post(program, "receipts/open", {"receipt": receipt}).json()["state"] == "waiting"


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, '{"a":' * 100_000, '{"receipt": ' + "[" * 50_000 + "]" * 50_000 + "}"]
)
def test_json_nested_beyond_measure_is_400_like_any_that_is_malformed(program: Client, deep: str) -> None:
    program.raise_request_exception = False
    refused = post(program, "receipts/open", deep)
    assert refused.status_code == 400
    assert refused["Content-Type"].startswith("application/problem+json")


def test_a_sign_no_keyboard_makes_is_left_out_as_on_the_page(world: World, program: Client) -> None:
    accepted = knock(program, world, message="\x00Hj\x00elp")
    assert accepted.status_code == 201
    receipt = accepted.json()["receipt"]
    sent = post(program, "receipts/messages", {"receipt": receipt, "text": "en\x00 gang til"})
    assert sent.status_code < 300
    opened = post(program, "receipts/open", {"receipt": receipt}).json()
    assert [line["text"] for line in opened["messages"]] == ["Hjelp", "en gang til"]


PHONE = {"kind": "phone", "value": "99887766"}


def call_student(world: World, outcome: str) -> operations.RecordedContact:
    case = ContactRequest.objects.get().pk
    return operations.record_contact(by=world.actor("nurse"), request_id=case, kind="phone", outcome=outcome)


def test_a_try_after_the_student_was_reached_undoes_and_promises_nothing(
    world: World, program: Client
) -> None:
    accepted = knock(program, world, channel=PHONE).json()
    with inside(world.alpha):
        assert call_student(world, "reached").stopped_the_clock
        done = call_student(world, "attempted")
        assert (done.stopped_the_clock, done.next_try) == (False, None)
    said = post(program, "receipts/open", {"receipt": accepted["receipt"]}).json()
    assert (said["state"], said["kept"], said["due_at"]) == ("answered", True, accepted["due_at"])
    assert (said["contact"]["outcome"], said["next_try_due_at"]) == ("reached", None)


def test_a_try_keeps_the_first_promise_and_names_the_next_beside_it(world: World, program: Client) -> None:
    accepted = knock(program, world, channel=PHONE).json()
    with inside(world.alpha):
        retry = call_student(world, "attempted").next_try
        assert retry is not None
    said = post(program, "receipts/open", {"receipt": accepted["receipt"]}).json()
    assert (said["kept"], said["due_at"]) == (True, accepted["due_at"])
    assert said["next_try_due_at"] == retry.due_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert said["contact"]["outcome"] == "attempted"


def test_asked_again_a_try_answers_the_new_promise(
    world: World,
    program: Client,
    clock: Any,  # noqa: F811
) -> None:
    accepted = knock(program, world, channel=PHONE).json()
    said = {"receipt": accepted["receipt"]}
    with inside(world.alpha):
        call_student(world, "reached")
        reach_and_close(by=world.actor("nurse"), request_id=ContactRequest.objects.get().pk, outcome="helped")
    clock.shift(timedelta(minutes=30))
    post(program, "receipts/messages", {**said, "text": "Ikke bra", "still_need_help": True})
    asked = post(program, "receipts/open", said).json()
    assert (asked["kept"], asked["due_at"] > accepted["due_at"]) == (None, True)
    with inside(world.alpha):
        done = call_student(world, "attempted")
        assert done.stopped_the_clock
        assert done.next_try is not None
    tried = post(program, "receipts/open", said).json()
    assert (tried["kept"], tried["due_at"]) == (True, asked["due_at"])
    assert tried["contact"]["outcome"] == "attempted"


def introduced(world: World, accepted: Any) -> None:
    """Nora has it, and has offered it to the counsellors."""
    nurse, request_id = (
        world.actor("nurse"),
        ContactRequest.objects.get(case_number=accepted["case_number"]).pk,
    )
    operations.take(by=nurse, request_id=request_id)
    operations.read_conversation(by=nurse, request_id=request_id)
    operations.offer_handover(
        by=nurse, request_id=request_id, to=operations.Receiver(role_id=world.counsellor_role),
        reason="Hun kan mer om det", shares="nothing", agreement="in_talk",
    )  # fmt: skip


def test_the_student_says_no_to_the_new_adult_by_the_code_alone(world: World, program: Client) -> None:
    accepted = knock(program, world).json()
    with inside(world.alpha):
        introduced(world, accepted)
    code = {"receipt": accepted["receipt"]}
    assert post(program, "receipts/open", code).json()["handover"]["state"] == "offered"
    for _again in range(2):
        answer = post(program, "receipts/handover/refuse", code)
        assert (answer.status_code, answer.json()["handover"]["state"]) == (200, "refused")
        assert answer.json()["handover"]["due_at"] is None
    assert "Hun kan mer" not in answer.content.decode()
    with inside(world.alpha):
        assert ContactRequest.objects.get().taken_by_id == world.people["nurse"]


def test_with_nobody_to_say_no_to_the_answer_is_how_it_stands_and_a_wrong_code_opens_nothing(
    world: World, program: Client
) -> None:
    accepted = knock(program, world).json()
    answer = post(program, "receipts/handover/refuse", {"receipt": accepted["receipt"]})
    assert (answer.status_code, answer.json()) == (200, {"handover": None})
    wrong = post(program, "receipts/handover/refuse", {"receipt": "nothing"})
    opened = post(program, "receipts/open", {"receipt": "nothing"})
    assert (wrong.status_code, wrong.json()) == (404, opened.json())
