"""Signing in as a browser does it, page by page, against the real database."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from kernel import jobs
from kernel.actor import MACHINE, NOBODY, actor_for
from kernel.errors import Conflict
from kernel.people import operations
from kernel.people.models import Account
from kernel.tenancy import inside
from tests.cast import World

pytestmark = pytest.mark.urls("tests.kernel.people.addresses")


@pytest.fixture
def browser(world: World, at):
    return at(world.alpha)


@pytest.fixture
def nurse(world: World):
    with inside(world.alpha):
        yield world.account("nurse")


def ask_for_code(browser, world: World, email: str) -> str:
    """Ask for a code and read it in the mail; "" when no mail came."""
    jobs.drain()
    mail.outbox.clear()
    answer = browser.post("/sign-in/", {"email": email, "again": "1"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/code/")
    jobs.drain()
    found = [re.search(r"^[A-Z]{4}-[A-Z]{4}$", one.body, re.M) for one in mail.outbox if one.to == [email]]
    return found[0].group() if found else ""


def app_code(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1] + ahead))


def set_up_app(browser) -> str:
    """Add an authenticator app as the page tells to; its secret."""
    page = browser.get("/account/second-factor/app/")
    assert page.status_code == 200, page.headers
    secret = page.context["form"].secret
    answer = browser.post("/account/second-factor/app/", {"code": app_code(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def signed_in(browser, world: World, email: str) -> str:
    code = ask_for_code(browser, world, email)
    browser.post("/sign-in/code/", {"code": code})
    return set_up_app(browser)


def is_in(browser) -> bool:
    return browser.get("/account/").status_code == 200


def test_the_first_sign_in_leads_through_code_and_second_factor_to_work(browser, world, nurse):
    code = ask_for_code(browser, world, nurse.email)
    answer = browser.post("/sign-in/code/", {"code": code.lower().replace("-", " ")})
    assert answer["Location"] == "/account/first-page/"
    answer = browser.get("/account/first-page/")
    assert answer["Location"].startswith("/account/second-factor/")
    assert b"passkey" in browser.get(answer["Location"]).content.lower()
    secret = set_up_app(browser)
    page = browser.get("/account/recovery-codes/")
    assert page.status_code == 200
    assert len(page.context["unused_codes"]) == 10
    assert b"****" not in page.content
    answer = browser.get("/account/first-page/")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/first-page/"
    assert browser.get("/account/first-page/")["Location"] == "/desk/"
    assert secret not in str(Authenticator.objects.filter(user=nurse).values_list("data", flat=True))


def test_the_next_sign_in_asks_for_the_app_and_takes_each_number_once(browser, world, at, nurse):
    secret = signed_in(browser, world, nurse.email)
    again = at(world.alpha)
    code = ask_for_code(again, world, nurse.email)
    assert again.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/second-factor/"
    assert not is_in(again)
    assert again.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 422
    number = app_code(secret)
    assert again.post("/sign-in/second-factor/", {"code": number})["Location"] == "/account/first-page/"
    assert is_in(again)
    third = at(world.alpha)
    third.post("/sign-in/code/", {"code": ask_for_code(third, world, nurse.email)})
    assert third.post("/sign-in/second-factor/", {"code": number}).status_code == 422


def test_a_recovery_code_gets_in_once(browser, world, at, nurse):
    signed_in(browser, world, nurse.email)
    recovery = browser.get("/account/recovery-codes/").context["unused_codes"][0]
    assert browser.get("/account/recovery-codes/").context["unused_codes"][0] == "****"
    for expected in (302, 422):
        one = at(world.alpha)
        one.post("/sign-in/code/", {"code": ask_for_code(one, world, nurse.email)})
        assert one.post("/sign-in/second-factor/", {"code": recovery}).status_code == expected


def test_an_unknown_address_gets_the_same_answer_and_no_mail(browser, world, at, nurse):
    jobs.drain()
    known = browser.post("/sign-in/", {"email": nurse.email})
    stranger = at(world.alpha)
    unknown = stranger.post("/sign-in/", {"email": "stranger@nowhere.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    mail.outbox.clear()
    jobs.drain()
    assert [one.to for one in mail.outbox] == [[nurse.email]]
    pages = [c.get("/sign-in/code/").content.decode() for c in (browser, stranger)]
    without = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(who, "X")
        for page, who in zip(pages, (nurse.email, "stranger@nowhere.example"), strict=True)
    ]
    assert without[0] == without[1]
    assert stranger.post("/sign-in/code/", {"code": ""}).status_code == 422
    assert stranger.post("/sign-in/code/", {"code": "XXXX-XXXX"}).status_code == 422


def test_three_wrong_codes_end_it_with_words_and_a_way_on(browser, world, nurse):
    code = ask_for_code(browser, world, nurse.email)
    for left in (2, 1):
        page = browser.post("/sign-in/code/", {"code": "WRNG-CODE"})
        assert page.status_code == 422
        assert page.context["left"] == left
        assert b"WRNG-CODE" in page.content  # what was typed stays
    page = browser.post("/sign-in/code/", {"code": "WRNG-CODE"})
    assert page.status_code == 410
    assert nurse.email.encode() in page.content
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 410
    assert not is_in(browser)


def test_a_code_older_than_ten_minutes_is_refused_with_a_way_on(browser, world, nurse):
    start = datetime.now(UTC)
    with time_machine.travel(start, tick=False) as clock:
        code = ask_for_code(browser, world, nurse.email)
        clock.shift(timedelta(minutes=10, seconds=1))
        page = browser.post("/sign-in/code/", {"code": code})
    assert page.status_code == 410
    assert nurse.email.encode() in page.content
    assert not is_in(browser)


def test_a_code_works_once_and_only_in_the_browser_that_asked(browser, world, at, nurse):
    code = ask_for_code(browser, world, nurse.email)
    other = at(world.alpha)
    assert other.post("/sign-in/code/", {"code": code})["Location"].startswith("/sign-in/")
    browser.post("/sign-in/code/", {"code": code})
    browser.post("/sign-out/")
    assert browser.post("/sign-in/code/", {"code": code}).status_code in (302, 410)
    assert browser.get("/account/")["Location"].startswith("/sign-in/")


def test_a_fourth_code_within_a_minute_is_refused_for_that_account_alone(browser, world, at, nurse):
    for _ in range(3):
        ask_for_code(browser, world, nurse.email)
    page = browser.post("/sign-in/", {"email": nurse.email, "again": "1"})
    assert page.status_code == 422
    assert nurse.email.encode() in page.content
    assert ask_for_code(at(world.alpha), world, world.account("counsellor").email)


def test_a_strangers_wishes_for_codes_stop_none_of_the_helpers_own(browser, world, at, nurse):
    stranger = at(world.alpha, REMOTE_ADDR="192.0.2.7")
    answers = [stranger.post("/sign-in/", {"email": nurse.email, "again": "1"}).status_code for _ in range(9)]
    assert answers == [302] * 3 + [422] * 6
    assert ask_for_code(browser, world, nurse.email)


def test_from_many_addresses_an_account_gets_twenty_codes_an_hour(world, at, nurse):
    answers = [
        at(world.alpha, REMOTE_ADDR=f"192.0.2.{n // 3}").post("/sign-in/", {"email": nurse.email}).status_code
        for n in range(21)
    ]
    assert answers == [302] * 20 + [422]


def test_guessing_the_app_is_stopped_after_ten_attempts(browser, world, at, nurse):
    secret = signed_in(browser, world, nurse.email)
    thief = at(world.alpha)
    thief.post("/sign-in/code/", {"code": ask_for_code(thief, world, nurse.email)})
    for _ in range(10):
        thief.post("/sign-in/second-factor/", {"code": "123456"})
    assert thief.post("/sign-in/second-factor/", {"code": app_code(secret, 1)}).status_code == 422


def test_the_mailbox_alone_is_nobody_and_opens_nothing(browser, world, nurse):
    browser.post("/sign-in/code/", {"code": ask_for_code(browser, world, nurse.email)})
    for address in ("/account/", "/account/first-page/", "/work/"):
        assert browser.get(address)["Location"].startswith("/account/second-factor/")
    assert browser.get("/who-am-i/").content == b"nobody"
    set_up_app(browser)
    assert browser.get("/who-am-i/").content == str(nurse.pk).encode()


def test_a_second_factor_set_up_elsewhere_does_not_open_a_half_open_session(browser, world, at, nurse):
    half = at(world.alpha)
    half.post("/sign-in/code/", {"code": ask_for_code(half, world, nurse.email)})
    secret = signed_in(browser, world, nurse.email)
    assert half.get("/work/")["Location"].startswith("/account/confirm/")
    assert half.get("/account/second-factor/app/remove/")["Location"].startswith("/account/confirm/")
    assert half.post("/account/confirm/?next=/work/", {"code": app_code(secret, 1)})["Location"] == "/work/"
    assert half.get("/work/").content == b"work"


def test_thirty_idle_minutes_end_a_session_and_say_so(browser, world, nurse):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        signed_in(browser, world, nurse.email)
        clock.shift(timedelta(minutes=29))
        assert is_in(browser)
        clock.shift(timedelta(minutes=29))
        assert is_in(browser)
        clock.shift(timedelta(minutes=30))
        answer = browser.get("/account/")
    assert "ended=1" in answer["Location"]
    assert "next=" in answer["Location"]


def test_eight_hours_end_a_session_however_busy(browser, world, nurse):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        signed_in(browser, world, nurse.email)
        for _ in range(23):
            clock.shift(timedelta(minutes=20))
            assert is_in(browser)
        clock.shift(timedelta(minutes=20))
        assert not is_in(browser)


def test_a_deactivated_person_is_out_at_once(browser, world, nurse):
    signed_in(browser, world, nurse.email)
    operations.deactivate(by=MACHINE, account_id=nurse.pk)
    assert not is_in(browser)
    assert ask_for_code(browser, world, nurse.email) == ""


def test_signing_out_everywhere_ends_the_other_browser_at_once(browser, world, at, nurse):
    secret = signed_in(browser, world, nurse.email)
    other = at(world.alpha)
    other.post("/sign-in/code/", {"code": ask_for_code(other, world, nurse.email)})
    other.post("/sign-in/second-factor/", {"code": app_code(secret, 1)})
    assert is_in(browser)
    assert is_in(other)
    browser.post("/account/sign-out-everywhere/")
    assert not is_in(browser)
    assert not is_in(other)


def test_a_session_of_alfa_is_worth_nothing_in_beta(browser, world, at, nurse):
    signed_in(browser, world, nurse.email)
    thief = at(world.beta)
    key = thief.cookies["staff"] = browser.cookies["staff"].value
    assert not is_in(thief)
    thief.cookies["staff"] = key
    with inside(world.alpha):
        row = Session.objects.get(session_key=key)
        data = (row.session_key, row.session_data, row.expire_date)
    with inside(world.beta):
        Session.objects.create(session_key=data[0], session_data=data[1], expire_date=data[2])
    assert not is_in(thief)


def test_no_address_no_agent_no_code_and_no_secret_is_kept_in_the_clear(world, at, nurse):
    browser = at(world.alpha, headers={"user-agent": "Canary/1.0 (Mobile; Mobi)"}, REMOTE_ADDR="203.0.113.77")
    code = ask_for_code(browser, world, nurse.email)
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        assert code not in str(cursor.fetchall())
    browser.post("/sign-in/code/", {"code": code})
    set_up_app(browser)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ip::text, user_agent FROM usersessions_usersession")
        assert cursor.fetchall() == [("::/128", "phone")]
        cursor.execute("SELECT cache_key || value FROM people_cacherow")
        assert "203.0.113" not in str(cursor.fetchall())


def test_a_helper_cannot_remove_the_only_second_factor(browser, world, nurse):
    signed_in(browser, world, nurse.email)
    answer = browser.post("/account/second-factor/app/remove/")
    assert answer["Location"] == "/account/?only=1"
    assert Authenticator.objects.filter(user=nurse, type="totp").exists()


def test_a_helper_cannot_remove_the_only_passkey(browser, world, nurse):
    signed_in(browser, world, nurse.email)
    passkey = Authenticator.objects.create(
        user=nurse, type="webauthn", data={"name": "One", "credential": {}}
    )
    Authenticator.objects.filter(user=nurse, type="totp").delete()
    answer = browser.post(f"/account/second-factor/passkey/{passkey.pk}/remove/")
    assert answer["Location"] == "/account/?only=1"
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_helper_cannot_remove_another_persons_passkey(browser, world, nurse):
    signed_in(browser, world, nurse.email)
    other = world.account("counsellor")
    passkey = Authenticator.objects.create(
        user=other, type="webauthn", data={"name": "One", "credential": {}}
    )
    assert browser.post(f"/account/second-factor/passkey/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_what_matters_asks_for_the_second_factor_again_after_five_minutes(browser, world, nurse):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        secret = signed_in(browser, world, nurse.email)
        assert browser.get("/account/second-factor/passkey/").status_code == 200
        clock.shift(timedelta(minutes=6))
        answer = browser.get("/account/second-factor/passkey/")
        assert answer["Location"].startswith("/account/confirm/")
        answer = browser.post(answer["Location"], {"code": app_code(secret)})
        assert answer["Location"] == "/account/second-factor/passkey/"


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/signup/", "/accounts/signup/", "/password/reset/", "/accounts/email/", "/login/"],
)
def test_nothing_else_of_allauth_can_be_reached(browser, address):
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_next_never_leaves_this_host(browser, world, nurse, evil):
    code = ask_for_code(browser, world, nurse.email)
    answer = browser.post(f"/sign-in/code/?next={evil}", {"code": code})
    assert answer["Location"] == "/account/first-page/"


def test_next_leads_on_within_this_host(browser, world, nurse):
    assert browser.get("/work/")["Location"] == "/sign-in/?next=%2Fwork%2F"
    answer = browser.post("/sign-in/?next=/work/", {"email": nurse.email})
    assert answer["Location"] == "/sign-in/code/?next=%2Fwork%2F"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(browser):
    answer = browser.get("/work/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith("/sign-in/")


def test_a_page_that_asks_nobody_touches_no_session(browser, world, nurse):
    signed_in(browser, world, nurse.email)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get("/student/")
    assert not [one for one in queries if "session" in one["sql"] or "people_account" in one["sql"]]
    assert answer.content == b"door"
    assert not answer.cookies


def test_the_operators_door_is_the_operators(world, at):
    with inside(world.operator):
        operations.make_operator(by=MACHINE, email="boss@lavterskel.example", name="Boss")
    front = at(None)
    signed_in(front, world, "boss@lavterskel.example")
    front.get("/account/first-page/")
    assert front.get("/account/first-page/")["Location"] == "/operator/"
    with inside(world.alpha), pytest.raises(Conflict):
        operations.make_operator(by=MACHINE, email="boss@lavterskel.example", name="Boss")


def test_a_half_signed_in_account_is_nobody(world, nurse):
    nurse.lacks_second_factor = True
    assert actor_for(nurse) is NOBODY


@override_settings(DEMO=False)
def test_the_demo_is_not_there_without_demo(browser, world, nurse):
    Account.objects.filter(pk=nurse.pk).update(is_invented=True)
    assert browser.get("/demo/").status_code == 404
    assert browser.get("/demo/mail/").status_code == 404
    assert browser.post("/demo/sign-in", {"email": nurse.email}).status_code == 404
    assert UserSession.objects.count() == 0
