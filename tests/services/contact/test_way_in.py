"""An address on a wall leads to the right door, for ever; one that nobody knows leads to a door all the same."""

import re

import pytest
from django.test import override_settings

from kernel.actor import MACHINE
from services.contact.door import schools_matching
from tenants.setup import operations as setup
from tenants.setup.models import HelperRole, School, SchoolAddress
from tenants.setup.queries import portal
from tests.cast import LONG_AGO, World
from tests.services.contact.test_nobody_here import all_away


@pytest.fixture
def look(alpha: World, clock, at):
    def gets(path: str, **more: str):
        return at(alpha.alpha).get(path, HTTP_ACCEPT_LANGUAGE="en", **more)

    return gets


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the form that knocks."""
    form = re.search(r'<form method="post" action="/knock/".*?</form>', page, re.S)
    assert form, page
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))


def test_a_schools_address_leads_to_its_own_first_screen_and_past_the_question_which_school(
    alpha: World, look, at
) -> None:
    answer = look("/s/solhaug-alfa/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Solhaug skole Alfa" in page
    said = hidden(page)
    assert said["school"] == str(alpha.school)
    question = at(alpha.alpha).post("/knock/", said, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Who do you want to talk to?" in question
    assert "Where do you go to school?" not in question


def test_with_a_role_the_journey_begins_at_how(alpha: World, look, at) -> None:
    key = HelperRole.objects.get(pk=alpha.nurse_role).key
    page = look(f"/s/solhaug-alfa/{key}/").content.decode()
    question = at(alpha.alpha).post("/knock/", hidden(page), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert 'name="channel"' in question
    assert f'name="role" value="{alpha.nurse_role}"' in question


@pytest.mark.parametrize(
    "path", ["/s/SOLHAUG-ALFA/", "/S/SOLHAUG-ALFA", "/s/solhaug-alfa", "/s/Solhaug-Alfa///"]
)
def test_typed_by_hand_it_leads_there_all_the_same(look, path: str) -> None:
    answer = look(path)
    assert answer.status_code == 200
    assert "Solhaug skole Alfa" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/s/", "/s/nowhere/", "/s/nowhere/nobody/", "/s/a/b/c/d", "/s/æøå/", "/s/%00/", "/s/a%0Ab"]
)
def test_an_address_nobody_knows_is_a_door_and_never_not_found(look, path: str) -> None:
    answer = look(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'href="/knock/"' in page
    assert ("You can still knock here" in page) == (path != "/s/")
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_renamed_school_keeps_the_address_that_hangs_on_its_walls(alpha: World, look) -> None:
    setup.rename_school(school_id=alpha.school, name="Bakken skole Alfa", by=MACHINE)
    assert portal().school(alpha.school).slug == "bakken-alfa"
    for path in ("/s/solhaug-alfa/", "/s/bakken-alfa/"):
        page = look(path).content.decode()
        assert "Bakken skole Alfa" in page
        assert re.search(r'rel="canonical" href="[^"]*/s/bakken-alfa/"', page)
    setup.rename_school(school_id=alpha.school, name="Solhaug skole Alfa", by=MACHINE)
    assert portal().school(alpha.school).slug == "solhaug-alfa"
    assert SchoolAddress.objects.filter(school_id=alpha.school).count() == 2


def test_an_address_is_never_given_to_another_school(alpha: World, look) -> None:
    setup.rename_school(school_id=alpha.school, name="Bakken skole Alfa", by=MACHINE)
    new = setup.add_school(name="Solhaug Alfa", form="compulsory", by=MACHINE)
    assert portal().school(new).slug == "solhaug-alfa-2"
    assert "Bakken skole Alfa" in look("/s/solhaug-alfa/").content.decode()


def test_a_closed_schools_address_leads_to_the_others(alpha: World, look) -> None:
    School.objects.update(opened_on=LONG_AGO)
    setup.close_school(school_id=alpha.school, by=MACHINE)
    answer = look("/s/solhaug-alfa/")
    assert answer.status_code == 200
    assert "is closed now." in answer.content.decode()


def test_a_school_where_nobody_is_says_so_and_shows_the_numbers(alpha: World, look) -> None:
    all_away(alpha, "nurse", "second_nurse", "counsellor")
    page = look("/s/solhaug-alfa/").content.decode()
    assert "Nobody can answer at Solhaug skole Alfa now" in page
    assert 'href="tel:' in page
    assert f'value="{alpha.other_school}"' in page


def test_a_role_that_is_not_there_leads_to_the_others_of_the_school(alpha: World, look) -> None:
    page = look("/s/solhaug-alfa/dentist/").content.decode()
    assert "Nobody answers at that address now" in page
    assert hidden(page)["school"] == str(alpha.school)
    assert "role" not in hidden(page)


def test_it_leaves_no_more_trace_than_the_first_screen(look) -> None:
    answer = look("/s/solhaug-alfa/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    page = answer.content.decode()
    assert "<title>Alfa kommune</title>" in page
    assert 'data-exit="' in page


def test_only_first_pages_and_schools_may_be_found(look) -> None:
    for path in ("/", "/s/solhaug-alfa/"):
        assert "X-Robots-Tag" not in look(path), path
    for path in ("/who/", "/privacy/", "/knock/", "/receipt/", "/sign-in/", "/no-such-page/", "/api/v1/door"):
        assert "noindex" in look(path)["X-Robots-Tag"], path
    assert look("/sitemap.xml").content.decode().count("<loc>") == 3
    robots = look("/robots.txt").content.decode()
    assert "Disallow: /\n" not in robots
    assert "/sitemap.xml" in robots


@override_settings(DEMO=True)
def test_a_demo_is_never_found(look) -> None:
    for path in ("/", "/s/solhaug-alfa/", "/robots.txt"):
        assert "noindex" in look(path)["X-Robots-Tag"], path
    assert "Disallow: /\n" in look("/robots.txt").content.decode()
    assert "<loc>" not in look("/sitemap.xml").content.decode()


def test_a_name_of_other_letters_has_an_address_too(alpha: World) -> None:
    first = setup.add_school(name="مدرسة", form="other", by=MACHINE)
    second = setup.add_school(name="Школа", form="other", register_code="NO 974557584", by=MACHINE)
    assert portal().school(first).slug == "school-1"
    assert portal().school(second).slug == "school-no-974557584"


def test_the_journeys_search_forgives_spelling(alpha: World) -> None:
    assert [school.id for school in schools_matching(portal(), "solhaug")] == [alpha.school]
    assert [school.id for school in schools_matching(portal(), "solhøg skule")] == [alpha.school]
    assert schools_matching(portal(), "qwertyzxcv") == ()
