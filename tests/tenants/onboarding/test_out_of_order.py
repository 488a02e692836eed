"""An hour with the sign-up by somebody who means ill: requests by hand, out of order, twice, too long, too late, in
signs that nobody sees. Each page answers in words, nothing moves that may not, and nothing fails.
"""

import os
import re
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client

from kernel import clock, jobs
from kernel.actor import MACHINE
from kernel.errors import NotAllowed
from kernel.people.models import Account
from kernel.tenancy import inside, municipality_by_id, operator
from kernel.tenancy.testing import forget_jobs
from tenants.onboarding import operations, papers, states
from tenants.onboarding.models import Application, EmailCode, Signature
from tests.tenants.onboarding.support import OPERATOR, Applicant
from tests.tenants.onboarding.test_attacks import at_once

#: Every address of sign-up with what a person would post there.
POSTS = {
    "/start/": {"step": "email", "country": "NO", "kind": "municipality", "organisation_number": "958935420",
                "email": "kari@lom.kommune.no", "contact_name": "Kari Nordmann", "anyway": "1"},
    "/start/code/": {"pending": "x", "code": "123456", "email": "kari@lom.kommune.no"},
    "/start/continue/": {"email": "kari@lom.kommune.no"},
    "/start/name/": {"name": "Another name", "register_code": "3434"},
    "/start/address/": {"slug": "another-lom"},
    "/start/school/": {"pilot_school": "Another school"},
    "/start/languages/": {"languages": ["nb"], "default_language": "nb"},
    "/start/look/": {"brand": "#123456"},
    "/start/check/": {"sure": "1"},
    "/start/founding/": {},
    "/start/gates/": {},
    "/start/gates/agreement/": {"name": "Ola Berg", "role": "Leder", "authority": "Fullmakt",
                                "email": "ola@lom.kommune.no"},
    "/start/gates/dpia/": {"choice": "supports", "decided_on": "2026-01-01"},
    "/start/gates/archive/": {"choice": "delete", "decided_on": "2026-01-01"},
    "/start/gates/deputy/": {"name": "Per Vara", "email": "per@vagaa.kommune.no"},
    "/start/gates/organisation/": {"number_matches": "1"},
    "/start/gates/promise/": {},
    "/start/papers/dpia/": {},
    "/start/submit/": {},
    "/start/take-back/": {},
    "/start/answer/": {"answer": "We have none yet."},
    "/start/withdraw/": {},
    "/start/leave/": {},
    "/start/logo.png": {},
    "/start/theme.123456.css": {},
    "/sign/nothing/": {"read": "1", "text": "0" * 64},
    "/schools/": {}, "/": {}, "/privacy/": {}, "/accessibility/": {},
}  # fmt: skip
#: Which of them may move a sign-up, from where, to where. /start/outcome/ is left out: it forgets the browser.
MAY_MOVE = {
    (states.VERIFIED, "/start/check/", states.FOUNDING),
    (states.VERIFIED, "/start/withdraw/", states.WITHDRAWN),
    (states.REHEARSING, "/start/withdraw/", states.WITHDRAWN),
    (states.SUBMITTED, "/start/withdraw/", states.WITHDRAWN),
    (states.QUESTION, "/start/withdraw/", states.WITHDRAWN),
    (states.SUBMITTED, "/start/take-back/", states.REHEARSING),
}


@pytest.fixture
def rehearsing(applicant, slug):
    applicant.verify()
    applicant.ref = applicant.found(slug)
    return applicant


def row(pk) -> dict:
    return Application.objects.filter(pk=pk).values().get()


def put(pk, kept: dict, state: str) -> None:
    """The sign-up as it was, in another state."""
    changes = {**kept, "state": state}
    if state == states.VERIFIED:
        changes |= {"slug": f"{kept['slug']}-n", "municipality_id": None}
    if state in states.DECIDED:
        changes |= {"email": "", "contact_name": "", "decided_at": kept["opened_at"]}
    Signature.objects.filter(application_id=pk).delete()
    Application.objects.filter(pk=pk).update(**{key: value for key, value in changes.items() if key != "id"})


