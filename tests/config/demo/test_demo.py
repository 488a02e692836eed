"""The demo: two municipalities with a past, founded quickly; a cast one can be; none of it without DEMO."""

import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from config.demo import eid, living
from config.demo.places import PLACES
from config.demo.stories import STORIES
from kernel import clock, outside
from kernel.outbox import demo as post_office
from kernel.people import queries
from kernel.people.identity.queries import for_students
from kernel.people.models import Account
from kernel.tenancy import inside, municipality, operator
from kernel.tenancy.testing import drop_for_tests, forget_jobs
from services.contact.models import ContactRequest
from services.promises.models import Promise
from tenants.feasibility.helping import proposals
from tenants.feasibility.queries import current_plan, posts_at
from tenants.setup.models import School
from tests.cast import World
from tests.kernel.tenancy.ground import committed

__all__ = ["committed"]

PERSON = {"email": "nurse@alfa.example"}


@pytest.fixture
def demo(world: World, tmp_path):
    """alfa as a demo's municipality."""
    with (
        override_settings(DEMO=True, DATA_DIR=tmp_path),
        inside(world.alpha),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("config.demo.views.is_of_the_demo", lambda here: True)
        Account.objects.update(is_invented=True)
        yield world


@pytest.mark.urls("tests.kernel.people.addresses")
def test_one_press_signs_in_with_everything_proved(demo, at):
    browser = at(demo.alpha, enforce_csrf_checks=True)
    page = browser.get("/demo/")
    assert page.content.count(b"@alfa.example</") == 7
    assert browser.post("/demo/sign-in", PERSON).status_code == 403
    token = page.context["csrf_token"]
    answer = browser.post("/demo/sign-in", {**PERSON, "csrfmiddlewaretoken": str(token)})
    assert answer["Location"] == "/account/first-page/"
    assert browser.get("/account/first-page/")["Location"] == "/desk/"
    assert browser.get("/work/").content == b"work"


@pytest.mark.urls("tests.kernel.people.addresses")
@pytest.mark.parametrize("email", ["", "nobody@alfa.example", "nurse@beta.example"])
def test_nobody_is_signed_in_who_is_not_of_the_cast(demo, at, email):
    assert at(demo.alpha).post("/demo/sign-in", {"email": email}).status_code == 404


@pytest.mark.urls("tests.kernel.people.addresses")
def test_a_real_person_is_never_in_the_cast(demo, at):
    Account.objects.filter(email=PERSON["email"]).update(is_invented=False)
    browser = at(demo.alpha)
    assert b">nurse@alfa.example<" not in browser.get("/demo/").content
    assert browser.post("/demo/sign-in", PERSON).status_code == 404


@pytest.mark.urls("tests.kernel.people.addresses")
@pytest.mark.parametrize("address", ["/demo/", "/demo/mail/"])
def test_a_municipality_that_is_no_demo_has_no_cast(world, at, address):
    with override_settings(DEMO=True):
        assert at(world.alpha).get(address).status_code == 404


def test_a_demo_is_not_made_without_demo(db):
    with override_settings(DEMO=False), pytest.raises(CommandError):
        call_command("demo")


def test_nobody_pretends_what_time_it_is_in_earnest():
    with (
        override_settings(DEMO=False, TESTING=False),
        pytest.raises(RuntimeError),
        clock.pretend(clock.now()),
    ):
        pass


def test_the_demo_is_founded_once(built_world, committed, tmp_path):
    forget_jobs()
    mailer = {"default": {"BACKEND": "kernel.outbox.demo.Backend"}}
    with override_settings(DEMO=True, DATA_DIR=tmp_path, MAILERS=mailer):
        try:
            call_command("demo", stdout=io.StringIO())
            for place in PLACES:
                with inside(municipality(place.slug)):
                    look_around(place.slug)
            again = io.StringIO()
            call_command("demo", stdout=again)
            assert "requests" not in again.getvalue()
            with inside(operator()):
                assert queries.by_email("operator@lavterskel.example").is_operator
        finally:
            for place in PLACES:
                drop_for_tests(municipality(place.slug))
            with inside(operator()):
                Account.objects.filter(email="operator@lavterskel.example").delete()
            forget_jobs()


def look_around(slug: str) -> None:
    """Everything a visitor should find: kept, broken, waiting; mails; a cast."""
    assert ContactRequest.objects.count() == len(STORIES[slug])
    states = set(ContactRequest.objects.values_list("state", flat=True))
    assert {"waiting", "taken", "answered", "closed"} <= states
    assert Promise.objects.filter(kept_at__isnull=False).count() >= 5
    assert Promise.objects.filter(broken_at__isnull=False).exists()
    assert not Promise.objects.filter(opened_at__gt=clock.now()).exists()
    assert post_office.kept()
    for who in ("nurse", "counsellor", "lead", "admin"):
        assert queries.by_email(f"{who}@{slug}.example").is_invented
    look_for_gaps(slug)


def look_for_gaps(slug: str) -> None:
    """Only who is there on some days leaves any, and there is a remedy on its page."""
    plan, schools = current_plan(), dict(School.objects.values_list("pk", "name"))
    moments = [clock.now() + timedelta(weeks=week) for week in range(0, 14, 2)]
    found = {door: at for at in moments for door, one in plan.outlooks(at).items() if one.gaps}
    (place,) = (one for one in PLACES if one.slug == slug)
    part = {school for person in place.people for school, _days in person.weekdays}
    assert {schools[school] for _role, school in found} == part
    for door, at in found.items():
        others = {post: list(people) for post, people in posts_at(door)[1].items()}
        held = [post for post in plan.roster.posts if (post.role_id, post.school_id) == door]
        assert proposals(plan, door, at, held, others)


def test_every_story_is_told_in_a_language_and_at_a_school_of_its_place():
    for place in PLACES:
        schools = {name for name, _form in place.schools}
        cast = {one.who for one in place.people} | {"student"}
        for story in STORIES[place.slug]:
            assert story.school in schools
            assert story.language in place.languages
            assert {step.who for step in story.steps if hasattr(step, "who")} <= cast
    assert living.when(STORIES["norrtalje"][0], clock.now().tzinfo, clock.now()) < clock.now()
    assert settings.TESTING


@pytest.mark.urls("config.urls_municipality")
def test_a_student_of_the_demo_shows_who_they_are_by_its_own_eid(demo, at, monkeypatch, settings):
    settings.PUBLIC_PORT = ""
    browser = at(demo.alpha)

    def ask(method, url, *, headers=None, body=None, **_more):
        """The wire to ourselves."""
        path, own = urlsplit(url).path, at(demo.alpha)
        known = {name: value for name, value in (headers or {}).items() if name == "Authorization"}
        form = "application/x-www-form-urlencoded"
        answer = own.get(path) if method == "GET" else own.post(path, body, form, headers=known)
        return outside.Answer(answer.status_code, answer.content)

    monkeypatch.setattr(outside, "ask", ask)
    eid.offer()
    eid.offer()
    (row,) = for_students()
    out = browser.post("/eid/set-out/", {"provider": str(row.pk), "aim": "see"}).content.decode()
    there = unescape(re.search(r'content="0; url=([^"]+)"', out)[1])
    asked = dict(parse_qsl(urlsplit(there).query))
    assert b"Elsa Lind" in browser.get(urlsplit(there).path, asked).content
    back = browser.post(urlsplit(there).path, {**asked, "who": "elsa"})["Location"]
    arrived = browser.get(browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}")["Location"])
    assert b"Elsa Lind" in arrived.content
    away = {**asked, "redirect_uri": "https://evil.example/", "who": "elsa"}
    assert browser.post(urlsplit(there).path, away).status_code == 400
