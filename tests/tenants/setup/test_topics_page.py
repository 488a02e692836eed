"""Which role a topic proposes is the municipality's to say: an order, for one school, own words, or hidden."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from kernel.actor import MACHINE
from kernel.errors import Conflict, Invalid, NotAllowed
from tenants.setup import operations as setup
from tenants.setup.checklist import checklist
from tenants.setup.models import OutsideDoor, Topic
from tenants.setup.operations.topics import rules_now
from tenants.setup.queries import portal
from tenants.setup.topics import GRAVE, NEXT_STEPS, TOPICS
from tests.cast import World


def order() -> list[str]:
    return [rule.key for rule in rules_now()]


def rule(key: str) -> Any:
    return next(one for one in portal().topics if one.key == key)


def test_what_ships_needs_no_row_and_stands_in_the_portal(world: World, alpha: Any) -> None:
    assert not Topic.objects.exists()
    assert order() == list(TOPICS)
    assert rule("bullying").roles_at(world.school)[0] == world.counsellor_role
    assert rule("sleep").roles_at(None)[0] == world.nurse_role


def test_the_narrowest_order_wins_and_can_be_taken_back(world: World, alpha: Any) -> None:
    setup.set_topic_roles(key="sleep", roles=[world.counsellor_role], by=MACHINE)
    setup.set_topic_roles(key="sleep", roles=[world.nurse_role], school_id=world.school, by=MACHINE)
    assert rule("sleep").roles_at(world.school) == (world.nurse_role,)
    assert rule("sleep").roles_at(world.other_school) == (world.counsellor_role,)
    setup.reset_topic_roles(key="sleep", school_id=world.school, by=MACHINE)
    assert rule("sleep").roles_at(world.school) == (world.counsellor_role,)
    setup.reset_topic_roles(key="sleep", by=MACHINE)
    assert rule("sleep").roles_at(None)[0] == world.nurse_role


def test_who_hurts_themself_and_who_worries_about_a_friend_find_their_topic_early_and_it_is_grave() -> None:
    keys = list(TOPICS)
    assert keys.index("worried") < len(keys) / 2
    assert keys.index("heavy") < len(keys) / 2
    assert {"heavy", "worried", "hurt"} <= GRAVE
    assert set(NEXT_STEPS) == GRAVE


def test_what_a_municipality_said_of_a_topic_follows_and_an_order_of_its_own_stays(
    world: World, alpha: Any
) -> None:
    """As the migration leaves them; and back."""
    migration = import_module("tenants.setup.migrations.0015_topics_stand_where_they_are_found")
    at, before, after = SimpleNamespace(connection=connection), migration.BEFORE, migration.AFTER
    assert after == list(TOPICS)
    there, back = migration.follow(before, after), migration.follow(after, before)
    setup.set_topic_roles(key="worried", roles=[world.nurse_role], by=MACHINE)
    setup.set_topic_roles(key="school", roles=[world.nurse_role], school_id=world.school, by=MACHINE)
    setup.show_topic(key="drugs", shown=False, by=MACHINE)
    for key in ("worried", "drugs"):
        Topic.objects.filter(key=key, school=None).update(order=before.index(key))
    there(apps, at)
    assert order() == list(TOPICS)
    assert rule("worried").roles_at(None) == (world.nurse_role,)
    assert not rule("drugs").is_shown
    back(apps, at)
    assert Topic.objects.get(key="worried").order == before.index("worried")
    Topic.objects.all().delete()
    for number, key in enumerate(reversed(before)):
        Topic.objects.create(key=key, order=number)
    there(apps, at)
    own = [one for one in order() if one != "heavy"]
    assert own == list(reversed(before)), "what they put in order stays as they put it"
    assert "heavy" in order()


def test_a_topic_can_be_moved_and_hidden_and_one_always_stays(world: World, alpha: Any) -> None:
    setup.move_topic(key="home", up=True, by=MACHINE)
    assert order()[0] == "home", "the first stays the first"
    setup.move_topic(key="sleep", up=True, by=MACHINE)
    assert order()[:2] == ["sleep", "home"]
    for key in list(TOPICS)[1:]:
        setup.show_topic(key=key, shown=False, by=MACHINE)
    with pytest.raises(Conflict):
        setup.show_topic(key="home", shown=False, by=MACHINE)
    assert [one.key for one in portal().topics if one.is_shown] == ["home"]


def test_unknown_roles_schools_and_topics_are_refused_by_name(world: World, alpha: Any) -> None:
    with pytest.raises(Invalid) as refused:
        setup.set_topic_roles(key="sleep", roles=[world.school], by=MACHINE)
    assert [error.field for error in refused.value.errors] == ["roles"]
    with pytest.raises(Invalid) as refused:
        setup.set_outside_doors(doors=[(world.nurse_role, world.nurse_role)], by=MACHINE)
    assert [error.field for error in refused.value.errors] == ["doors"]
    with pytest.raises(NotAllowed):
        setup.show_topic(key="sleep", shown=False, by=world.actor("lead"))


def test_the_pages_change_order_words_and_doors_and_show_what_a_student_sees(
    world: World, browser: Client
) -> None:
    page = browser.get("/setup/topics/").content.decode()
    assert page.count(str(TOPICS["sleep"])) >= 0
    form = {
        "role_0": str(world.counsellor_role),
        "role_1": str(world.nurse_role),
        "text_nb": "Sover du dårlig?",
    }
    assert browser.post("/setup/topics/sleep/", form).status_code == 302
    assert rule("sleep").roles_at(None) == (world.counsellor_role, world.nurse_role)
    assert portal().sentence("topic_sleep", "nb") == "Sover du dårlig?"
    assert (
        "Sover du dårlig?"
        in browser.get("/setup/topics/", headers={"accept-language": "nb"}).content.decode()
    )
    at_school = f"/setup/topics/sleep/?school={world.school}"
    assert browser.post(at_school, {"role_0": str(world.nurse_role)}).status_code == 302
    assert rule("sleep").roles_at(world.school) == (world.nurse_role,)
    assert browser.post(f"/setup/topics/sleep/reset/?school={world.school}").status_code == 302
    assert rule("sleep").roles_at(world.school) == (world.counsellor_role, world.nurse_role)
    assert browser.post("/setup/topics/love/show/", {"shown": "no"}).status_code == 302
    assert not rule("love").is_shown
    assert browser.post("/setup/topics/love/move/", {"to": "up"}).status_code == 302
    doors = {"doors": [f"{world.nurse_role}@{world.other_school}"]}
    assert browser.post("/setup/topics/", doors).status_code == 302
    assert portal().outside == ((world.other_school, world.nurse_role),)
    assert "checked" in browser.get("/setup/topics/").content.decode()
    assert browser.post("/setup/topics/", {"doors": ["nonsense"]}).status_code == 422
    assert browser.get("/setup/topics/nonsense/").status_code == 404
    assert browser.post("/setup/topics/", {}).status_code == 302
    assert not OutsideDoor.objects.exists()


def test_the_list_says_when_a_topic_proposes_nobody_who_is_there(world: World, alpha: Any) -> None:
    ready = {str(item.href): item.ready for item in checklist()}
    assert ready["/setup/topics/"]
    setup.set_topic_roles(key="sleep", roles=[_closed_role()], by=MACHINE)
    assert not {str(item.href): item.ready for item in checklist()}["/setup/topics/"]


def _closed_role() -> Any:
    """A role nobody holds anywhere."""
    return setup.add_role(names={"nb": "Ingen her"}, by=MACHINE)