def test_no_request_out_of_order_moves_a_sign_up_where_it_may_not_go(rehearsing, monkeypatch):
    monkeypatch.setattr(states, "MAILS_A_DAY", 10_000)
    monkeypatch.setattr(states, "ASKS_AN_HOUR", 10_000)
    monkeypatch.setattr(states, "INVITATIONS_A_DAY", 10_000)
    pk, cookie = rehearsing.application.pk, rehearsing.client.cookies["application"].value
    kept, moved, tried = row(pk), set(), 0
    for state, (path, data) in product(states.MOVES, POSTS.items()):
        put(pk, kept, state)
        before = row(pk)
        browser = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
        browser.cookies["application"] = cookie
        answer = browser.post(path, data)
        tried += 1
        assert answer.status_code in (200, 302, 404, 405, 409, 422), (state, path, answer.status_code)
        after = row(pk)
        if after["state"] != state:
            moved.add((state, path, after["state"]))
        if state != states.VERIFIED:  # answers are changed while they are filled in, and never afterwards
            fields = ("name", "slug", "pilot_school", "languages", "brand", "register_code", "email")
            changed = [field for field in fields if after[field] != before[field]]
            assert not changed or after["state"] == states.WITHDRAWN, (state, path, changed)
    assert tried == len(states.MOVES) * len(POSTS)
    assert moved == MAY_MOVE
    put(pk, kept, states.REHEARSING)
    forget_jobs()


@pytest.mark.parametrize("method", ["head", "options", "put", "patch", "delete", "trace"])
def test_other_methods_do_nothing(rehearsing, method):
    pk = rehearsing.application.pk
    before = row(pk)
    for path in POSTS:
        answer = getattr(rehearsing.client, method)(path)
        assert answer.status_code in ((200, 302, 404, 405) if method == "head" else (405, 404)), (
            method,
            path,
        )
        if method == "head":
            assert answer.content == b""
    assert row(pk) == before


