"""What the pages of set-up show: the door itself, thirteen schools on a phone, words for what is missing."""

import re

import pytest
import time_machine
from django.urls import reverse

from kernel import clock
from tenants.setup import operations as setup
from tests.tenants.setup.browsing import get


def test_what_students_see_is_what_the_door_says(browser, at, alpha) -> None:
    nb = {"accept-language": "nb"}
    with time_machine.travel(clock.now(), tick=False):
        door = at(alpha).get("/", headers=nb).content.decode()
        pages = [
            browser.get(reverse(f"setup:{name}"), headers=nb).content.decode() for name in ("home", "look")
        ]
    promise = re.search(r'<p class="promise-text">(.*?)</p>', door).group(1)
    for page in pages:
        assert promise in page
        assert page.count("<h1") == 1


def test_a_person_at_many_schools_is_one_line_that_opens(browser, world, admin) -> None:
    for number in range(12):
        school = setup.add_school(name=f"Skole {number}", form="compulsory", by=admin)
        setup.give_post(
            account_id=world.people["nurse"], role_id=world.nurse_role, school_id=school, by=admin
        )
    people = get(browser, "people")
    assert re.search(r"<summary>[^<]+: 13 [^<]+</summary>", people)
    assert "Skole 11" in people
    assert people.count('<th scope="col"') == 3
    assert get(browser, "guarantees").count("Skole 11") == 1  # in the list to choose from, nowhere else
    schools = get(browser, "schools")
    assert schools.count("Skole 11</a>") == 1


def test_only_exceptions_from_the_promise_are_listed(browser, world, admin) -> None:
    before = get(browser, "guarantees")
    assert before.count('<a class="ds-link" href="?school=') == 0
    setup.set_guarantee(
        kind="counted_hours", amount=3, received_when_closed="next_open_day",
        role_id=world.nurse_role, school_id=None, by=admin,
    )  # fmt: skip
    after = get(browser, "guarantees")
    assert f'href="?school=&amp;role={world.nurse_role}"' in after


@pytest.mark.parametrize(
    ("name", "typed"), [("schools", {"name": ""}), ("people", {"name": ""}), ("guarantees", {"kind": ""})]
)
def test_what_is_missing_is_said_by_its_name(browser, name, typed) -> None:
    answer = browser.post(reverse(f"setup:{name}"), typed, headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "This field is required" not in answer.content.decode()
    summary = re.search(r'class="ds-error-summary".*?</ul>', answer.content.decode(), re.S).group(0)
    assert re.search(r">(Fill in|Choose|Write a number): [A-Z]", summary)


def test_what_is_asked_of_a_group_is_said_of_the_group_and_no_day_is_called_optional(browser) -> None:
    for name in ("calendar", "new_role"):
        page = browser.get(reverse(f"setup:{name}"), headers={"accept-language": "en"}).content.decode()
        group = re.search(r'<fieldset class="field group-of-fields">.*?</fieldset>', page, re.S).group(0)
        assert "(optional)" not in group
        assert "at least" in group
