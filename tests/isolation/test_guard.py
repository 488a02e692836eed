# ruff: noqa: PT012 (what fails here fails in a place, and the place is part of the claim)
"""The guard of the database connection: role and path are what the present place demands, always."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, close_old_connections, connection, connections, transaction

from kernel.crypto.models import CaseKey
from kernel.tenancy import MunicipalityRef, NoMunicipality, as_role, front, inside
from kernel.tenancy.backend import guard
from kernel.tenancy.backend.base import DatabaseWrapper
from tests.kernel.tenancy.ground import SAME_ID, committed, in_thread, made_at, mark, pair, who_am_i, who_is

__all__ = ["committed", "pair"]
pytestmark = pytest.mark.usefixtures("committed")

FRONT = ("front", "public")


def identity(ref: MunicipalityRef) -> tuple[str, str]:
    return ref.role, f"{ref.schema}, public"


def missing_role(ref: MunicipalityRef) -> MunicipalityRef:
    return MunicipalityRef(id=9, schema=ref.schema, role="m_999999999", slug="nobody", name="Nobody")


def test_inside_is_role_and_path_together_nests_and_comes_back(pair):
    one, other = pair
    assert who_am_i() == FRONT
    with inside(one):
        assert who_am_i() == identity(one)
        with inside(other):
            assert who_am_i() == identity(other)
            with front():
                assert who_am_i() == FRONT
        assert who_am_i() == identity(one)
        with as_role("sweeper"):
            assert who_am_i() == ("sweeper", "public")
    assert who_am_i() == FRONT


def test_the_way_back_is_restored_after_an_exception(pair):
    with pytest.raises(ZeroDivisionError), inside(pair[0]):
        who_am_i()
        _ = 1 / 0
    assert who_am_i() == FRONT


def test_each_municipality_has_its_own_row_under_the_same_id(pair):
    for number, ref in enumerate(pair):
        with inside(ref):
            assert made_at() == mark(number)


def test_outside_the_refusal_names_the_model_and_the_remedy(pair):
    with pytest.raises(NoMunicipality, match=r"CaseKey lives in .* with inside\(municipality\)"):
        CaseKey.objects.first()


def test_nothing_is_set_again_while_nothing_changed(pair):
    with inside(pair[0]):
        who_am_i()
        physical = connection.connection
        behind = psycopg.ClientCursor(physical)
        behind.execute(
            "SELECT set_config('role', 'front', false)"
        )  # behind the guard's back: it must not notice
        assert who_am_i()[0] == "front"
    assert who_am_i() == FRONT  # but leaving sets both


def test_a_failing_set_closes_the_connection_and_raises_and_serves_nobody_elses_row(pair):
    one, other = pair
    with inside(one):
        assert made_at() == mark(0)
        physical = connection.connection
    with inside(missing_role(one)), pytest.raises(DatabaseError):
        made_at()
    assert physical.closed
    with inside(other):
        assert made_at() == mark(1)


def test_a_failing_set_inside_a_transaction_ends_it(pair):
    one = pair[0]
    with pytest.raises(DatabaseError), inside(one), transaction.atomic():
        CaseKey.objects.create(made_at=mark(5), destroyed_at=mark(5))
        with inside(missing_role(one)):
            made_at()
    with inside(one):
        assert CaseKey.objects.count() == 1


def test_a_rollback_takes_the_role_back_and_the_next_statement_sets_it_again(pair):
    one, other = pair
    with inside(one):
        who_am_i()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        who_am_i()  # the transaction has begun: what is set from here on is taken back
        with inside(other):
            who_am_i()
            _ = 1 / 0
    with inside(other):
        assert who_am_i() == identity(other)
        assert made_at() == mark(1)


def test_a_commit_keeps_what_was_set(pair):
    with inside(pair[0]):
        with transaction.atomic():
            who_am_i()
        assert who_is(connection.connection) == identity(pair[0])


def test_a_savepoint_rollback_across_municipalities(pair):
    one, other = pair
    with transaction.atomic(), inside(one):
        assert made_at() == mark(0)
        with pytest.raises(ZeroDivisionError), transaction.atomic(), inside(other):
            assert made_at() == mark(1)
            _ = 1 / 0
        with inside(other):
            assert who_am_i() == identity(other)
            assert made_at() == mark(1)
        assert who_am_i() == identity(one)


def test_a_failed_statement_in_an_inner_transaction_can_be_rolled_back_from_another_place(pair):
    one, other = pair
    with inside(one), transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic(), inside(other), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert made_at() == mark(0)


def test_in_a_failed_transaction_no_other_place_is_entered(pair):
    one, other = pair
    with inside(one), pytest.raises(ZeroDivisionError), transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1 / 0")
        with inside(other), pytest.raises(DatabaseError):
            made_at()
        _ = 1 / 0
    with inside(one):
        assert made_at() == mark(0)


def test_a_cursor_kept_from_one_municipality_works_where_it_is_used(pair):
    one, other = pair
    with inside(one), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (one.role,)
        with inside(other):
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (other.role,)


@pytest.mark.parametrize(
    "statement", ["SET ROLE front", "RESET ROLE", "DISCARD ALL", "SET search_path = public"]
)
def test_a_role_changed_by_hand_is_noticed(pair, statement):
    with inside(pair[0]), connection.cursor() as cursor:
        cursor.execute(statement)
        assert who_am_i() == identity(pair[0])


def test_a_rollback_by_hand_is_noticed(pair):
    one, other = pair
    with connection.cursor() as cursor:
        with inside(one):
            cursor.execute("SELECT 1")
        cursor.execute("BEGIN")
        with inside(other):
            cursor.execute("SELECT 1")
            cursor.execute("ROLLBACK")
            assert who_am_i() == identity(other)


def test_an_iterator_begun_in_one_municipality_reads_only_its_rows(pair):
    one, other = pair
    with transaction.atomic(), inside(one):
        CaseKey.objects.bulk_create([CaseKey(made_at=mark(0), destroyed_at=mark(0)) for _ in range(30)])
        rows = CaseKey.objects.iterator(chunk_size=5)
        next(rows)
        with inside(other):
            assert made_at() == mark(1)
        assert {row.made_at for row in rows} == {mark(0)}
        transaction.set_rollback(True)


def test_a_new_thread_begins_on_the_front_door(pair):
    with inside(pair[0]):
        assert in_thread(who_am_i) == FRONT
        assert isinstance(in_thread(made_at), NoMunicipality)


def test_the_login_itself_may_do_nothing(pair):
    if connections["default"].settings_dict["USER"] == connections["owner"].settings_dict["USER"]:
        pytest.skip("one login for both: it is the owner")
    who_am_i()
    behind = psycopg.ClientCursor(connection.connection)
    behind.execute("RESET ROLE")
    for table in (
        f"{pair[0].schema}.crypto_casekey",
        "public.municipalities_municipality",
        "jobs.procrastinate_jobs",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            behind.execute(f"SELECT * FROM {table}")


def test_the_guarded_connection_has_one_door(pair):
    with pytest.raises(NoMunicipality):
        connection.set_schema(pair[0].schema)


def pooled() -> DatabaseWrapper:
    told = {**connections["default"].settings_dict, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False}
    told["OPTIONS"] = {**told["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
    return DatabaseWrapper(told, alias="pooled")


def pooled_row(wrapper: DatabaseWrapper) -> Any:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT made_at, current_user FROM crypto_casekey WHERE id = %s", [SAME_ID])
        return cursor.fetchone()


def test_a_pooled_connection_goes_back_as_nobodys_and_serves_the_next(pair):
    one, other = pair
    first, second = pooled(), pooled()
    try:
        with inside(one):
            assert pooled_row(first) == (mark(0), one.role)
            physical = first.connection
            first.close()
        with first.pool.connection(timeout=5) as again:  # waits for the pool's reset
            assert again is physical
            assert who_is(again) == FRONT
        with inside(other):
            assert pooled_row(second) == (mark(1), other.role)
            assert second.connection is physical
    finally:
        second.close()
        first.close_pool()


def test_a_pooled_connection_left_in_a_transaction_goes_back_as_nobodys(pair):
    one = pair[0]
    first = pooled()
    try:
        with inside(one):
            pooled_row(first)
            first.set_autocommit(False)
            pooled_row(first)  # the transaction has begun as one
            with front():
                first.cursor().execute("SELECT 1")  # remembered as front, and about to be rolled back
            physical = first.connection
            first.close()
        with first.pool.connection(timeout=5) as again:
            assert again is physical
            assert who_is(again) == FRONT
    finally:
        first.close_pool()


def test_a_connection_that_has_seen_many_schemas_is_closed_between_requests(pair, monkeypatch):
    monkeypatch.setattr(guard, "SCHEMAS_A_CONNECTION", 2)
    for ref in pair:
        with inside(ref):
            who_am_i()
    close_old_connections()
    assert connection.connection is not None
    who_am_i()
    close_old_connections()
    assert connection.connection is None


def test_citus_sets_for_the_transaction_only(pair, settings):
    settings.CITUS = True
    with inside(pair[0]):
        with transaction.atomic():
            assert who_am_i() == identity(pair[0])
        assert who_is(connection.connection)[0] == connections["default"].settings_dict["USER"]
        with transaction.atomic():
            assert who_am_i() == identity(pair[0])


def test_a_connection_that_broke_is_replaced_by_one_that_is_who_it_must_be(pair):
    with inside(pair[0]):
        who_am_i()
        connection.connection.close()
        assert who_am_i() == identity(pair[0])