ENDURE = os.environ.get("ENDURE") == "1"
LONG = "x" * 10_000
NASTY = {
    "ten thousand letters": LONG, "nul": "a\x00b", "turned around": "\u202eabc\u202c", "emoji": "👩\u200d⚕️" * 400,
    "markup": "<script>alert(1)</script>\"'>", "format": "%s%(x)s{0}{{x}}{% x %}", "lines": "a\r\nBcc: x@y.no\r\n\r\n",
    "surrogates": "\udce9\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NASTY)
def test_whatever_is_typed_is_answered_in_words(rehearsing, kind):
    typed, pk = NASTY[kind], rehearsing.application.pk
    kept, cookie = row(pk), rehearsing.client.cookies["application"].value
    every = (states.VERIFIED, states.REHEARSING, states.QUESTION)
    for turn, (path, data) in enumerate(POSTS.items(), list(NASTY).index(kind)):
        for state in every if ENDURE else every[turn % 3 :][:1]:
            put(pk, kept, state)
            for field in data:
                rehearsing.client.cookies["application"] = cookie
                answer = rehearsing.client.post(path, {**data, field: typed})
                assert answer.status_code in (200, 302, 404, 405, 409, 422), (state, path, field)
                assert b"<script>alert" not in answer.content
    put(pk, kept, states.REHEARSING)
    jobs.drain()
    for mail in rehearsing.box.mails:
        assert mail["Bcc"] is None
    forget_jobs()


BODIES = {
    "no form": ("application/json", b'{"email": '),
    "broken multipart": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=\xff",
    ),
    "multipart without boundary": ("multipart/form-data", b"\x00\x01\x02"),
    "bytes": ("application/x-www-form-urlencoded", bytes(range(256)) * 40),
    "half letters": (
        "application/x-www-form-urlencoded",
        b"email=%ff%fe%00%ed%a0%80&code=%c3&name=%f0%9f&step=%80",
    ),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(600))),
    "one name often": ("application/x-www-form-urlencoded", b"&".join([b"languages=nb"] * 400)),
    "nine megabytes": ("application/x-www-form-urlencoded", b"email=" + b"x" * 9_000_000),
    "another alphabet": ("application/x-www-form-urlencoded; charset=utf-7", b"email=+ADw-script+AD4-"),
    "no such alphabet": ("application/x-www-form-urlencoded; charset=nonsense", b"email=x"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_that_is_no_form_is_refused_and_never_a_failure(rehearsing, kind):
    content_type, body = BODIES[kind]
    before = row(rehearsing.application.pk)
    for path in POSTS:
        if path not in ("/start/withdraw/", "/start/leave/"):  # a press is a press, whatever else was sent
            answer = rehearsing.client.generic("POST", path, body, content_type=content_type)
            assert answer.status_code < 500, path
    assert row(rehearsing.application.pk) == before


def test_searching_with_any_sign_is_answered(committed):
    client = Client(SERVER_NAME="localhost")
    for text in [*NASTY.values(), "%", "_", "\\", "'"]:
        assert client.get("/schools/", {"q": text, "country": text[:5]}).status_code == 200
    assert client.get("/schools/?q=%ff%00%ed%a0%80").status_code == 200


def test_a_link_works_on_the_front_door_alone_and_a_cookie_too(rehearsing):
    rehearsing.post("/start/gates/agreement/", POSTS["/start/gates/agreement/"])
    jobs.drain()
    link = rehearsing.box.link()
    door = Client(SERVER_NAME=f"{rehearsing.ref.slug}.localhost", HTTP_ACCEPT_LANGUAGE="en")
    assert door.get(link).status_code == 404
    assert door.post(link, {"read": "1", "text": "0" * 64}).status_code == 404
    door.cookies["application"] = rehearsing.client.cookies["application"].value
    assert door.get("/start/gates/").status_code == 404
    assert door.get("/setup/").status_code == 302  # nobody is signed in by it


def test_an_invitation_of_one_municipality_opens_nothing_in_another(rehearsing, box, slug):
    rehearsing.post("/start/gates/deputy/", POSTS["/start/gates/deputy/"])
    jobs.drain()
    link = next(box.link(n) for n, mail in enumerate(box.mails) if mail["To"] == "per@vagaa.kommune.no")
    other = Applicant(box, email="eva@vang.kommune.no", number="974 760 673")
    other.verify()
    there = other.found(f"{slug}-b")
    assert Client(SERVER_NAME=f"{there.slug}.localhost").get(link).status_code == 410
    assert Client(SERVER_NAME=f"{rehearsing.ref.slug}.localhost").get(link).status_code == 200


def test_a_signatory_signs_the_text_of_their_own_municipality_only(rehearsing, box, slug):
    other = Applicant(box, email="eva@vang.kommune.no", number="974 760 673", name="Vang kommune")
    other.verify()
    other.found(f"{slug}-b")
    links = []
    for one, to in ((rehearsing, "a@lom.kommune.no"), (other, "b@vang.kommune.no")):
        one.post("/start/gates/agreement/", {**POSTS["/start/gates/agreement/"], "email": to})
        jobs.drain()
        links.append(next(box.link(n) for n in reversed(range(len(box.mails))) if box.mails[n]["To"] == to))
    reader = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="en")
    text = re.search(r'name="text" value="([0-9a-f]{64})"', reader.get(links[0]).content.decode()).group(1)
    assert reader.post(links[1], {"text": text, "read": "1"}).status_code == 409
    assert not Signature.objects.exclude(signed_at=None).exists()


def test_a_cookie_that_is_too_old_or_altered_leads_to_a_code(rehearsing):
    value = rehearsing.client.cookies["application"].value
    for cookie in (value[:-2] + "xx", value + "x", "", "x" * 4000, value.replace(":", "")):
        browser = Client(SERVER_NAME="localhost")
        browser.cookies["application"] = cookie
        assert browser.get("/start/gates/").headers["Location"] == "/start/continue/"
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1), tick=False):
        assert rehearsing.client.get("/start/gates/").headers["Location"] == "/start/continue/"


