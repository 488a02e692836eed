"""A stranger locks nobody out: the browsers in which somebody has signed in before are counted apart."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from kernel import jobs
from kernel.actor import MACHINE
from kernel.outbox.models import Message
from kernel.people import attempts, operations
from kernel.tenancy import inside
from tests.cast import World
from tests.kernel.people.test_sign_in import app_code, ask_for_code, is_in, signed_in

pytestmark = pytest.mark.urls("tests.kernel.people.addresses")
COOKIE = settings.KNOWN_BROWSER_COOKIE_NAME


@pytest.fixture
def browser(world: World, at):
    return at(world.alpha)


@pytest.fixture
def nurse(world: World):
    with inside(world.alpha):
        Message.objects.all().delete()
        yield world.account("nurse")


@pytest.fixture
def secret(browser, world, nurse) -> str:
    """Nora has signed in and out in `browser`; her app's secret."""
    found = signed_in(browser, world, nurse.email)
    assert is_in(browser)
    browser.post("/sign-out/")
    assert COOKIE in browser.cookies
    return found


def strangers_ask(world: World, at, email: str, times: int = 21) -> list[int]:
    return [
        at(world.alpha, REMOTE_ADDR=f"192.0.2.{n // 3}").post("/sign-in/", {"email": email}).status_code
        for n in range(times)
    ]


def told(template: str) -> int:
    return Message.objects.filter(template=f"people/{template}").count()


def test_strangers_who_use_up_the_codes_of_an_account_stop_not_its_own_browser(
    browser, world, at, nurse, secret
):
    assert strangers_ask(world, at, nurse.email)[-1] == 422
    assert (
        at(world.alpha, REMOTE_ADDR="192.0.2.200").post("/sign-in/", {"email": nurse.email}).status_code
        == 422
    )
    code = ask_for_code(browser, world, nurse.email)
    assert browser.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/second-factor/"
    assert browser.post("/sign-in/second-factor/", {"code": app_code(secret, 1)}).status_code == 302
    assert is_in(browser)


def test_the_owner_is_told_once_a_day_that_strangers_ask(world, at, nurse):
    strangers_ask(world, at, nurse.email, times=24)
    assert told("many-codes") == 1
    jobs.drain()
    assert [one.subject for one in mail.outbox if one.subject.startswith("Mange koder")]


def test_nobody_is_told_about_an_address_we_do_not_know_and_the_answer_is_the_same(world, at, nurse):
    assert strangers_ask(world, at, "stranger@nowhere.example") == [302] * 20 + [422]
    assert told("many-codes") == 0


def test_one_address_uses_up_at_most_six_of_an_accounts_twenty_codes_an_hour(world, at, nurse):
    with time_machine.travel(datetime(2027, 3, 3, 9, 0, tzinfo=UTC), tick=False) as clock:
        answers = []
        for _ in range(10):
            stranger = at(world.alpha, REMOTE_ADDR="192.0.2.7")
            answers.append(stranger.post("/sign-in/", {"email": nurse.email}).status_code)
            clock.shift(timedelta(minutes=1))
        assert answers == [302] * 6 + [422] * 4
        assert ask_for_code(at(world.alpha, REMOTE_ADDR="192.0.2.8"), world, nurse.email)


def test_a_thief_of_the_mailbox_who_guesses_stops_not_the_owners_right_code(
    browser, world, at, nurse, secret
):
    thief = at(world.alpha, REMOTE_ADDR="192.0.2.7")
    thief.post("/sign-in/code/", {"code": ask_for_code(thief, world, nurse.email)})
    for _ in range(11):
        assert thief.post("/sign-in/second-factor/", {"code": "123456"}).status_code == 422
    assert thief.post("/sign-in/second-factor/", {"code": app_code(secret, 1)}).status_code == 422
    assert told("many-factors") == 1
    browser.post("/sign-in/code/", {"code": ask_for_code(browser, world, nurse.email)})
    assert browser.post("/sign-in/second-factor/", {"code": app_code(secret, 1)}).status_code == 302
    assert is_in(browser)


