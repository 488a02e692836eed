"""The doors of worry under /api/v1/desk/: the same operations as the pages."""

from collections.abc import Callable
from typing import Any

from kernel.audit.models import ReadEntry
from services.contact.operations import Accepted
from services.worry.models import LocalNumber, Step, Worry
from tests.cast import World
from tests.services.desk.conftest import api as api
from tests.services.worry.said import BECAUSE, WHO, WORDS
from tests.services.worry.test_deciding import given_to

type Api = Callable[..., Callable[..., Any]]
STEP = {
    "recipient": "child_welfare", "who": WHO, "words": WORDS, "student_first": True, "told": "told",
    "because": BECAUSE,
}  # fmt: skip


def test_a_worry_is_lived_by_a_program(api: Api, case: Accepted, alpha: World) -> None:
    call, about = api("nurse"), f"requests/{case.request_id}"
    duties = call("get", f"{about}/duties").json()["results"]
    assert [duty["key"] for duty in duties][:2] == ["no-principal-health", "no-child-health"]
    assert not any(duty["is_reviewed"] for duty in duties)
    raised = call("post", f"{about}/worries", {"urgency": "soon"})
    assert raised.status_code == 201
    one = raised.json()
    assert (one["case_number"], one["decides"]) == (case.case_number, str(alpha.people["nurse"]))
    assert one["due_at"].endswith("Z")
    assert [row["id"] for row in call("get", "worries").json()["results"]] == [one["id"]]
    assert [row["id"] for row in call("get", f"{about}/worries").json()["results"]] == [one["id"]]
    assert call("post", f"worries/{one['id']}/steps", STEP).json()["due_at"] is None
    reads = ReadEntry.objects.count()
    opened = call("get", f"worries/{one['id']}").json()
    assert ReadEntry.objects.count() == reads + 1
    step = opened["steps"][0]
    assert (step["words"], step["because"], step["is_corrected"]) == (WORDS, BECAUSE, False)
    fixed = call(
        "post", f"worries/{one['id']}/steps/{step['id']}/correction", {**STEP, "recipient": "police"}
    )
    assert fixed.status_code == 201
    assert call("post", f"worries/{one['id']}/steps/{step['id']}/correction", STEP).status_code == 409
    closed = call("post", f"worries/{one['id']}/close", {"outcome": "safe"})
    assert (closed.status_code, closed.json()["outcome"]) == (200, "safe")
    assert call("post", f"worries/{one['id']}/steps", STEP).status_code == 409
    assert call("post", f"worries/{one['id']}/reopen").json()["closed_at"] is None


def test_a_conversation_with_an_open_worry_is_closed_by_a_program_that_says_it_knows(
    api: Api, case: Accepted, alpha: World
) -> None:
    call, about = api("nurse"), f"requests/{case.request_id}"
    worry = call("post", f"{about}/worries", {"urgency": "soon"}).json()["id"]
    call("get", about)  # nothing is closed unread
    body = {"outcome": "not_reached"}
    for said in (body, body | {"worry_stays_open": False}):
        refused = call("post", f"{about}/close", said)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:lavterskel:problem:worry")
        assert call("get", about).json()["state"] != "closed"
    closed = call("post", f"{about}/close", body | {"worry_stays_open": True})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    one = call("get", f"worries/{worry}").json()
    assert one["closed_at"] is None
    assert one["due_at"] is not None


def test_what_came_of_it_has_an_author_and_a_time(api: Api, case: Accepted, alpha: World) -> None:
    call, about = api("nurse"), f"requests/{case.request_id}"
    one = call("post", f"{about}/worries", {"urgency": "soon"}).json()["id"]
    assert call("get", f"worries/{one}").json()["ended_by"] is None
    call("post", f"worries/{one}/close", {"outcome": "safe", "came_of_it": "Trygg hos mormor"})
    opened = call("get", f"worries/{one}").json()
    assert (opened["came_of_it"], opened["ended_by"]) == ("Trygg hos mormor", str(alpha.people["nurse"]))
    assert opened["ended_at"] == opened["closed_at"] is not None
    call("post", f"worries/{one}/reopen")
    again = call("get", f"worries/{one}").json()
    assert (again["closed_at"], again["ended_by"]) == (None, str(alpha.people["nurse"]))


