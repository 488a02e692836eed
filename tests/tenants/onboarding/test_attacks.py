"""What somebody who means ill, or two who come at once, can do to sign-up: nothing."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image

from kernel import jobs
from kernel.actor import NOBODY
from kernel.errors import Conflict, Invalid
from tenants.onboarding import operations, states
from tenants.onboarding.models import Application, EmailCode
from tenants.setup.logos import LOGOS_AN_HOUR
from tests.tenants.onboarding.support import Applicant


def at_once(*acts):
    """Run all acts at the same moment, each on a connection of its own; their outcomes or errors."""
    gate = threading.Barrier(len(acts), timeout=30)

    def run(act):
        gate.wait()
        try:
            return act()
        except (Invalid, Conflict) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_five_wrong_guesses_kill_the_code_even_for_the_right_one(applicant):
    page = applicant.ask_for_code()
    jobs.drain()
    right = applicant.box.code()
    wrong = "111 111" if right != "111 111" else "222 222"
    for _ in range(states.CODE_ATTEMPTS):
        assert applicant.type_code(page, wrong).status_code == 422
    answer = applicant.type_code(page, right)
    assert answer.status_code == 422
    assert "too many tries" in answer.content.decode()
    assert EmailCode.objects.get(application=applicant.application).attempts == states.CODE_ATTEMPTS


def test_guessing_in_parallel_gives_no_extra_guesses(applicant):
    applicant.ask_for_code()
    jobs.drain()
    right, pk = applicant.box.code().replace(" ", ""), EmailCode.objects.get().pk
    guesses = [f"{n:06}" for n in range(12) if f"{n:06}" != right]
    outcomes = at_once(*[lambda g=g: operations.verify(code_id=pk, code=g, by=NOBODY) for g in guesses])
    assert all(isinstance(outcome, Invalid) for outcome in outcomes)
    assert EmailCode.objects.get().attempts == states.CODE_ATTEMPTS
    assert applicant.application.state == states.CODE_SENT


def test_one_code_typed_twice_at_once_is_used_once(applicant):
    applicant.ask_for_code()
    jobs.drain()
    code, pk = applicant.box.code(), EmailCode.objects.get().pk
    outcomes = at_once(*[lambda: operations.verify(code_id=pk, code=code, by=NOBODY)] * 4)
    assert sum(outcome == applicant.application for outcome in outcomes) == 1


def test_a_code_of_one_application_opens_no_other(applicant, box):
    applicant.verify()
    other = Applicant(box, email="per@skjaak.kommune.no")
    page = other.ask_for_code()
    jobs.drain()
    code = box.code()
    third = Applicant(box, email="eva@vang.kommune.no")
    page = third.ask_for_code()
    assert third.type_code(page, code).status_code == 422


def test_the_token_of_the_code_page_is_no_cookie(applicant):
    import re

    page = applicant.ask_for_code()
    pending = re.search(r'name="pending" value="([^"]+)"', page.content.decode()).group(1)
    applicant.client.cookies["application"] = pending
    assert applicant.client.get("/start/name/").headers["Location"] == "/start/continue/"


def test_an_address_that_is_pending_is_taken_for_everybody_else(applicant, box, slug):
    applicant.verify()
    applicant.post("/start/name/", {"name": "Lom kommune"})
    applicant.post("/start/address/", {"slug": slug})
    other = Applicant(box, email="per@skjaak.kommune.no")
    other.verify()
    other.post("/start/name/", {"name": "Lom kommune"})
    answer = other.post("/start/address/", {"slug": slug})
    assert answer.status_code == 422
    assert "signing up with this address" in answer.content.decode()
    assert Application.objects.filter(slug=slug).count() == 1


def test_two_who_race_for_one_address_get_one_winner_and_one_word(applicant, box, slug):
    applicant.verify()
    other = Applicant(box, email="per@skjaak.kommune.no")
    other.verify()
    racers = [(a.application.pk, a.actor) for a in (applicant, other)]
    outcomes = at_once(
        *[
            lambda pk=pk, by=by: operations.choose_address(application_id=pk, slug=slug, by=by)
            for pk, by in racers
        ]
    )
    assert [type(outcome) for outcome in outcomes].count(Invalid) == 1
    assert Application.objects.filter(slug=slug).count() == 1


def test_a_second_application_never_deletes_the_first(applicant, box, slug):
    applicant.verify()
    applicant.fill_in(slug=slug)
    squatter = Applicant(box, email="squatter@gmail.com")
    squatter.verify()
    assert Application.objects.filter(organisation_number="958935420").count() == 2
    assert applicant.application.slug == slug


def test_the_front_door_sets_no_cookie_for_readers(committed):
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    for path in ("/", "/schools/", "/schools/?q=rosthaug", "/privacy/", "/accessibility/"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not answer.cookies, path


def test_an_applicant_has_twenty_pictures_drawn_an_hour_and_not_more(applicant):
    applicant.verify()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")

    def upload():
        file = SimpleUploadedFile("logo.png", picture.getvalue(), "image/png")
        return applicant.post("/start/look/", {"brand": "#0b5d6b", "logo": file})

    assert {upload().status_code for _ in range(LOGOS_AN_HOUR)} == {302}
    page = upload()
    assert page.status_code == 422
    assert "Wait an hour" in page.content.decode()


HIDDEN = ("\u202ekommun", "kom\u200bmun", "kommun\u2066", "kom\x07mun", "\ufeffkommun")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_no_name_at_a_gate_holds_signs_that_nobody_sees(applicant, slug, hidden):
    """Who signs, as whom, and why, stands in the agreement; the deputy stands in the set-up."""
    applicant.verify()
    applicant.found(slug)
    fine = {"name": "Ola Berg", "role": "Leder", "authority": "Delegert", "email": "ola@lom.kommune.no"}
    for field in ("name", "role", "authority"):
        page = applicant.post("/start/gates/agreement/", {**fine, field: hidden})
        assert page.status_code == 422, field
        assert page.content.decode().count("hidden signs") == 2, field  # in the summary and beside the field
    page = applicant.post("/start/gates/deputy/", {"name": hidden, "email": "per@vagaa.kommune.no"})
    assert page.status_code == 422
    assert page.content.decode().count("hidden signs") == 2
    assert applicant.post("/start/gates/agreement/", fine).status_code == 302


@pytest.mark.parametrize("hidden", HIDDEN)
def test_no_name_in_a_sign_up_holds_signs_that_nobody_sees(applicant, hidden):
    applicant.answer("country", country="NO")
    page = applicant.answer(
        "email", kind="municipality", organisation_number="958 935 420", email=applicant.email,
        contact_name=hidden, anyway="1",
    )  # fmt: skip
    assert page.status_code == 422
    assert "hidden signs" in page.content.decode()
    applicant.answers.pop("contact_name")
    applicant.verify()
    for path, form in (("/start/name/", {"name": hidden}), ("/start/school/", {"pilot_school": hidden})):
        page = applicant.post(path, form)
        assert page.status_code == 422
        assert "hidden signs" in page.content.decode()
