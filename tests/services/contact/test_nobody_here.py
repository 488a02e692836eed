"""Nobody is promised what nobody can keep; and no knock that comes anyway is turned away."""

import uuid
from datetime import timedelta

import pytest

from kernel.actor import MACHINE
from kernel.outbox.models import Message
from tenants.presence import operations as presence
from tenants.setup.actors import today
from tests.cast import World
from tests.services.contact.people import SECRET, knock


def all_away(world: World, *who: str) -> None:
    for one in who:
        presence.begin_absence(
            account_id=world.people[one], first_day=today(), last_day=today() + timedelta(days=30), by=MACHINE
        )


@pytest.fixture
def browser(alpha: World, at):
    def posts(path: str = "/knock/", **form: str):
        return at(alpha.alpha).post(path, form, HTTP_ACCEPT_LANGUAGE="en")

    return posts


def test_a_role_nobody_is_there_for_is_not_offered(alpha: World, clock, browser) -> None:
    all_away(alpha, "nurse", "second_nurse")
    page = browser(step="school", school=str(alpha.school), language="en").content.decode()
    assert str(alpha.nurse_role) not in page


def test_a_school_with_nobody_says_so_with_numbers_and_the_next_door(alpha: World, clock, browser) -> None:
    all_away(alpha, "nurse", "second_nurse", "counsellor")
    answer = browser(step="school", school=str(alpha.school), language="en", message=SECRET)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nobody can answer at Solhaug skole Alfa now" in page
    assert 'href="tel:' in page
    assert "You hear from us by" not in page
    assert f'value="{alpha.other_school}"' in page
    assert SECRET in page  # what was typed goes along
    onward = browser(step="school", school=str(alpha.other_school), language="en", message=SECRET)
    assert SECRET in onward.content.decode()
    assert "Nobody can answer" not in onward.content.decode()


def test_where_nobody_is_anywhere_the_first_screen_promises_nothing(alpha: World, clock, at) -> None:
    all_away(alpha, "nurse", "second_nurse", "counsellor", "other_nurse")
    page = at(alpha.alpha).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nobody can answer here now" in page
    assert "Knock now" not in page
    assert 'href="tel:' in page


def test_a_knock_that_arrives_anyway_is_accepted_and_told_to_the_lead(alpha: World, clock, at) -> None:
    all_away(alpha, "nurse", "second_nurse", "counsellor")
    assert knock(alpha).receipt
    told = Message.objects.filter(template="contact/nobody_there").select_related("account")
    assert {message.account.get_short_name() for message in told} == {"Lena"}
    sent = at(alpha.alpha).post(
        "/knock/",
        {
            "step": "check", "school": str(alpha.school), "role": str(alpha.nurse_role), "channel": "conversation",
            "message": SECRET, "language": "nb", "key": uuid.uuid4().hex, "seen": "1",
        },
    )  # fmt: skip
    assert sent.status_code == 200
    assert told.all().count() == 2


def test_set_up_shows_it_in_red(alpha: World, clock, at) -> None:
    from django.conf import settings

    from tests.isolation.stage import session_of

    all_away(alpha, "nurse", "second_nurse", "counsellor")
    browser = at(alpha.alpha)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(alpha.account("admin"), "alfa.localhost")
    page = browser.get("/setup/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Nobody is there to keep a promise" in page
    assert 'data-tone="danger"' in page or "danger" in page
