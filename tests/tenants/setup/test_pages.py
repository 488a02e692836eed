"""The administrator's pages: who gets in, what a refusal keeps, what a second press does."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from kernel.actor import MACHINE
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import Post, School, SchoolAddress
from tenants.setup.queries import portal
from tenants.setup.urls import urlpatterns
from tenants.setup.views.common import GROUPS
from tests.tenants.setup.browsing import get, post

#: What somebody who leads a school prints and gives on: the ways in to its door.
FOR_LEADS = ("poster", "card", "ways_in", "icon", "web_clip")


def addresses(world, *, without: tuple[str, ...] = ()) -> list[str]:
    ids = {
        "school_id": world.school, "role_id": world.nurse_role, "account_id": world.people["nurse"],
        "code": "nb",
    }  # fmt: skip
    found = []
    for pattern in urlpatterns:
        if pattern.name in without:
            continue
        wanted = {name: ids.get(name, world.school) for name in pattern.pattern.converters}
        found.append(reverse(f"setup:{pattern.name}", kwargs=wanted))
    return found


@pytest.mark.parametrize("who", ["nurse", "lead", "outsider"])
def test_helpers_and_leads_read_nothing_and_change_nothing_here(world, signed_in, who) -> None:
    client = signed_in(who)
    for address in addresses(world, without=FOR_LEADS if who == "lead" else ()):
        for method in (client.get, client.post):
            assert method(address).status_code in (403, 405), address
    assert School.objects.get(pk=world.school).closed_on is None


def test_a_stranger_is_led_to_sign_in(world, alpha, at) -> None:
    client = at(alpha)
    for address in addresses(world):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/sign-in/")


def test_an_administrator_of_one_municipality_is_a_stranger_in_the_other(world, signed_in) -> None:
    client = signed_in("admin")
    client.defaults["SERVER_NAME"] = "beta.localhost"
    assert client.get("/setup/").status_code == 302


OURS = [
    "home",
    *(to.removeprefix("setup:") for _title, pages in GROUPS for _name, _text, to in pages if ":" in to),
]


@pytest.mark.parametrize("section", OURS)
def test_every_page_is_there_in_every_language(browser, section) -> None:
    for language in ("nb", "en"):
        answer = browser.get(reverse(f"setup:{section}"), headers={"accept-language": language})
        assert answer.status_code == 200
        html = answer.content.decode()
        outside = re.sub(r'"[^"]*"', '""', html)  # a snippet to copy is words in an attribute
        assert not re.search(r"<[^>]* style=", outside)
        assert "<script>" not in html
        assert "None" not in html.replace(">None</option>", "")  # a choice, in English


def test_a_refused_school_keeps_what_was_typed(world, browser) -> None:
    name = School.objects.get(pk=world.school).name
    answer = post(browser, "schools", name=name, form="adult")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert name in html
    assert 'value="adult" selected' in html
    assert "aria-invalid" in html


def test_pressing_twice_opens_one_school(browser) -> None:
    assert post(browser, "schools", name="Nymark skole", form="compulsory").status_code == 200
    assert post(browser, "schools", name="Nymark skole", form="compulsory").status_code == 422
    assert School.objects.filter(name="Nymark skole").count() == 1


def test_closing_a_school_is_asked_about_and_can_be_undone(world, browser) -> None:
    assert 'method="post"' in get(browser, "close_school", world.school)
    assert School.objects.get(pk=world.school).closed_on is None
    post(browser, "close_school", world.school)
    post(browser, "close_school", world.school)
    assert School.objects.get(pk=world.school).closed_on
    assert reverse("setup:reopen_school", args=[world.school]) in get(browser, "schools")
    post(browser, "reopen_school", world.school)
    assert School.objects.get(pk=world.school).closed_on is None


def test_a_role_gets_a_name_in_each_language_and_keeps_those_not_shown(world, browser) -> None:
    setup.change_role(role_id=world.nurse_role, names={"nb": "Helse", "sv": "Hälsa"}, by=world.actor("admin"))
    typed = {"profession": "school_nurse", "employer": "", "names_nb": "Helsesøster", "names_en": "Nurse"}
    assert post(browser, "role", world.nurse_role, **typed).status_code == 200
    names = portal().school(world.school).role(world.nurse_role).names
    assert names == {"nb": "Helsesøster", "en": "Nurse", "sv": "Hälsa"}
    answer = post(browser, "new_role", profession="other", names_nb="", keeps_nb="Min tekst")
    assert answer.status_code == 422
    assert "Min tekst" in answer.content.decode()


def test_the_last_role_and_the_last_administrator_are_refused_in_words(world, browser) -> None:
    post(browser, "close_role", world.counsellor_role)
    assert post(browser, "close_role", world.nurse_role).status_code == 409
    assert post(browser, "administrator", world.people["admin"]).status_code == 409
    assert post(browser, "close_person", world.people["admin"]).status_code == 409


def test_somebody_is_invited_and_given_a_post(world, browser) -> None:
    answer = post(browser, "people", name="Ine", email="ine@alfa", language="nb")
    assert answer.status_code == 422
    assert "ine@alfa" in answer.content.decode()
    answer = post(browser, "people", name="Ine Ny", email="ine@alfa.example", language="nb")
    address = answer.redirect_chain[-1][0]
    typed = {
        "act": "post", "post-role": str(world.nurse_role), "post-school": str(world.other_school),
        "post-starts_on": today().isoformat(),
    }  # fmt: skip
    assert browser.post(address, typed, follow=True).status_code == 200
    assert browser.post(address, typed, follow=True).status_code == 200
    assert Post.objects.filter(account__email="ine@alfa.example").count() == 1
    wrong = typed | {"post-ends_on": (today() - timedelta(days=3)).isoformat()}
    assert browser.post(address, wrong).status_code == 422
    post_id = Post.objects.get(account__email="ine@alfa.example").pk
    post(browser, "end_post", post_id)
    assert not Post.objects.filter(pk=post_id, ends_on=None).exists()


def test_the_grid_shows_who_answers_where(world, browser) -> None:
    html = get(browser, "people")
    assert "Nora Alfa" in html
    assert "Solhaug skole Alfa" in html
    assert "Beta" not in html


def test_every_page_of_set_up_stands_in_its_group_and_says_where_one_is(browser) -> None:
    for _title, pages in GROUPS:
        for _name, _text, to in pages:
            address = to if to.startswith("/") else reverse(to)
            answer = browser.get(address)
            assert answer.status_code == 200, address
            html = answer.content.decode()
            if 'class="side"' in html:
                assert html.count(f'<a href="{address}" aria-current="page">') == 2, (
                    address
                )  # wide, and on a phone
                assert all(f'href="{one if one.startswith("/") else reverse(one)}"' in html
                           for _t, some in GROUPS for _n, _w, one in some), address  # fmt: skip


def test_a_ready_reply_is_shown_as_a_helper_gets_it(browser, world) -> None:
    reply = {
        "role": str(world.nurse_role),
        "titles_nb": "Jeg har lest det",
        "texts_nb": "Hei.\n\n{role}, {school}",
    }
    browser.post("/setup/replies/new/", reply)
    html = browser.get("/setup/replies/").content.decode()
    assert "Jeg har lest det" in html
    assert "{role}" not in html
    assert "{school}" not in html
    assert "fylles inn når en hjelper bruker et svar" in html


def test_the_checklist_leads_to_every_setting_with_a_state_of_its_own(browser) -> None:
    html = browser.get("/setup/").content.decode()
    steps = html[html.index('<ol class="steps">') : html.index("</ol>", html.index('<ol class="steps">'))]
    for address in ("schools", "roles", "people", "calendar", "guarantees", "meetings", "reminders", "languages",
                    "look", "replies", "files", "feasibility", "retention"):  # fmt: skip
        assert f"/setup/{address}/" in steps, address
    assert "/worry/setup/" in steps


def test_before_a_school_closes_its_posters_are_thought_of(world, browser) -> None:
    slug = SchoolAddress.objects.get(school_id=world.school, is_current=True).slug
    asked = get(browser, "close_school", world.school)
    assert f"/s/{slug}/" in asked


def test_a_day_is_said_as_everywhere_else(world, browser) -> None:
    setup.add_closed_day(day=date(2027, 9, 28), name="Planning", by=MACHINE)
    assert '<time datetime="2027-09-28">tirsdag 28. september 2027</time>' in get(browser, "calendar")
