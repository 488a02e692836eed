"""The promise is explained by showing what it means."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from kernel.actor import MACHINE
from tenants.setup import operations as setup
from tenants.setup.queries import guarantees, portal
from tests.tenants.setup.browsing import get, post

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATE = "Dette kan gå ut sent på kvelden eller om natta"


def test_the_page_shows_what_the_promise_means_friday_to_monday(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        html = get(browser, "guarantees")
    assert "2026-11-20T16:30:00+01:00" in html
    assert "2026-11-23T16:30:00+01:00" in html


def test_what_it_means_is_shown_without_javascript_before_anything_is_saved(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        answer = post(browser, "guarantees", kind="counted_hours", amount="48", show="1")
    html = answer.content.decode()
    assert "2026-11-24T16:30:00+01:00" in html
    assert 'value="48"' in html
    assert guarantees()[None, None].hours == 24


def test_what_it_means_comes_alone_while_typing(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        answer = post(
            browser, "examples", kind="working_days", amount="1", received_when_closed="next_open_day"
        )
    html = answer.content.decode()
    assert "<html" not in html
    assert "<form" not in html
    assert "2026-11-24T00:00:00+01:00" in html


def test_what_may_run_out_at_night_is_warned_of_and_saved_all_the_same(browser) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        page = get(browser, "guarantees")
        assert LATE in page
        assert 'href="/setup/calendar/"' in page.split(LATE)[1].split("</section>")[0]
        typing = post(browser, "examples", kind="counted_hours", amount="3").content.decode()
        assert LATE in typing
        saved = post(browser, "guarantees", kind="counted_hours", amount="3", follow=False)
        assert saved.status_code == 302, "a warning, and no refusal"
        assert LATE in get(browser, "calendar")


def test_a_day_of_ordinary_hours_is_not_warned_of_and_the_student_reads_nothing_of_nights(
    browser, at, world
) -> None:
    def first_screen() -> str:
        return at(world.alpha).get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    with time_machine.travel(FRIDAY.replace(hour=22, minute=30), tick=False):
        assert "It may come late in the evening, or at night." in first_screen()
        setup.change_hours(open_hours={str(day): [["07:00", "22:00"]] for day in range(1, 6)}, by=MACHINE)
        assert "It may come late" not in first_screen()
        for address in ("guarantees", "calendar"):
            assert LATE not in get(browser, address)


@pytest.mark.parametrize("amount", ["0", "10000", "-3", "mange", "", "1e9"])
def test_a_promise_nobody_can_mean_is_refused_and_kept_as_typed(browser, amount) -> None:
    answer = post(browser, "guarantees", kind="counted_hours", amount=amount)
    assert answer.status_code == 422
    if amount:
        assert f'value="{amount}"' in answer.content.decode()
    assert guarantees()[None, None].hours == 24
    assert post(browser, "examples", kind="counted_hours", amount=amount).status_code == 200


def test_a_promise_is_saved_for_one_role_at_one_school_and_taken_back(world, browser) -> None:
    place = f"?school={world.school}&role={world.nurse_role}"
    address = reverse("setup:guarantees") + place
    assert (
        browser.post(
            address, {"kind": "working_days", "amount": "2", "received_when_closed": "same_day"}
        ).status_code
        == 302
    )
    assert portal().guarantee(world.school, world.nurse_role).days == 2
    assert "reset" in browser.get(address).content.decode()
    browser.post(reverse("setup:reset_guarantee") + place)
    assert portal().guarantee(world.school, world.nurse_role).hours == 24
    assert browser.get(reverse("setup:guarantees") + "?school=nonsense").status_code == 404
