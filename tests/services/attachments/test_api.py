"""The same files by the API: base64 in and out, the same walls, one key for one body."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from services.attachments.models import Attachment
from services.contact import operations
from services.contact.models import ConversationMessage
from tests.cast import World
from tests.services.attachments.files import PDF, SVG, picture
from tests.services.attachments.people import let, nurse_sends, student_sends
from tests.services.contact.people import knock
from tests.services.desk.conftest import api

__all__ = ["api"]
pytestmark = pytest.mark.django_db
KEY = "a-key-of-a-program-1"


@pytest.fixture
def case(alpha: World) -> operations.Accepted:
    let("everybody")
    made = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    return made


@pytest.fixture
def program(alpha: World, at: Callable[..., Client]) -> Callable[..., Any]:
    """A student's program, with a key where one is given."""
    client = at(alpha.alpha, headers={"accept-language": "en"})

    def ask(path: str, body: dict[str, Any], key: str = "") -> Any:
        headers = {"idempotency-key": key} if key else {}
        return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return ask


def file(content: bytes, name: str = "Bilde.png") -> dict[str, str]:
    return {"name": name, "content": base64.b64encode(content).decode()}


def test_a_program_sends_and_fetches_a_picture(program, case: operations.Accepted) -> None:
    body = {"receipt": case.receipt, "files": [file(picture("PNG"))]}
    assert program("receipts/messages", {"receipt": case.receipt}).status_code == 422
    assert program("receipts/messages", body).status_code == 201
    said = program("receipts/open", {"receipt": case.receipt}).json()["messages"][-1]
    (listed,) = said["files"]
    assert (listed["number"], listed["name"], listed["kind"]) == (1, "Bilde.jpg", "picture")
    got = program("receipts/files", {"receipt": case.receipt, "number": 1}).json()
    assert got["media_type"] == "image/jpeg"
    assert base64.b64decode(got["content"]).startswith(b"\xff\xd8\xff")
    assert len(base64.b64decode(got["content"])) == got["size"] == listed["size"]
    for receipt, number in ((case.receipt, 2), ("X" * 26, 1)):
        assert program("receipts/files", {"receipt": receipt, "number": number}).status_code == 404


def test_the_same_key_again_is_one_message_and_with_another_file_it_is_refused(
    program, case: operations.Accepted
) -> None:
    body = {"receipt": case.receipt, "text": "Se", "files": [file(picture("PNG"))]}
    before = ConversationMessage.objects.count()
    for _twice in range(2):
        assert program("receipts/messages", body, KEY).status_code == 201
    for other in (
        {**body, "files": [file(picture("JPEG"))]},
        {**body, "files": []},
        {**body, "text": "Noe annet"},
    ):
        answer = program("receipts/messages", other, KEY)
        assert answer.status_code == 409
        assert answer.json()["type"].endswith("key-used")
    assert (ConversationMessage.objects.count(), Attachment.objects.count()) == (before + 1, 1)
    assert program("receipts/messages", {**body, "files": []}, "another-key-of-a-program").status_code == 201


def test_bad_files_are_refused_by_their_field(program, case: operations.Accepted) -> None:
    for files, status in (
        ([file(SVG)], 422),
        ([{"name": "a.png", "content": "not base64!"}], 422),
        ([{"name": "a.png"}], 422),
        ([file(picture())] * 4, 422),
        ("x", 422),
    ):
        answer = program("receipts/messages", {"receipt": case.receipt, "text": "Se", "files": files})
        assert answer.status_code == status
        assert answer.json()["errors"][0]["field"].startswith("files")
    assert Attachment.objects.count() == 0
    let("nobody")
    answer = program("receipts/messages", {"receipt": case.receipt, "text": "Se", "files": [file(picture())]})
    assert answer.status_code == 422


def test_a_helpers_program_sends_and_fetches(alpha: World, api, case: operations.Accepted) -> None:
    student_sends(case)
    nora = api("nurse")
    where = f"requests/{case.request_id}"
    sent = nora("post", f"{where}/messages", {"text": "Her", "files": [file(PDF, "Vedtak.pdf")]})
    assert sent.status_code == 201
    names = [one["name"] for line in nora("get", where).json()["messages"] for one in line["files"]]
    assert names == ["Hemmelig bilde.jpg", "Vedtak.pdf"]
    got = nora("get", f"{where}/files/2").json()
    assert (got["media_type"], base64.b64decode(got["content"])) == ("application/pdf", PDF)


def test_the_walls_are_the_same_for_programs(alpha: World, api, case: operations.Accepted) -> None:
    nurse_sends(alpha, case)
    where = f"requests/{case.request_id}/files/1"
    answers = {
        who: api(who)("get", where).status_code
        for who in ("nurse", "second_nurse", "counsellor", "other_nurse", "lead", "admin", "outsider")
    }
    assert answers == {
        "nurse": 200, "second_nurse": 403, "counsellor": 404, "other_nurse": 404, "lead": 403, "admin": 403,
        "outsider": 403,
    }  # fmt: skip
