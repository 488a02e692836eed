"""The student's page and the desk's: files go in beside the words, are shown, are downloads, and never cost a word."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kernel.actor import MACHINE
from kernel.audit.models import ReadEntry
from services.attachments.models import Attachment
from services.contact import operations
from services.contact.models import ConversationMessage
from tenants.walls import operations as walls
from tests.cast import World
from tests.services.attachments.files import HEIC, PDF, SVG, picture, with_place
from tests.services.attachments.people import fetched, let, nurse_sends, student_sends
from tests.services.contact.people import knock, reach_and_close, visitor
from tests.services.desk.conftest import nora, signed_in

__all__ = ["nora", "signed_in"]
pytestmark = pytest.mark.django_db
WORDS = "Se på dette bildet av beskjeden jeg fikk"


@pytest.fixture
def case(alpha: World) -> operations.Accepted:
    let("everybody")
    made = knock(alpha)
    operations.take(by=alpha.actor("nurse"), request_id=made.request_id)
    return made


@pytest.fixture
def student(alpha: World, case: operations.Accepted, at: Callable[..., Client]) -> Client:
    """The student's browser, its conversation open."""
    client = at(alpha.alpha, headers={"accept-language": "en"})
    assert client.post("/receipt/", {"receipt": case.receipt}).status_code == 303
    return client


def sent(name: str, content: bytes, kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def page(client: Client) -> str:
    return unescape(client.get("/conversation/").content.decode())


def form_of(html: str) -> dict[str, str]:
    return {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in ("proof", "once")}


def write(client: Client, *files: SimpleUploadedFile, text: str = WORDS, **more: str) -> Any:
    form = {**form_of(page(client)), "text": text, "was_open": "1", "files": list(files), **more}
    return client.post("/conversation/", form)


# --- the student ---------------------------------------------------------------------------------------------------


def test_a_student_sends_a_picture_and_sees_it(student: Client, case: operations.Accepted) -> None:
    assert write(student, sent("Mobbing.png", picture("PNG"))).status_code == 303
    html = page(student)
    assert WORDS in html
    assert '<img src="/conversation/files/1/" alt="Picture: Mobbing.jpg" width="40" height="20"' in html
    opener, opened = html.split('popovertarget="picture-1"')[0], html.split('id="picture-1"')[1]
    assert opener.endswith('<button type="button" class="picture" '), "it opens in the page, without a script"
    assert "Close the picture" in opened.split("</li>")[0]
    assert opened.split("</li>")[0].count("Save Mobbing.jpg") == 1
    assert "Save Mobbing.jpg" not in html.split('id="picture-1"')[0], "nothing to save beside every picture"
    answer = student.get("/conversation/files/1/")
    assert answer.content == fetched(visitor(case), case).content


def test_the_field_stands_there_only_where_files_may_be_sent(student: Client) -> None:
    accept = 'type="file" id="id_files" name="files" accept="image/jpeg,image/png,image/webp" multiple'
    html = page(student)
    assert accept in html
    assert "faces, places, names" in html
    let("named")  # the student gave no name
    assert "id_files" not in page(student)
    assert "multipart" not in page(student)
    answer = write(student, sent("a.jpg", picture()))
    assert answer.status_code == 422
    assert WORDS in unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (sent("tegning.svg", SVG, "image/jpeg"), "“tegning.svg” is not a picture we can take"),
        (sent("IMG_1.HEIC", HEIC), "“IMG_1.HEIC” is a HEIC picture"),
        (sent("stor.jpg", b"\xff\xd8\xff" + b"x" * 20_000_000), "“stor.jpg” is too large"),
        (sent("tom.jpg", b""), "“tom.jpg” is empty"),
    ],
)
def test_a_bad_file_costs_no_word_and_the_words_go_without_it(student: Client, bad, said: str) -> None:
    bad.seek(0)
    answer = write(student, sent("god.jpg", picture()), bad)
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in html
    assert 'href="#id_files"' in html  # the summary leads to the field
    assert f">\n{WORDS}</textarea>" in html
    assert Attachment.objects.count() == 0
    again = {**form_of(html), "text": WORDS, "was_open": "1"}
    assert student.post("/conversation/", again).status_code == 303
    assert ConversationMessage.objects.filter(sender="student").count() == 2


def test_when_the_words_are_refused_the_page_says_to_choose_the_files_again(student: Client) -> None:
    answer = write(student, sent("a.jpg", picture()), text="x" * 10_001)
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Choose your pictures again" in html
    assert "x" * 10_001 in html
    assert Attachment.objects.count() == 0


def test_sent_twice_it_is_kept_once_and_another_file_is_another_message(student: Client) -> None:
    form = {**form_of(page(student)), "text": WORDS, "was_open": "1"}
    for _twice in range(2):
        assert (
            student.post("/conversation/", {**form, "files": [sent("a.jpg", picture())]}).status_code == 303
        )
    assert Attachment.objects.count() == 1
    student.post("/conversation/", {**form, "files": [sent("a.jpg", picture("PNG"))]})
    assert Attachment.objects.count() == 2


