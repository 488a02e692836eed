"""The next 30 days on pages: administrators see every door, leads those of their schools; a trial stores nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel.actor import MACHINE
from tenants.presence import operations as presence
from tenants.presence.models import Substitute
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import HelperRole, Lead, Post, ResponseGuarantee


def door_of(world, room="feasibility:door") -> str:
    return reverse(room, args=[world.other_school, world.nurse_role])


def test_it_says_when_all_is_well_and_what_hangs_on_one_person(world, browser) -> None:
    html = browser.get("/setup/feasibility/").content.decode()
    assert "Every promise can be kept for 30 days" in html
    assert "Some promises hang on one person" in html
    setup.give_post(
        account_id=world.people["second_nurse"],
        role_id=world.nurse_role,
        school_id=world.other_school,
        by=MACHINE,
    )
    setup.give_post(
        account_id=world.people["outsider"], role_id=world.counsellor_role, school_id=world.school, by=MACHINE
    )
    assert "Somebody is there in time, at every door" in browser.get("/setup/feasibility/").content.decode()


def test_the_checklist_of_set_up_says_at_how_many_doors_there_is_a_gap_and_leads_there(
    world, browser
) -> None:
    def step() -> str:
        html = browser.get("/setup/").content.decode()
        listed = re.findall(r"<li[^>]*>.*?</li>", html[html.index('<ol class="steps">') :], re.DOTALL)
        return next(one for one in listed if 'href="/setup/feasibility/"' in one)

    assert "Somebody is there for every promise." in step()
    for who, weekdays in (("other_nurse", [1]), ("counsellor", [2])):
        post = Post.objects.get(account_id=world.people[who])
        presence.change_weekdays(post_id=post.pk, weekdays=weekdays, by=MACHINE)
    assert "At 2 doors nobody is there in time on some days." in step()
    for post in Post.objects.all():
        setup.end_post(post_id=post.pk, by=MACHINE)
    assert "Give helpers posts first." in step()


def test_the_worst_school_comes_first_and_its_gap_is_said(world, olga_s_post, browser) -> None:
    html = browser.get("/setup/feasibility/").content.decode()
    table = html[html.index("<tbody") :]
    assert table.index("Fjellvang") < table.index("Solhaug")
    assert door_of(world) in html


def test_a_door_says_its_gap_its_days_and_what_helps(world, olga_s_post, browser) -> None:
    html = browser.get(door_of(world)).content.decode()
    assert "Thursday 17 September to Friday 18 September: nobody is there." in html
    assert "Who knocks Thursday 17 September is promised an answer by" in html
    assert "Olga Alfa (post)" in html
    assert "Olga Alfa on one weekday more: Thursday" in html
    assert "Signe Alfa stands in for Olga Alfa" in html


def test_a_trial_shows_the_difference_and_stores_nothing(world, olga_s_post, browser) -> None:
    before = (
        list(Post.objects.values()),
        Substitute.objects.count(),
        list(ResponseGuarantee.objects.values()),
    )
    tries = {"try": "1", "post": str(olga_s_post.pk), "weekdays": ["1", "2", "3", "4", "5"]}
    html = browser.get(door_of(world), tries).content.decode()
    assert "If you did this" in html
    tried = html[html.index("If you did this") :]
    tried = re.sub(r"<[^>]+>", " ", tried[: tried.index("</dl>")]).split()
    assert " ".join(tried) == "If you did this Now 8 days with a gap Then One person"
    substitute = {"try": "1", "post": str(olga_s_post.pk), "substitute": str(world.people["second_nurse"])}
    assert "If you did this" in browser.get(door_of(world), substitute).content.decode()
    longer = {"try": "1", "kind": "working_days", "amount": "5"}
    assert "No gap" not in browser.get(door_of(world)).content.decode()
    assert "If you did this" in browser.get(door_of(world), longer).content.decode()
    assert before == (
        list(Post.objects.values()),
        Substitute.objects.count(),
        list(ResponseGuarantee.objects.values()),
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose what to try"),
        ({"weekdays": "4"}, "Choose whose post"),
        ({"kind": "working_days", "amount": "99"}, "1 and 30 days"),
        ({"kind": "counted_hours"}, "1 and 240 hours"),
        ({"post": "nonsense"}, "Choose: Whose post."),
    ],
)
def test_what_cannot_be_tried_is_said_beside_it(world, olga_s_post, browser, typed, said) -> None:
    answer = browser.get(door_of(world), {"try": "1", **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_who_stands_in_another_circle_is_not_proposed_and_cannot_be_tried(world, browser) -> None:
    elsewhere = setup.add_employer(name="Staten Alfa", kind="state", by=MACHINE)
    for who, employer in (("outsider", elsewhere), ("second_nurse", None)):
        setup.give_post(
            account_id=world.people[who],
            role_id=world.counsellor_role,
            school_id=world.other_school,
            employer_id=employer,
            by=MACHINE,
        )
    door = reverse("feasibility:door", args=[world.school, world.counsellor_role])
    html = browser.get(door).content.decode()
    assert "Signe Alfa" in html
    assert "Ulf Alfa" not in html
    post = Post.objects.get(account=world.people["counsellor"])
    tries = {"try": "1", "post": str(post.pk), "substitute": str(world.people["outsider"])}
    assert browser.get(door, tries).status_code == 422


def test_a_lead_sees_the_schools_they_lead_and_no_other(world, olga_s_post, signed_in) -> None:
    Lead.objects.filter(account=world.people["lead"]).delete()
    setup.appoint_lead(account_id=world.people["lead"], school_id=world.school, by=MACHINE)
    browser = signed_in("lead")
    html = browser.get("/insights/feasibility/").content.decode()
    assert "Solhaug" in html
    assert "Fjellvang" not in html
    assert browser.get(door_of(world, "insights:coming_door")).status_code == 404
    own = reverse("insights:coming_door", args=[world.school, world.nurse_role])
    page = browser.get(own).content.decode()
    assert "Write to Adam Alfa" in page
    assert "/setup/" not in page[page.index("<main") : page.index("</main")]


def test_a_door_that_is_none_is_not_there(world, browser) -> None:
    for school, role in ((world.other_school, world.counsellor_role), (world.nurse_role, world.school)):
        assert browser.get(reverse("feasibility:door", args=[school, role])).status_code == 404


def test_it_never_says_who_is_away(world, alpha, browser) -> None:
    presence.begin_absence(
        account_id=world.people["other_nurse"],
        first_day=today(),
        last_day=today() + timedelta(days=40),
        by=MACHINE,
    )
    html = browser.get(door_of(world)).content.decode()
    days = html[html.index("Day by day") :]
    days = days[: days.index("</table>")]
    assert "Olga" not in days
    assert "away" not in days.lower()


def _asked(browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    seen = ("setupversion", "directoryversion")
    return sum(not any(one in query["sql"] for one in seen) for query in asked.captured_queries)


def test_thirteen_schools_ask_no_more_than_two(world, alpha, browser) -> None:
    door = door_of(world)
    few = (_asked(browser, "/setup/feasibility/"), _asked(browser, door))
    roles = list(HelperRole.objects.values_list("pk", flat=True)[:5])
    for n in range(11):
        school = setup.add_school(name=f"Skole {n} Alfa", form="compulsory", by=MACHINE)
        for role in roles:
            setup.give_post(
                account_id=world.people["second_nurse"], role_id=role, school_id=school, by=MACHINE
            )
    assert (_asked(browser, "/setup/feasibility/"), _asked(browser, door)) == few
