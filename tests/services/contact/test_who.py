"""Who is there: by name where names are shown, with days and limits that are true."""

import re
from datetime import timedelta

import pytest

from kernel.actor import MACHINE
from kernel.people.models import Account
from tenants.setup import operations as setup
from tenants.setup.actors import today
from tenants.setup.models import HelperRole, Post
from tests.cast import World
from tests.journeys.student_pages import Walk, place_in
from tests.services.contact.test_nobody_here import all_away


@pytest.fixture
def look(alpha: World, clock, at):
    def gets(path: str = "/who/solhaug-alfa/"):
        return at(alpha.alpha).get(path, HTTP_ACCEPT_LANGUAGE="en")

    return gets


def test_the_list_of_schools_leads_to_each_schools_people(look) -> None:
    page = look("/who/").content.decode()
    assert 'href="/who/solhaug-alfa/"' in page


def test_an_address_nobody_knows_is_the_list_of_schools(look) -> None:
    answer = look("/who/nowhere/")
    assert answer.status_code == 200
    assert "Choose your school" in answer.content.decode()
    assert "noindex" in answer["X-Robots-Tag"]


def test_each_says_what_stays_and_what_others_must_know(look) -> None:
    page = look().content.decode()
    assert "What I can keep to myself" in page
    assert "Is a life in danger? Then I must call for help." in page
    assert "I must tell child welfare" in page


def test_who_is_there_today_stands_there_by_name_and_whoever_is_away_does_not(alpha: World, look) -> None:
    here = re.search(r"Here today</h2>.*?</section>", look().content.decode(), re.S)
    assert here
    assert "Kari" in here.group() or "Nina" in here.group() or "Nora" in here.group(), here.group()
    name = re.search(r'person-name">([^<,]+)', here.group())
    assert name
    all_away(alpha, "nurse", "second_nurse")
    after = re.search(r"Here today</h2>.*?</section>", look().content.decode(), re.S)
    assert name[1].strip() not in (after.group() if after else "")


def test_a_house_that_shows_no_names_shows_none(alpha: World, look) -> None:
    names = re.findall(r'person-name">([^<,]+)', look().content.decode())
    assert names
    setup.change_look(show_names=False, by=MACHINE)
    page = look().content.decode()
    assert not [name for name in names if name.strip() in page]


def test_the_days_of_a_post_are_said(alpha: World, look) -> None:
    assert "Every school day" in look().content.decode()
    Post.objects.filter(school_id=alpha.school, role_id=alpha.nurse_role).update(weekdays=0b00101)
    setup.rename_school(
        school_id=alpha.school, name="Solhaug Alfa skole", by=MACHINE
    )  # the set-up is read anew
    assert "Monday, Wednesday" in look().content.decode()


def test_on_a_closed_day_nobody_is_said_to_be_here(alpha: World, look) -> None:
    setup.add_break(name="Break", first_day=today(), last_day=today() + timedelta(days=3), by=MACHINE)
    setup.change_hours(open_hours={"1": [["08:00", "16:00"]]}, school_breaks_counted=False, by=MACHINE)
    page = look().content.decode()
    assert "Here today" not in page
    assert "Nobody is at work today" in page


def test_to_knock_on_a_role_from_here_skips_whom(alpha: World, look, at) -> None:
    page = look().content.decode()
    form = re.search(
        rf'<form method="post" action="/knock/"(?:(?!</form>).)*value="{alpha.nurse_role}".*?</form>',
        page,
        re.S,
    )
    assert form
    said = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form.group()))
    question = at(alpha.alpha).post("/knock/", said, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Who do you want to talk to?" not in question
    assert f'name="role" value="{alpha.nurse_role}"' in question


def test_to_knock_on_a_person_knows_whom_and_asks_how(alpha: World, look, at) -> None:
    page = look().content.decode()
    forms = re.findall(r'<form method="post" action="/knock/"(?:(?!</form>).)*?Knock on [^<]*', page, re.S)
    assert len(forms) >= 3  # two nurses and a counsellor
    said = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', next(one for one in forms if alpha_of(alpha) in one))
    )
    question = at(alpha.alpha).post("/knock/", said, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Who do you want to talk to?" not in question
    assert f'name="role" value="{alpha_of(alpha)}"' in question


def alpha_of(world: World) -> str:
    return f"{world.nurse_role}/{world.people['nurse']}"


def test_the_languages_somebody_answers_in_are_said_in_their_own_names(alpha: World, look) -> None:
    assert "Answers in" not in look().content.decode()
    Account.objects.filter(pk=alpha.people["nurse"]).update(speaks=["nb", "ar"])
    setup.rename_school(
        school_id=alpha.school, name="Solhaug Alfa skole", by=MACHINE
    )  # the set-up is read anew
    page = look("/who/solhaug-alfa/").content.decode()
    assert "Answers in norsk (bokmål), \u2068العربيّة\u2069" in page


def test_what_is_written_down_is_said_by_the_rule_of_whoever_employs_the_role(
    django_db_setup: None, django_db_blocker
) -> None:
    """A Swedish counsellor of a private school is asked for no record; the municipality's own is."""
    with django_db_blocker.unblock(), place_in("SE") as place:
        page = Walk(place, "en").client().get("/who/solhaug/").content.decode()
        assert "I write down what we decide." in page
        employer = setup.add_employer(name="Friskolan", kind="private", by=MACHINE)
        HelperRole.objects.filter(pk=place.counsellor).update(employer_id=employer)
        page = Walk(place, "en").client().get("/who/solhaug/").content.decode()
        assert "I write down what we decide." not in page
        assert "The law asks me for no record." in page
