"""`portal()`: what a student's page needs, from the process cache, also with PostgreSQL away."""

import threading
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.apps import apps
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.tenancy import inside
from kernel.ui.look import look_of
from tenants.presence import operations as presence
from tenants.setup import operations as setup
from tenants.setup import queries
from tenants.setup.actors import today
from tenants.setup.models import Post, SetupVersion
from tenants.setup.privacy import REGISTER
from tenants.setup.queries import portal, snapshot


@pytest.fixture(autouse=True)
def unknown():
    """A process that has seen no municipality yet."""
    queries.forget()
    yield
    queries.forget()
    snapshot._away_at = -snapshot.AWAY


def test_an_unchanged_portal_costs_one_small_query(alpha) -> None:
    first = portal()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert portal() is first
    assert len(asked) == 1
    assert "setup_setupversion" in asked[0]["sql"]


def test_a_change_is_seen_at_once_and_a_change_taken_back_is_forgotten(admin) -> None:
    before = portal()
    with transaction.atomic():
        setup.change_look(brand="#445566", by=admin)
        assert portal().look.brand == "#445566"
        transaction.set_rollback(True)
    assert portal().look.brand == before.look.brand
    setup.change_look(brand="#665544", by=admin)
    assert portal().look.brand == "#665544"


def test_a_new_day_is_another_portal(world, admin) -> None:
    tomorrow = today() + timedelta(days=1)
    setup.give_post(
        account_id=world.people["outsider"], role_id=world.nurse_role, school_id=world.school,
        starts_on=tomorrow, by=admin,
    )  # fmt: skip
    assert "Ulf Alfa" not in portal().school(world.school).role(world.nurse_role).people
    with time_machine.travel(datetime(tomorrow.year, tomorrow.month, tomorrow.day, 12, tzinfo=UTC)):
        assert "Ulf Alfa" in portal().school(world.school).role(world.nurse_role).people


def test_with_the_database_away_the_last_portal_still_answers(alpha, at) -> None:
    known = portal()
    with patch.object(SetupVersion.objects, "values_list", side_effect=OperationalError("away")):
        assert portal() is known
        assert look_of(alpha).brand == known.look.brand
        answer = at(alpha).get(known.look.theme_url)
    assert answer.status_code == 200
    assert known.look.brand in answer.content.decode()


def test_with_the_database_away_and_nothing_seen_the_refusal_is_the_database_s(alpha) -> None:
    away = patch.object(SetupVersion.objects, "values_list", side_effect=OperationalError("away"))
    with away, pytest.raises(OperationalError):
        portal()
    with away:
        assert look_of(alpha).brand  # pages fall back to the platform's own


def test_two_municipalities_with_the_same_ids_never_share_a_portal(world) -> None:
    with inside(world.alpha):
        ours = portal()
    with inside(world.beta):
        theirs = portal()
        assert theirs.school(world.school).name == "Solhaug skole Beta"
    with inside(world.alpha):
        assert portal().school(world.school).name == "Solhaug skole Alfa"
    assert ours.version == theirs.version  # even the stamp collides


def test_many_threads_see_one_portal(alpha) -> None:
    known = portal()
    seen = []

    def look() -> None:
        with inside(alpha), patch.object(snapshot, "_away_at", 1e12):
            seen.append(portal())

    threads = [threading.Thread(target=look) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is known for one in seen)


def test_names_are_shown_only_where_the_municipality_wants(world, admin) -> None:
    assert portal().school(world.school).role(world.nurse_role).people
    setup.change_look(show_names=False, by=admin)
    assert not portal().school(world.school).role(world.nurse_role).people


def test_a_school_without_anybody_offers_no_role_and_knows_them_all(world, admin) -> None:
    school = setup.add_school(name="Nymark skole", form="compulsory", by=admin)
    door = portal().school(school)
    assert (door.roles, door.has_people) == ((), False)
    assert {role.id for role in door.unstaffed} == {world.nurse_role, world.counsellor_role}
    assert {role.id for role in portal().school(world.other_school).roles} == {world.nurse_role}
    assert door.any_role(world.nurse_role) is not None
    assert portal().school(world.other_school).any_role(world.counsellor_role) is None


@pytest.mark.parametrize(("days", "offered"), [(0, True), (30, False)])
def test_a_role_is_offered_while_somebody_is_back_before_a_promise_runs_out(
    world, admin, days, offered
) -> None:
    """24 hours from a Tuesday run out on Wednesday."""
    with time_machine.travel(datetime(2026, 9, 15, 8, tzinfo=UTC), tick=False):
        presence.begin_absence(
            account_id=world.people["other_nurse"],
            first_day=today(),
            last_day=today() + timedelta(days=days),
            by=admin,
        )
        door = portal().school(world.other_school)
    assert (door.role(world.nurse_role) is not None) is offered
    assert door.has_people
    assert bool(door.unstaffed) is not offered


def test_whoever_stands_in_keeps_the_door_open(world, admin) -> None:
    post = Post.objects.get(account_id=world.people["other_nurse"])
    presence.name_substitutes(post_id=post.pk, account_ids=[world.people["nurse"]], by=admin)
    presence.begin_absence(
        account_id=world.people["other_nurse"],
        first_day=today(),
        last_day=today() + timedelta(days=30),
        by=admin,
    )
    assert portal().school(world.other_school).role(world.nurse_role) is not None


def test_every_field_of_set_up_is_in_the_privacy_register() -> None:
    models = apps.get_app_config("setup").get_models()
    assert set(REGISTER) == {f"{m.__name__}.{f.name}" for m in models for f in m._meta.local_fields}