def test_without_the_visit_the_words_come_back_and_the_page_says_that_the_pictures_do_not(
    alpha: World, student: Client, at: Callable[..., Client]
) -> None:
    form = {**form_of(page(student)), "text": WORDS, "files": [sent("a.jpg", picture())]}
    answer = at(alpha.alpha, headers={"accept-language": "en"}).post("/conversation/", form)
    html = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert WORDS in html
    assert "Your pictures were not kept" in html


def test_a_file_is_given_as_a_download_that_runs_nowhere(
    alpha: World, student: Client, case: operations.Accepted
) -> None:
    from tests.services.attachments.files import taken

    nurse_sends(alpha, case, files=taken(PDF, name='Æ"ø\r\n;x.html', documents=True))
    answer = student.get("/conversation/files/1/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%86%22%C3%B8%3Bx.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    html = page(student)
    assert "<img" not in html.split('class="files"')[1].split("</ul>")[0]


def test_a_student_without_the_visit_is_led_to_the_code_and_another_student_gets_nothing(
    alpha: World, case: operations.Accepted, at: Callable[..., Client]
) -> None:
    student_sends(case)
    stranger = at(alpha.alpha)
    assert stranger.get("/conversation/files/1/")["Location"] == "/receipt/?expired"
    other = knock(alpha)
    stranger.post("/receipt/", {"receipt": other.receipt})
    assert stranger.get("/conversation/files/1/").status_code == 404
    assert stranger.post("/conversation/files/1/").status_code == 405


def test_the_place_a_phone_wrote_into_a_picture_reaches_nobody(student: Client) -> None:
    write(student, sent("a.jpg", with_place()))
    assert b"KANARI" not in student.get("/conversation/files/1/").content


def test_what_a_student_takes_home_has_the_files(student: Client, case: operations.Accepted) -> None:
    import base64

    write(student, sent("Mobbing.png", picture("PNG")))
    proof = {"proof": form_of(page(student))["proof"]}
    found = student.post("/conversation/yours/", {**proof, "as": "json"}).json()["sections"]
    (row,) = next(one["rows"] for one in found if one["key"] == "attachments")
    assert (row["name"], row["kind"]) == ("Mobbing.jpg", "picture")
    assert base64.b64decode(row["content"]) == fetched(visitor(case), case).content
    for form in ("page", "text"):
        said = student.post("/conversation/yours/", {**proof, "as": form}).content.decode()
        assert "Mobbing.jpg" in said
        assert row["content"][:60] not in said


# --- the desk ------------------------------------------------------------------------------------------------------


def desk(case: operations.Accepted, rest: str = "") -> str:
    return f"/desk/{case.request_id}/{rest}"


def test_a_helper_sends_files_and_sees_the_students(
    alpha: World, nora: Client, case: operations.Accepted
) -> None:
    student_sends(case)
    html = unescape(nora.get(desk(case)).content.decode())
    assert f'<img src="{desk(case, "files/1/")}" alt="Picture: Hemmelig bilde.jpg"' in html
    assert "A draft keeps no files" in html
    form = {"text": "Her er vedtaket", "once": "m" * 20}
    for _twice in range(2):
        files = [sent("Vedtak.pdf", PDF), sent("k.png", picture("PNG"))]
        assert nora.post(desk(case, "reply/"), {**form, "files": files}).status_code == 302
    kinds = [one.kind for one in Attachment.objects.order_by("number")]
    assert kinds == ["picture", "document", "picture"]
    assert nora.get(desk(case, "files/2/")).content == PDF


def test_a_helpers_bad_file_costs_no_word(nora: Client, case: operations.Accepted) -> None:
    answer = nora.post(desk(case, "reply/"), {"text": WORDS, "once": "m" * 20, "files": [sent("x.svg", SVG)]})
    html = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "“x.svg” is of a kind we do not take" in html
    assert 'href="#id_files"' in html
    assert f">\n{WORDS}</textarea>" in html


def test_a_helper_has_no_field_where_nobody_sends(nora: Client, case: operations.Accepted) -> None:
    let("nobody")
    html = nora.get(desk(case)).content.decode()
    assert "id_files" not in html
    assert "multipart" not in html


def test_taking_a_reply_back_says_that_its_files_are_to_be_chosen_again(
    nora: Client, case: operations.Accepted
) -> None:
    nora.post(desk(case, "reply/"), {"text": WORDS, "once": "m" * 20, "files": [sent("a.jpg", picture())]})
    message = ConversationMessage.objects.get(sender="helper")
    back = reverse("desk:take_back", args=[case.request_id, message.pk])
    html = unescape(nora.post(back, follow=True).content.decode())
    assert "Choose them again before you send" in html
    assert f">\n{WORDS}</textarea>" in html
    assert Attachment.objects.count() == 0


def test_a_colleague_at_the_door_and_everybody_else_is_refused(
    alpha: World, signed_in: Callable[..., Client], case: operations.Accepted
) -> None:
    student_sends(case)
    answers = {
        who: signed_in(who).get(desk(case, "files/1/")).status_code
        for who in ("nurse", "second_nurse", "counsellor", "other_nurse", "lead", "admin", "outsider")
    }
    assert answers == {
        "nurse": 200, "second_nurse": 403, "counsellor": 404, "other_nurse": 404, "lead": 403, "admin": 403,
        "outsider": 403,
    }  # fmt: skip


def test_signed_out_the_words_come_back_and_the_page_says_that_the_files_do_not(
    nora: Client, case: operations.Accepted
) -> None:
    nora.logout()
    answer = nora.post(desk(case, "reply/"), {"text": WORDS, "files": [sent("a.jpg", picture())]})
    html = unescape(answer.content.decode())
    assert WORDS in html
    assert "The files are not kept" in html


def test_two_persons_take_the_files_out_by_the_same_rules(
    alpha: World, signed_in: Callable[..., Client], case: operations.Accepted
) -> None:
    student_sends(case)
    carl = signed_in("counsellor")
    assert carl.get(desk(case, "files/1/")).status_code == 404
    opening = walls.ask_opening(
        by=alpha.actor("lead"), number=case.case_number, basis="court", scope="conversation",
        reason="Kjennelse", reader_id=alpha.people["counsellor"], hours=2,
    )  # fmt: skip
    walls.confirm_opening(by=alpha.actor("admin"), opening_id=opening.pk)
    taken_out = carl.post(desk(case, "take-out/"))
    assert f'<img src="{desk(case, "files/1/")}"' in taken_out.content.decode()
    assert carl.get(desk(case, "files/1/")).status_code == 200
    last = ReadEntry.objects.order_by("at", "id").last()
    assert (last.what, last.why) == ("attachment", "by two persons: court")


def test_the_copy_for_the_record_names_the_files(
    alpha: World, nora: Client, case: operations.Accepted
) -> None:
    student_sends(case)
    reach_and_close(by=alpha.actor("nurse"), request_id=case.request_id, outcome="helped")
    text = nora.post(desk(case, "record/copy/"), {"as": "text"}).content.decode()
    assert "File: Hemmelig bilde.jpg" in text
    data = nora.post(desk(case, "record/copy/"), {"as": "json"}).json()
    files = [message["files"] for message in data["messages"]]
    assert files == [[], [{"number": 1, "name": "Hemmelig bilde.jpg", "kind": "picture"}], []]
    assert nora.get(desk(case, "files/1/")).status_code == 200


# --- set-up --------------------------------------------------------------------------------------------------------


def test_an_administrator_chooses_for_all_schools_and_for_one(
    alpha: World, signed_in: Callable[..., Client]
) -> None:
    from tenants.setup.queries import portal

    adam = signed_in("admin", "en")
    html = unescape(adam.get("/setup/files/").content.decode())
    assert re.search(r'value="nobody"[^>]* checked', html)
    assert "may still say who somebody is" in html
    assert adam.post("/setup/files/", {"who": "named"}).status_code == 302
    school = alpha.other_school
    assert adam.post(f"/setup/files/?school={school}", {"who": "everybody"}).status_code == 302
    assert (portal().attachments_at(alpha.school), portal().attachments_at(school)) == ("named", "everybody")
    assert "Fjellvang skole Alfa" in adam.get("/setup/files/").content.decode()
    adam.post(f"/setup/files/reset/?school={school}")
    assert portal().attachments_at(school) == "named"
    assert adam.post("/setup/files/", {"who": "anybody"}).status_code == 422


def test_what_is_stored_is_never_refused_when_it_is_sent_again(student: Client, case, monkeypatch) -> None:
    """Its answer was lost: the hourly limit, a busy house and another choice in set-up say nothing of it."""
    form = form_of(page(student))

    def send() -> int:
        body = {**form, "text": WORDS, "was_open": "1", "files": [sent("a.jpg", picture())]}
        return student.post("/conversation/", body).status_code

    assert send() == 303
    monkeypatch.setattr("services.contact.enclosing.FILES_AN_HOUR", 0)
    let("nobody")
    assert send() == 303
    assert Attachment.objects.count() == 1
    form = form_of(page(student))
    assert send() == 422
    assert ConversationMessage.objects.filter(request_id=case.request_id, sender="student").count() == 2


def test_a_picture_alone_for_a_conversation_that_is_gone_is_said_to_be_lost(student: Client, case) -> None:
    form = form_of(page(student))
    operations.forget(by=MACHINE, request_ids=[case.request_id])
    answer = student.post("/conversation/", {**form, "was_open": "1", "files": [sent("a.jpg", picture())]})
    html = unescape(answer.content.decode())
    assert answer.status_code == 410
    assert "Your pictures were not kept. You can send them once you have knocked again." in html
    assert "Your words are still here" not in html