def test_whoever_raised_it_sees_by_program_what_the_page_shows_and_not_a_word(
    api: Api, case: Accepted, alpha: World
) -> None:
    nora, about = api("nurse"), f"requests/{case.request_id}"
    one = nora("post", f"{about}/worries", {"urgency": "soon"}).json()["id"]
    LocalNumber.objects.create(kind="police", name="Politiet", phone="02800")
    mine = nora("get", f"worries/{one}").json()
    assert (mine["is_with_you"], mine["with"]) == (True, str(alpha.people["nurse"]))
    assert [duty["key"] for duty in mine["duties"]][:2] == ["no-principal-health", "no-child-health"]
    given_to(alpha, case, "counsellor")
    written = {**STEP, "recipient": "nobody", "told": None, "student_first": None, "because": ""}
    carl = api("counsellor")
    carl("post", f"worries/{one}/steps", {key: value for key, value in written.items() if value})
    assert carl("get", f"worries/{one}").json()["steps"]
    reads = ReadEntry.objects.count()
    answer = nora("get", f"worries/{one}")
    assert ReadEntry.objects.count() == reads
    theirs = answer.json()
    assert answer.status_code == 200
    assert (theirs["is_with_you"], theirs["with"]) == (False, str(alpha.people["counsellor"]))
    assert (theirs["steps"], theirs["came_of_it"], theirs["ended_by"]) == ([], None, None)
    assert theirs["due_at"].endswith("Z")
    assert theirs["duties"] == mine["duties"], "a duty is each person's own, whoever has the worry now"
    assert [one["phone"] for one in theirs["numbers"]] == ["02800"]
    assert WORDS not in answer.content.decode()
    assert WHO not in answer.content.decode()
    assert nora("get", f"{about}").status_code == 404
    assert api("second_nurse")("get", f"worries/{one}").status_code == 404


def test_a_step_of_another_worry_is_not_there(api: Api, case: Accepted, free_case: Accepted) -> None:
    call = api("nurse")
    ids = [
        call("post", f"requests/{one.request_id}/worries", {"urgency": "soon"}).json()["id"]
        for one in (case, free_case)
    ]
    call("post", f"worries/{ids[0]}/steps", STEP)
    step = Step.objects.get()
    assert call("post", f"worries/{ids[1]}/steps/{step.pk}/correction", STEP).status_code == 404
    assert Step.objects.count() == 1


def test_what_is_wrong_is_said_by_its_field(api: Api, case: Accepted) -> None:
    call = api("nurse")
    assert call("post", f"requests/{case.request_id}/worries", {"urgency": "maybe"}).status_code == 422
    one = call("post", f"requests/{case.request_id}/worries", {"urgency": "now"}).json()
    wrong = {**STEP, "told": "held_back", "ground": "dk-harm"}
    answer = call("post", f"worries/{one['id']}/steps", wrong)
    assert [error["field"] for error in answer.json()["errors"]] == ["ground"]
    assert call("post", f"worries/{one['id']}/steps", {**STEP, "diary": "x"}).status_code == 422
    assert call("post", f"worries/{one['id']}/close", {"outcome": "safe"}).status_code == 422


def test_the_safety_text_is_looked_at_and_sent_by_its_version(api: Api, free_case: Accepted) -> None:
    call, door = api("second_nurse"), f"requests/{free_case.request_id}/safety-text"
    seen = call("get", door).json()
    assert (seen["language"], seen["version"]) == ("nb", "L1")
    assert "113" in seen["text"]
    assert call("get", f"{door}?language=ar").status_code == 404
    friend = call("get", f"{door}?about=friend").json()
    assert (friend["about"], seen["about"]) == ("friend", "self")
    assert friend["text"] != seen["text"]
    assert call("get", f"{door}?about=nobody").status_code == 404
    assert call("post", door, {"language": "nb", "version": "M9"}).status_code == 409
    sent = call("post", door, {"language": "nb", "version": "L1"})
    assert (sent.status_code, sent.json()["text"]) == (201, seen["text"])


def test_a_token_that_only_reads_raises_nothing(api: Api, case: Accepted) -> None:
    call = api("nurse", ("desk:read",))
    assert call("post", f"requests/{case.request_id}/worries", {"urgency": "soon"}).status_code == 403
    assert not Worry.objects.exists()
