"""The calendar page: a week as people write it, holidays, breaks and days."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tenants.setup.actors import today
from tenants.setup.models import ClosedDay, SchoolBreak
from tenants.setup.queries import portal
from tests.tenants.setup.browsing import get, post


def test_a_week_is_written_as_people_write_it(browser) -> None:
    answer = post(browser, "calendar", open_hours_1="8–12, 13.00-16:00", open_hours_2="00:00-24:00")
    assert answer.status_code == 200
    assert portal().calendar.open_hours == {1: ((480, 720), (780, 960)), 2: ((0, 1440),)}
    html = get(browser, "calendar")
    assert "08:00–12:00, 13:00–16:00" in html


@pytest.mark.parametrize("hours", ["12:00-8:00", "8-12, 11-16", "8", "25-26", "når som helst"])
def test_hours_that_cannot_be_are_refused_beside_the_day_and_kept(browser, hours) -> None:
    answer = post(browser, "calendar", open_hours_3=hours, open_hours_4="8-16")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'value="{hours}"' in html
    assert "id_open_hours_3_error" in html


def test_an_empty_calendar_is_refused(browser) -> None:
    answer = post(browser, "calendar")
    assert answer.status_code == 422
    assert portal().calendar.open_hours


def test_holidays_breaks_and_days_are_decided_on_the_page(browser) -> None:
    day = ClosedDay.objects.filter(day__year=today().year + 1, day__month=5, day__day=1).get()
    answer = post(browser, "holiday", day.pk, state="half", closes_at="kl. 12")
    assert answer.status_code == 422
    assert "kl. 12" in answer.content.decode()
    assert post(browser, "holiday", day.pk, state="half", closes_at="11:30", follow=False).status_code == 302
    day.refresh_from_db()
    assert (day.state, day.closes_at) == ("half", 690)
    start = today() + timedelta(days=10)
    typed = {"break-name": "Vinterferie", "break-first_day": start, "break-last_day": start}
    assert post(browser, "add_break", **typed).status_code == 200
    assert post(browser, "add_break", **typed).status_code == 200
    post(browser, "remove_break", SchoolBreak.objects.get().pk)
    assert not SchoolBreak.objects.exists()
    assert post(browser, "add_day", **{"day-day": "i morgen", "day-name": "Plan"}).status_code == 422
    assert post(browser, "add_day", **{"day-day": start, "day-name": "Plan"}).status_code == 200
    post(browser, "remove_day", ClosedDay.objects.get(kind="extra").pk)


def test_a_year_s_holidays_are_listed_at_the_press_of_a_button(browser) -> None:
    year = today().year + 3
    assert get(browser, "calendar")
    answer = browser.get(reverse("setup:calendar"), {"year": year})
    assert reverse("setup:import_holidays") in answer.content.decode()
    post(browser, "import_holidays", year=year)
    assert ClosedDay.objects.filter(day__year=year).count() > 10
