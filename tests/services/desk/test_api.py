"""The desk for programs: the shapes and statuses of API v1, on the same operations as the pages."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kernel import clock as kernel_clock
from kernel.audit.models import ReadEntry
from services.contact import operations
from services.contact.models import ContactRequest, ConversationMessage
from tests.cast import World
from tests.services.contact.people import NUMBER, SECRET, knock

CALL = {"channel_kind": "phone", "channel_value": NUMBER, "name": "Mona Hansen"}


def test_a_list_has_what_stands_in_the_open_and_opens_nothing(alpha: World, api: Callable) -> None:
    accepted = knock(alpha, **CALL)
    answer = api("nurse")("get", "requests?state=waiting")
    assert answer.status_code == 200
    item = answer.json()["results"][0]
    assert item | {"due_at": "", "opened_at": ""} == {
        "id": str(accepted.request_id),
        "case_number": accepted.case_number,
        "school": str(alpha.school),
        "role": str(alpha.nurse_role),
        "channel": "phone",
        "state": "waiting",
        "due_at": "",
        "kept": None,
        "next_try_due_at": None,
        "reply_due_at": None,
        "taken_by": None,
        "language": "nb",
        "named": True,
        "opened_at": "",
        "closed_at": None,
        "outcome": None,
        "unseen": 1,
        "may_be_in_danger": False,
    }
    assert item["due_at"] == "2026-09-16T08:00:00Z"
    for secret in (SECRET, NUMBER, "Mona"):
        assert secret not in answer.content.decode()
    assert not ReadEntry.objects.exists()


def test_lists_go_on_at_next_in_the_order_of_the_promise(
    alpha: World, api: Callable, clock: time_machine.Traveller
) -> None:
    asked = []
    for _number in range(3):
        asked.append(str(knock(alpha).request_id))
        clock.shift(timedelta(minutes=5))
    call = api("nurse")
    first = call("get", "requests?limit=2").json()
    rest = call("get", "requests?" + first["next"].split("?", 1)[1]).json()
    assert [one["id"] for one in first["results"] + rest["results"]] == asked
    assert rest["next"] is None


def test_opening_one_adds_its_messages_and_is_logged_with_its_reason(alpha: World, api: Callable) -> None:
    accepted = knock(alpha, **CALL)
    call, path = api("nurse"), f"requests/{accepted.request_id}"
    opened = call("get", path).json()
    assert opened["messages"] == [
        {"from": "student", "text": SECRET, "at": "2026-09-15T08:00:00Z", "seen_at": None, "files": []}
    ]
    assert (opened["channel_value"], opened["name"]) == (NUMBER, "Mona Hansen")
    call("post", f"{path}/take")
    call("get", path)
    assert list(ReadEntry.objects.order_by("id").values_list("why", flat=True)) == [
        "before taking",
        "to answer",
    ]


def test_take_again_by_me_is_200_and_by_another_409_who_says_who(alpha: World, api: Callable) -> None:
    path = f"requests/{knock(alpha).request_id}/take"
    mine, other = api("nurse"), api("second_nurse")
    assert mine("post", path).json()["state"] == "taken"
    assert mine("post", path).status_code == 200
    lost = other("post", path)
    assert lost.status_code == 409
    assert lost["Content-Type"] == "application/problem+json"
    assert "Nora" in lost.json()["detail"]
    assert mine("post", path, {"force": True}).status_code == 422


def test_the_whole_way_from_take_to_close(alpha: World, api: Callable) -> None:
    accepted = knock(alpha, **CALL)
    call, path = api("nurse"), f"requests/{accepted.request_id}"
    assert call("post", f"{path}/take").json()["taken_by"] == str(alpha.people["nurse"])
    said = call("post", f"{path}/messages", {"text": " Jeg ringer deg. "})
    assert said.status_code == 201
    assert said.json()["text"] == "Jeg ringer deg."
    assert call("get", "requests?state=mine").json()["results"][0]["kept"] is None
    tried = call("post", f"{path}/contact", {"kind": "phone", "outcome": "attempted"})
    assert tried.status_code == 201
    assert tried.json()["stopped_the_clock"] is True
    assert tried.json()["next_try_due_at"] > "2026-09-15"
    at = (kernel_clock.now()).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (
        call("post", f"{path}/contact", {"kind": "phone", "outcome": "reached", "at": at}).status_code == 201
    )
    assert call("get", "requests?state=mine").json()["results"][0]["kept"] is True
    assert call("get", path).status_code == 200
    done = call("post", f"{path}/close", {"outcome": "helped"})
    assert (done.status_code, done.json()["state"]) == (200, "closed")
    assert call("post", f"{path}/close", {"outcome": "helped"}).status_code == 409
    assert call("get", "requests?state=closed").json()["results"][0]["outcome"] == "helped"


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("messages", {}, "text"),
        ("messages", {"text": " "}, "text"),
        ("messages", {"text": "Hei", "to": "Mona"}, "to"),
        ("contact", {"kind": "pigeon", "outcome": "reached"}, "kind"),
        ("contact", {"kind": "conversation", "outcome": "reached"}, "kind"),
        ("contact", {"kind": "phone", "outcome": "maybe"}, "outcome"),
        ("contact", {"kind": "phone", "outcome": "reached", "at": "yesterday"}, "at"),
        ("contact", {"kind": "phone", "outcome": "reached", "at": "2026-09-15T06:00:00Z"}, "at"),
        ("contact", {"kind": "phone", "outcome": "reached", "at": "2026-09-15T09:00:00Z"}, "at"),
        ("close", {}, "outcome"),
        ("close", {"outcome": ""}, "outcome"),
        ("close", {"outcome": "won"}, "outcome"),
    ],
)
def test_bad_bodies_are_422_and_name_the_field(
    alpha: World, api: Callable, verb: str, body: dict, field: str
) -> None:
    accepted = knock(alpha, **CALL)
    refused = api("nurse")("post", f"requests/{accepted.request_id}/{verb}", body)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert ContactRequest.objects.get(pk=accepted.request_id).state == "waiting"


def test_an_unknown_shelf_is_422_and_unknown_requests_are_404(alpha: World, api: Callable) -> None:
    call = api("nurse")
    assert call("get", "requests?state=everything").status_code == 422
    assert call("get", f"requests/{alpha.school}").status_code == 404
    assert call("get", "requests/nonsense").status_code == 404


def test_malformed_json_is_400(alpha: World, nora: Client) -> None:
    path = f"/api/v1/desk/requests/{knock(alpha).request_id}/messages"
    assert nora.post(path, "{", content_type="application/json").status_code == 400


def test_pages_and_api_are_one_desk(alpha: World, api: Callable, nora: Client) -> None:
    accepted = knock(alpha)
    api("second_nurse")("post", f"requests/{accepted.request_id}/take")
    assert nora.post(f"/desk/{accepted.request_id}/take/").status_code == 409
    with pytest.raises(Exception, match="taken"):
        operations.take(by=alpha.actor("nurse"), request_id=accepted.request_id)


def test_the_contract_names_exactly_the_desks_doors(alpha: World, nora: Client) -> None:
    """The doors of a worry are another room's: tests/services/worry tries them."""
    others = ("worries", "duties", "safety-text")
    contract = json.loads(nora.get("/api/v1/openapi.json").content)
    doors = {
        (method, path.removeprefix("/api/v1/desk/"), min(operation["responses"]))
        for path, methods in contract["paths"].items()
        if path.startswith("/api/v1/desk/") and not any(part in path for part in others)
        for method, operation in methods.items()
    }
    one = "requests/{request_id}"
    assert doors == {
        ("get", "requests", "200"),
        ("get", one, "200"),
        ("post", "search", "200"),
        ("post", f"{one}/take", "200"),
        ("post", f"{one}/messages", "201"),
        ("post", f"{one}/contact", "201"),
        ("post", f"{one}/contact/{{attempt_id}}/undo", "200"),
        ("post", f"{one}/no-answer", "200"),
        ("post", f"{one}/no-answer/undo", "200"),
        ("post", f"{one}/close", "200"),
        ("post", f"{one}/record", "200"),
        ("get", f"{one}/meeting", "200"),
        ("post", f"{one}/meeting", "200"),
        ("post", f"{one}/meeting/record", "200"),
        ("post", f"{one}/meeting/times", "201"),
        ("post", f"{one}/meeting/times/{{time_id}}/take-back", "200"),
        ("get", f"{one}/files/{{number}}", "200"),
        ("get", f"{one}/notes", "200"),
        ("post", f"{one}/notes", "201"),
        ("patch", f"{one}/notes/{{note_id}}", "200"),
        ("post", f"{one}/notes/{{note_id}}/delete", "200"),
        ("post", f"{one}/notes/{{note_id}}/restore", "200"),
        ("get", f"{one}/handovers", "200"),
        ("post", f"{one}/handovers", "201"),
        ("post", f"{one}/recuse", "200"),
        ("post", f"{one}/recuse/undo", "200"),
        ("post", "handovers/{handover_id}/accept", "200"),
        ("post", "handovers/{handover_id}/decline", "200"),
        ("post", "handovers/{handover_id}/withdraw", "200"),
    }
    listed = contract["paths"]["/api/v1/desk/requests"]["get"]["responses"]["200"]
    assert "results" in json.dumps(listed | contract["components"]["schemas"]["DeskRequests"])


def test_a_program_that_sends_a_message_again_with_its_key_sends_it_once(alpha: World, api: Callable) -> None:
    accepted = knock(alpha)
    call, path = api("nurse"), f"requests/{accepted.request_id}/messages"
    key = {"headers": {"idempotency-key": "k" * 32}}
    first = call("post", path, {"text": "Kom i morgen"}, **key)
    again = call("post", path, {"text": "Kom i morgen"}, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert accepted_messages(accepted) == 2
    assert call("post", path, {"text": "Noe annet"}, **key).status_code == 409
    assert call("post", path, {"text": "Kom i morgen"}).status_code == 201
    assert accepted_messages(accepted) == 3


def accepted_messages(accepted: operations.Accepted) -> int:
    return ConversationMessage.objects.filter(request_id=accepted.request_id).count()