def test_a_second_tab_that_is_behind_is_led_on_and_changes_nothing(applicant, slug):
    applicant.verify()
    applicant.fill_in(slug=slug)
    applicant.post("/start/check/", {"sure": "1"})
    for path in ("/start/name/", "/start/address/", "/start/school/", "/start/check/"):
        assert applicant.post(path, POSTS[path]).headers["Location"] == "/start/founding/"
    jobs.drain()
    assert applicant.post("/start/name/", POSTS["/start/name/"]).headers["Location"] == "/start/gates/"
    assert applicant.application.name == "Lom kommune"


def test_a_sign_up_that_moved_on_meanwhile_answers_409_in_words(rehearsing):
    """The page looked before another tab was faster: the operation itself refuses."""
    pk, by = rehearsing.application.pk, rehearsing.actor
    rehearsing.submit(rehearsing.ref)
    outcomes = at_once(
        lambda: operations.take_back(application_id=pk, by=by),
        lambda: operations.approve(application_id=pk, by=OPERATOR),
        lambda: operations.approve(application_id=pk, by=OPERATOR),
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    end = Application.objects.get(pk=pk).state
    live = municipality_by_id(rehearsing.ref.id).state == "live" if end == states.APPROVED else False
    assert (end == states.APPROVED) == live
    if live:
        with inside(rehearsing.ref):
            default_storage.delete(papers.KEPT_AS)


def test_the_same_gate_pressed_twice_is_one(rehearsing):
    for path in ("/start/gates/dpia/", "/start/gates/archive/", "/start/gates/deputy/"):
        for _ in range(2):
            assert rehearsing.post(path, POSTS[path]).status_code == 302
    jobs.drain()
    assert len(rehearsing.box.to("per@vagaa.kommune.no")) == 1
    with inside(rehearsing.ref):
        assert Account.objects.filter(email="per@vagaa.kommune.no").count() == 1
    assert rehearsing.application.gates.count() == 3


def test_nothing_of_a_sign_up_is_kept_by_a_browser_or_told_to_another_site(rehearsing):
    for path in ("/start/gates/", "/start/papers/dpia/", "/start/continue/", "/start/logo.png", "/start/"):
        answer = rehearsing.client.get(path)
        assert "no-store" in answer.headers["Cache-Control"], path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path


def test_an_answer_that_turns_the_operators_page_around_is_refused(rehearsing):
    rehearsing.submit(rehearsing.ref)
    pk = rehearsing.application.pk
    operations.ask(application_id=pk, question="Who is your archivist, and since when?", by=OPERATOR)
    page = rehearsing.post("/start/answer/", {"answer": "First line\nno\u202eelp"})
    assert page.status_code == 422
    assert "hidden signs" in page.content.decode()
    assert rehearsing.post("/start/answer/", {"answer": "First line\n\nsecond\tline"}).status_code == 302


def test_the_clock_and_the_builder_are_no_way_in_for_a_person(rehearsing):
    with inside(operator()):
        assert not EmailCode.objects.filter(application=None).exists()
    assert rehearsing.client.post("/operator/").status_code in (302, 403, 405)
    for verb in (
        lambda: operations.expire_old(by=rehearsing.actor),
        lambda: operations.found(application_id=rehearsing.application.pk, by=rehearsing.actor),
        lambda: operations.dissolve_rehearsal(municipality_id=rehearsing.ref.id, by=rehearsing.actor),
        lambda: operations.forget_strangers(by=rehearsing.actor),
    ):
        with pytest.raises(NotAllowed):
            verb()
    operations.dissolve_rehearsal(municipality_id=rehearsing.ref.id, by=MACHINE)  # somebody applies for it
    assert municipality_by_id(rehearsing.ref.id).state == "rehearsal"