def test_guessing_in_a_known_browser_is_stopped_after_ten_as_well(browser, world, nurse, secret):
    browser.post("/sign-in/code/", {"code": ask_for_code(browser, world, nurse.email)})
    for _ in range(10):
        browser.post("/sign-in/second-factor/", {"code": "123456"})
    assert browser.post("/sign-in/second-factor/", {"code": app_code(secret, 1)}).status_code == 422
    assert told("many-factors") == 0


def test_strangers_have_a_hundred_guesses_a_day(world, at, nurse, secret, monkeypatch):
    monkeypatch.setattr(attempts, "FACTORS", ((10, 300), (15, 86_400)))
    with time_machine.travel(datetime(2027, 3, 3, 9, 0, tzinfo=UTC), tick=False) as clock:
        for _ in range(2):
            thief = at(world.alpha, REMOTE_ADDR="192.0.2.7")
            thief.post("/sign-in/code/", {"code": ask_for_code(thief, world, nurse.email)})
            for _ in range(8):
                thief.post("/sign-in/second-factor/", {"code": "123456"})
            clock.shift(timedelta(minutes=6))
        thief = at(world.alpha, REMOTE_ADDR="192.0.2.9")
        thief.post("/sign-in/code/", {"code": ask_for_code(thief, world, nurse.email)})
        assert thief.post("/sign-in/second-factor/", {"code": app_code(secret)}).status_code == 422


def test_the_cookie_is_of_this_host_unread_by_scripts_and_says_nothing_of_anybody(browser, nurse, secret):
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (
        True,
        "Strict",
        "",
        "/",
    )
    assert cookie["max-age"] == 90 * 86_400
    for word in (str(nurse.pk), nurse.pk.hex, nurse.email, nurse.name):
        assert word not in cookie.value


def test_the_cookie_opens_nothing(browser, world, at, nurse, secret):
    other = at(world.alpha)
    other.cookies[COOKIE] = browser.cookies[COOKIE].value
    assert not is_in(other)


@pytest.mark.parametrize(
    "spoilt", ["other municipality", "other account", "too old", "altered", "signed out everywhere"]
)
def test_a_browser_is_a_stranger_again(browser, world, at, nurse, secret, spoilt):
    value, where, who = browser.cookies[COOKIE].value, world.alpha, nurse
    if spoilt == "other municipality":
        where = world.beta
    elif spoilt == "other account":
        who = world.account("counsellor")
    elif spoilt == "altered":
        value = value[:-1] + ("0" if value[-1] != "0" else "1")
    elif spoilt == "signed out everywhere":
        operations.sign_out_everywhere(by=MACHINE, account_id=nurse.pk)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91 if spoilt == "too old" else 0)):
        for n in range(20):
            at(where, REMOTE_ADDR=f"192.0.2.{n // 3}").post("/sign-in/", {"email": who.email})
        mine = at(where)
        mine.cookies[COOKIE] = value
        assert mine.post("/sign-in/", {"email": who.email}).status_code == 422


def test_two_people_who_share_a_computer_are_both_known_there(browser, world, at, nurse, secret):
    other = world.account("counsellor")
    signed_in(browser, world, other.email)
    assert is_in(browser)
    browser.post("/sign-out/")
    for who in (nurse, other):
        strangers_ask(world, at, who.email)
        assert ask_for_code(browser, world, who.email)


def test_who_asks_again_while_the_code_works_gets_the_same_answer_and_nothing_is_counted(
    browser, world, nurse
):
    code = ask_for_code(browser, world, nurse.email)
    mail.outbox.clear()
    for _ in range(30):
        answer = browser.post("/sign-in/", {"email": nurse.email})
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/code/")
    jobs.drain()
    assert mail.outbox == []
    assert browser.post("/sign-in/code/", {"code": code}).status_code == 302


def test_the_button_for_a_new_code_sends_one(browser, world, nurse):
    first = ask_for_code(browser, world, nurse.email)
    assert 'name="again" value="1"' in browser.get("/sign-in/code/").content.decode()
    second = ask_for_code(browser, world, nurse.email)
    assert first != second
    assert browser.post("/sign-in/code/", {"code": second}).status_code == 302
