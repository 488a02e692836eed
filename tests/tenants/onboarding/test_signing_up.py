"""From the landing page to a rehearsal portal, as one person of a municipality meets it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kernel import jobs
from kernel.actor import MACHINE, NOBODY
from kernel.people.models import Account
from kernel.tenancy import inside, operator
from tenants.onboarding import operations, states
from tenants.onboarding.models import Application
from tenants.setup.models import Language, Look, Post, School
from tests.tenants.onboarding.support import Applicant, Mailbox

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)


def test_one_person_gets_a_rehearsal_portal_with_invented_people(applicant, slug):
    applicant.verify()
    ref = applicant.found(slug)
    assert ref.state == "rehearsal"
    with inside(ref):
        assert list(School.objects.values_list("name", flat=True)) == ["Loar skule"]
        assert set(Language.objects.values_list("code", flat=True)) == {"nb", "en"}
        assert Look.objects.get().brand == "#0b5d6b"
        admin = Account.objects.get(is_administrator=True)
        assert (admin.email, admin.is_invented) == (applicant.email, False)
        assert set(Post.objects.values_list("account__is_invented", flat=True)) == {True}
    assert applicant.application.state == states.REHEARSING
    page = applicant.client.get("/start/gates/")
    assert page.status_code == 200
    assert slug in page.content.decode()


def test_nothing_is_stored_and_no_cookie_set_before_the_code_is_asked_for(applicant):
    applicant.client.get("/start/")
    applicant.answer("country", country="NO")
    applicant.answer("kind", kind="county")
    applicant.answer("number", organisation_number="958935420")
    assert not Application.objects.exists()
    assert "application" not in applicant.client.cookies


def test_the_cookie_comes_only_after_the_right_code(applicant):
    page = applicant.ask_for_code()
    assert "application" not in applicant.client.cookies
    jobs.drain()
    assert applicant.type_code(page, "000 000").status_code == 422
    assert "application" not in applicant.client.cookies
    applicant.type_code(page, applicant.box.code())
    cookie = applicant.client.cookies["application"]
    assert cookie["httponly"]
    assert applicant.email not in cookie.value


@pytest.mark.parametrize(
    ("country", "number"),
    [("NO", "958 935 421"), ("NO", "12"), ("SE", "556677-8899"), ("DK", "64942213"),
     ("FI", "0201256-7"), ("IS", "1203401234")],
)  # fmt: skip
def test_a_wrong_organisation_number_says_what_to_do_and_keeps_what_was_typed(applicant, country, number):
    applicant.answer("country", country=country)
    applicant.answer("kind", kind="municipality")
    page = applicant.answer("number", organisation_number=number)
    assert page.status_code == 422
    assert number in page.content.decode()
    assert 'name="country" value="' + country in page.content.decode()


@pytest.mark.parametrize("country", ["NO", "SE", "DK", "FI", "IS"])
def test_every_country_can_ask_for_a_code(applicant, country):
    applicant.country, applicant.email = country, f"x@{country.lower()}.example"
    assert applicant.ask_for_code().status_code == 200
    assert applicant.application.country == country


def test_a_private_address_gets_a_friendly_word_and_may_go_on(applicant):
    applicant.email = "kari@gmail.com"
    applicant.answers = {"country": "NO", "kind": "municipality", "organisation_number": "958935420"}
    page = applicant.answer("email", email=applicant.email, contact_name="Kari")
    assert page.status_code == 200
    assert "private address" in page.content.decode()
    assert not Application.objects.exists()
    assert applicant.answer("email", anyway="1").status_code == 200
    assert Application.objects.count() == 1


def test_a_code_works_once(applicant):
    page = applicant.ask_for_code()
    jobs.drain()
    code = applicant.box.code()
    assert applicant.type_code(page, code).status_code == 302
    again = applicant.type_code(page, code)
    assert again.status_code == 422
    assert "has been used" in again.content.decode()


def test_a_code_is_too_old_after_ten_minutes(applicant):
    with time_machine.travel(NOW, tick=False):
        page = applicant.ask_for_code()
        jobs.drain()
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        answer = applicant.type_code(page, applicant.box.code())
    assert answer.status_code == 422
    assert "too old" in answer.content.decode()


def test_the_mail_with_the_code_names_nobody(applicant):
    applicant.ask_for_code()
    jobs.drain()
    text = applicant.box.text()
    assert "Kari" not in text
    assert "Lom" not in text
    assert "958" not in text


def test_somebody_comes_back_from_another_computer(applicant, box: Mailbox):
    applicant.verify()
    elsewhere = Applicant(box)
    page = elsewhere.post("/start/continue/", {"email": applicant.email})
    jobs.drain()
    assert elsewhere.type_code(page, box.code()).headers["Location"] == "/start/name/"


def test_coming_back_answers_the_same_to_a_stranger(applicant):
    page = applicant.post("/start/continue/", {"email": "nobody@nowhere.example"})
    assert page.status_code == 200
    assert 'name="code"' in page.content.decode()
    jobs.drain()
    assert applicant.box.mails == []
    assert applicant.type_code(page, "123 456").status_code == 422


def test_the_address_is_suggested_from_the_name(applicant):
    applicant.verify()
    applicant.post("/start/name/", {"name": "Sør-Ærøå kommune"})
    assert 'value="sor-aeroa"' in applicant.client.get("/start/address/").content.decode()


@pytest.mark.parametrize("wanted", ["admin", "a", "Å-b", "x--y", "www", "operator", "-lom", "xn--abc"])
def test_a_reserved_or_malformed_address_is_refused_and_kept_in_the_field(applicant, wanted):
    applicant.verify()
    applicant.post("/start/name/", {"name": "Lom"})
    page = applicant.post("/start/address/", {"slug": wanted})
    assert page.status_code == 422
    assert f'value="{wanted}"' in page.content.decode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"not a picture at all", "not a picture"),
        (b"\x89PNG" + b"0" * (3 * 1024 * 1024), "too large"),
    ],
)
def test_a_logo_that_is_no_small_picture_is_refused_in_words(applicant, content, says):
    from django.core.files.uploadedfile import SimpleUploadedFile

    applicant.verify()
    page = applicant.post(
        "/start/look/", {"brand": "#123456", "logo": SimpleUploadedFile("logo.png", content)}
    )
    assert page.status_code == 422
    assert says in page.content.decode()
    assert applicant.application.logo is None


def test_a_second_click_on_build_founds_once(applicant, slug):
    applicant.verify()
    applicant.fill_in(slug=slug)
    for _ in range(2):
        assert applicant.post("/start/check/", {"sure": "1"}).status_code == 302
    operations.request_founding(application_id=applicant.application.pk, by=applicant.actor)
    ran = jobs.drain()
    assert ran >= 1
    operations.found(application_id=applicant.application.pk, by=MACHINE)
    assert applicant.application.state == states.REHEARSING


def test_an_address_taken_at_the_last_moment_sends_the_applicant_back_with_everything_kept(applicant, slug):
    from kernel.actor import MACHINE
    from tenants.municipalities.operations import found_municipality

    applicant.verify()
    applicant.fill_in(slug=slug)
    applicant.post("/start/check/", {"sure": "1"})
    found_municipality(slug=slug, name="Another", country="NO", kind="municipality", by=MACHINE)
    jobs.drain()
    now = applicant.application
    assert (now.state, now.slug, now.pilot_school) == (states.VERIFIED, "", "Loar skule")
    assert applicant.client.get("/start/").headers["Location"] == "/start/address/"


def test_a_crash_after_founding_is_taken_up_where_it_stopped(applicant, slug, monkeypatch):
    from tenants.onboarding.operations import founding

    applicant.verify()
    applicant.fill_in(slug=slug)
    applicant.post("/start/check/", {"sure": "1"})
    real, fell = founding.move, []

    def dies_once(application, to):
        if not fell:
            fell.append(1)
            raise ConnectionError("power cut")
        real(application, to)

    monkeypatch.setattr(founding, "move", dies_once)
    with pytest.raises(ConnectionError):
        operations.found(application_id=applicant.application.pk, by=MACHINE)
    operations.found(application_id=applicant.application.pk, by=MACHINE)
    assert applicant.application.state == states.REHEARSING


def test_the_application_of_a_visitor_is_not_found_by_another_ones_cookie(applicant, box):
    applicant.verify()
    stranger = Applicant(box)
    stranger.client.cookies["application"] = "forged:" + applicant.client.cookies["application"].value
    assert stranger.client.get("/start/name/").headers["Location"] == "/start/continue/"


def test_the_operators_audit_knows_ids_and_never_an_address(applicant):
    from kernel.audit.models import Entry

    applicant.verify()
    with inside(operator()):
        entries = Entry.objects.filter(object_id=str(applicant.application.pk))
        assert set(entries.values_list("verb", flat=True)) >= {"onboarding.start", "onboarding.verify"}
        assert applicant.email not in str(list(entries.values("details", "actor_id")))
    assert NOBODY.id is None
