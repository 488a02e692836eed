"""A shared screen: of the browser, whoever signs in there; a short session, and nothing about anybody in its cookie."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.conf import settings

from tests.kernel.people.test_sign_in import browser as browser
from tests.kernel.people.test_sign_in import is_in, signed_in
from tests.kernel.people.test_sign_in import nurse as nurse

MARK = settings.SHARED_SCREEN_COOKIE_NAME


def test_five_idle_minutes_end_a_session_on_a_shared_screen_and_thirty_elsewhere(
    browser, world, nurse
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        signed_in(browser, world, nurse.email)
        assert browser.post("/account/screen/", {"shared": "1"})["Location"] == "/account/screen/"
        clock.shift(timedelta(minutes=4))
        assert is_in(browser)
        clock.shift(timedelta(minutes=5))
        assert not is_in(browser)


def test_a_page_that_refreshes_itself_keeps_nobody_there_and_one_that_says_somebody_types_does(
    browser, world, nurse
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        signed_in(browser, world, nurse.email)
        browser.post("/account/screen/", {"shared": "1"})
        for _ in range(3):
            clock.shift(timedelta(minutes=4))
            answer = browser.get("/account/screen/alive/")
            assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (204, 1)
            assert answer["X-Mark"]
        clock.shift(timedelta(minutes=4))
        browser.get("/account/screen/", headers={"x-unattended": "1"})
        clock.shift(timedelta(minutes=1))
        assert browser.get("/account/screen/alive/").status_code == 302, "a covered page stays covered"


def test_the_mark_is_the_browsers_says_nothing_of_anybody_and_is_switched_off_there(
    browser, world, nurse
) -> None:
    signed_in(browser, world, nurse.email)
    browser.post("/account/screen/", {"shared": "1"})
    cookie = browser.cookies[MARK]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("1", True, "Strict")
    browser.post("/sign-out/")
    assert browser.cookies[MARK].value == "1", "for whoever signs in next"


def test_switched_off_the_session_lasts_as_elsewhere(browser, world, nurse) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        signed_in(browser, world, nurse.email)
        browser.post("/account/screen/", {"shared": "1"})
        browser.post("/account/screen/", {"shared": "0"})
        assert browser.cookies[MARK].value == ""
        clock.shift(timedelta(minutes=20))
        assert is_in(browser)
