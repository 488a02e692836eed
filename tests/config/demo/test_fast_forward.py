"""The demo's time is moved on for all its processes, never back, and only in a demo."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpRequest
from django.test import override_settings

from config.demo import fast_forward
from kernel import clock
from kernel.actor import MACHINE
from kernel.guarantee import is_open
from kernel.people.identity.assurance import Level, is_fresh
from kernel.people.models import Account
from kernel.tenancy import inside
from services.contact.models import ContactRequest
from services.promises.models import Promise
from services.promises.sweep import break_due
from tenants.setup import operations as setup
from tenants.setup.queries import portal
from tests.cast import World
from tests.config.demo.test_demo import PERSON, demo
from tests.services.contact.people import knock

__all__ = ["demo"]


@pytest.fixture
def fast(demo: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """alfa's demo, whose clock asks the file, as DemoConfig has it in a demo's process."""
    monkeypatch.setattr("kernel.clock._ahead", [])
    clock.run_ahead(fast_forward.how_far)
    return demo


@pytest.mark.urls("tests.kernel.people.addresses")
def test_the_page_moves_the_time_on_to_where_it_says(fast, at):
    browser, before = at(fast.alpha), clock.now()
    assert b'value="hour"' in browser.get("/demo/").content
    assert browser.post("/demo/move-on", {"to": "hour"})["Location"] == "/demo/"
    assert timedelta(hours=1) <= clock.now() - before < timedelta(hours=1, minutes=1)
    browser.post("/demo/move-on", {"to": "quarter"})
    assert clock.now() - before >= timedelta(hours=1, minutes=15)


@pytest.mark.urls("tests.kernel.people.addresses")
@pytest.mark.parametrize("to", ["", "yesterday", "-1"])
def test_what_is_no_way_moves_nothing(fast, at, to):
    at(fast.alpha).post("/demo/move-on", {"to": to})
    assert fast_forward.how_far() == timedelta(0)


def test_the_minute_after_the_next_promise_it_is_broken(fast):
    accepted = knock(fast)
    assert fast_forward.leap("promise")
    assert timedelta(0) < clock.now() - accepted.due_at < timedelta(minutes=2)
    assert break_due().marked == 1
    assert Promise.objects.get(subject_id=accepted.request_id).broken_at > accepted.due_at


def test_the_next_opening_is_on_a_later_day(fast):
    here = ZoneInfo(fast.alpha.timezone)
    before = clock.now().astimezone(here)
    assert fast_forward.leap("morning")
    assert clock.now().astimezone(here).date() > before.date()
    assert is_open(portal().calendar, clock.now())


def test_where_it_is_open_all_hours_of_a_week_day_the_next_opening_is_that_after_the_week_end(fast, at):
    """Midnight between two open days is no opening; and what opens at midnight is said by its day."""
    setup.change_hours(open_hours={str(day): [["00:00", "24:00"]] for day in range(1, 6)}, by=MACHINE)
    here = ZoneInfo(fast.alpha.timezone)
    leap = next(one for one in fast_forward.leaps() if one.key == "morning")
    opens = leap.to.astimezone(here)
    assert not is_open(portal().calendar, leap.to - timedelta(minutes=1))
    assert (opens.hour, opens.minute) == (0, 0)
    page = at(fast.alpha, headers={"accept-language": "en"}).get("/demo/").content.decode()
    said = re.search(r"To when the door opens next: ([^<]*)<", page)[1].strip()
    assert said == f"{opens:%A} {opens.day} {opens:%B}"


def test_where_it_never_closes_there_is_no_next_opening(fast):
    every = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}
    setup.change_hours(open_hours=every, public_holidays_counted=True, school_breaks_counted=True, by=MACHINE)
    assert "morning" not in [one.key for one in fast_forward.leaps()]


def test_it_never_runs_further_than_its_holidays_were_read(fast, settings):
    fast_forward._file().write_text(str(int((fast_forward.FURTHEST - timedelta(minutes=30)).total_seconds())))
    assert [one.key for one in fast_forward.leaps() if one.key in ("quarter", "hour")] == ["quarter"]
    fast_forward._file().write_text("9" * 15)
    assert fast_forward.how_far() == fast_forward.FURTHEST


@pytest.mark.parametrize("text", ["", "tomorrow", "-3600"])
def test_what_cannot_be_read_is_no_time_at_all(fast, text):
    fast_forward._file().write_text(text)
    assert fast_forward.how_far() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.urls("tests.kernel.people.addresses")
def test_who_signs_in_after_it_was_moved_on_has_proved_who_they_are_just_now(fast, at):
    fast_forward.leap("hour")
    browser = at(fast.alpha)
    browser.post("/demo/sign-in", PERSON)
    request = HttpRequest()
    request.session, request.user = browser.session, Account.objects.get(email=PERSON["email"])
    assert is_fresh(request, request.user, Level.TWO_FACTORS)


@override_settings(DEMO=False)
def test_nothing_runs_ahead_without_a_demo(monkeypatch):
    monkeypatch.setattr("kernel.clock._ahead", [])
    with pytest.raises(RuntimeError):
        clock.run_ahead(lambda: timedelta(days=1))
    assert clock._ahead == []


@pytest.mark.urls("tests.kernel.people.addresses")
def test_a_municipality_that_is_no_demo_keeps_its_time(world, at, tmp_path):
    with override_settings(DEMO=True, DATA_DIR=tmp_path), inside(world.alpha):
        assert at(world.alpha).post("/demo/move-on", {"to": "hour"}).status_code == 404
        assert not ContactRequest.objects.exists()
        assert fast_forward.how_far() == timedelta(0)
