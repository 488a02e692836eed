"""migrate_all: everybody ends where the code is, whatever they lacked; who fails does not stop the others."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from kernel.tenancy import MunicipalityRef, inside, migrating, owner
from services.logreview.models import LogReview
from tenants.municipalities.models import SchemaState
from tests.kernel.tenancy.ground import committed, founded

__all__ = ["committed"]
#: PostgreSQL writes these another way once it has read a condition back from a dump.
CASTS = re.compile(r"::text(\[\])?|::character varying|[()]")


@pytest.fixture
def towns(committed: None):
    with founded(4, "behind") as refs:
        call_command("migrate_all", verbosity=0)  # from here on their rights are known to be granted
        yield refs
        call_command("migrate_all", verbosity=0)


def take_back(ref: MunicipalityRef, app: str, to: str | None) -> None:
    """Unapply migrations in one schema."""
    with owner.at(ref.schema) as connection:
        MigrationExecutor(connection).migrate([(app, to)])


def shape(ref: MunicipalityRef) -> Any:
    """Tables, columns, constraints, indexes and rights of a schema, as the catalogue tells them."""
    questions = (
        "SELECT table_name, column_name, data_type, is_nullable, is_identity FROM information_schema.columns "
        "WHERE table_schema = %s ORDER BY 1, 2",
        "SELECT c.relname, k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k "
        "JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s ORDER BY 1, 2",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2",
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants "
        "WHERE table_schema = %s ORDER BY 1, 2, 3",
        "SELECT table_name, column_name, privilege_type FROM information_schema.column_privileges "
        "WHERE table_schema = %s AND grantee = 'sweeper' ORDER BY 1, 2, 3",
    )
    found = []
    with owner.cursor_of_owner() as cursor:
        for question in questions:
            cursor.execute(question, [ref.schema])
            said = repr(cursor.fetchall()).replace(f"{ref.schema}.", "").replace(f"'{ref.role}'", "ROLE")
            found.append(CASTS.sub("", said))
    return found


def migrate_all() -> str:
    said = StringIO()
    call_command("migrate_all", stdout=said)
    return said.getvalue()


def test_with_nothing_to_do_nothing_is_done(towns):
    assert " 0 were behind, 0 failed" in migrate_all()
    assert migrating.look(towns) == []


def test_those_behind_are_brought_forward_by_replay_and_look_like_the_founded(towns):
    wanted = shape(towns[0])
    for ref in towns[1:]:
        take_back(ref, "logreview", None)
    groups = migrating.look(towns)
    assert [[ref.slug for ref in group.refs] for group in groups] == [[ref.slug for ref in towns[1:]]]
    assert " 3 were behind, 0 failed" in migrate_all()
    for ref in towns[1:]:
        assert shape(ref) == wanted
    with inside(towns[1]):
        assert LogReview.objects.count() == 0


def test_a_migration_with_python_in_it_goes_djangos_own_way(towns):
    wanted = shape(towns[0])
    take_back(towns[1], "contenttypes", "0001_initial")
    plan = migrating.look(towns)[0].lacking
    assert "contenttypes.0002_remove_content_type_name" in plan
    assert " 1 were behind, 0 failed" in migrate_all()
    assert shape(towns[1]) == wanted


def test_those_at_different_points_all_arrive(towns):
    wanted = shape(towns[0])
    take_back(towns[1], "retention", None)
    take_back(towns[2], "feedback", None)
    take_back(towns[3], "logreview", None)
    assert len(migrating.look(towns)) == 3
    assert " 3 were behind, 0 failed" in migrate_all()
    assert [shape(ref) == wanted for ref in towns] == [True] * 4


def test_one_that_fails_stays_behind_in_sight_and_the_others_go_on(towns):
    wanted, bad = shape(towns[0]), towns[2]
    for ref in towns[1:]:
        take_back(ref, "logreview", None)
    with owner.cursor_of_owner() as cursor:
        cursor.execute(f"CREATE TABLE {bad.schema}.logreview_logreview (in_the_way int)")
    with pytest.raises(CommandError, match="could not be migrated"):
        migrate_all()
    assert [shape(ref) == wanted for ref in towns] == [True, True, False, True]
    state = SchemaState.objects.using("owner").get(municipality_id=bad.id)
    assert "logreview_logreview" in state.error
    with owner.cursor_of_owner() as cursor:
        cursor.execute(f"DROP TABLE {bad.schema}.logreview_logreview")
    assert " 1 were behind, 0 failed" in migrate_all()
    assert shape(bad) == wanted
    assert SchemaState.objects.using("owner").get(municipality_id=bad.id).error == ""


def test_the_first_of_a_group_may_fail_as_well(towns):
    wanted, bad = shape(towns[0]), towns[1]
    for ref in towns[1:]:
        take_back(ref, "logreview", None)
    with owner.cursor_of_owner() as cursor:
        cursor.execute(f"CREATE TABLE {bad.schema}.logreview_logreview (in_the_way int)")
    with pytest.raises(CommandError):
        migrate_all()
    assert [shape(ref) == wanted for ref in towns] == [True, False, True, True]
    with owner.cursor_of_owner() as cursor:
        cursor.execute(f"DROP TABLE {bad.schema}.logreview_logreview")


def test_interrupted_it_goes_on_where_it_was(towns, monkeypatch):
    for ref in towns:
        take_back(ref, "logreview", None)
    last = len(migrating.look(towns)[0].lacking) - 1
    run, left = migrating._Replay._run, [len(towns) * last + 2]  # in the midst of the last one

    def interrupted(self: Any, ref: MunicipalityRef) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        run(self, ref)

    monkeypatch.setattr(migrating._Replay, "_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        migrate_all()
    monkeypatch.undo()
    assert " 2 were behind, 0 failed" in migrate_all()


def test_a_lock_held_for_a_moment_is_waited_for(towns):
    import threading

    import psycopg
    from django.db import connections

    take_back(towns[0], "retention", None)
    told = connections["owner"].get_connection_params()
    other = psycopg.connect(
        **{key: told[key] for key in ("dbname", "user", "password", "host", "port") if key in told}
    )
    other.execute(f"LOCK TABLE {towns[0].schema}.contact_contactrequest")
    threading.Timer(5, lambda: (other.rollback(), other.close())).start()
    assert " 1 were behind, 0 failed" in migrate_all()


def test_a_changed_right_is_granted_anew(towns, monkeypatch):
    from kernel.tenancy import grants

    monkeypatch.setattr(
        grants, "MUNICIPAL_TABLES", {**grants.MUNICIPAL_TABLES, "crypto_casekey": ("SELECT",)}
    )
    migrate_all()
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            f"SELECT has_table_privilege('{towns[0].role}', '{towns[0].schema}.crypto_casekey', 'INSERT')"
        )
        assert cursor.fetchone() == (False,)
    monkeypatch.undo()
    migrate_all()
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            f"SELECT has_table_privilege('{towns[0].role}', '{towns[0].schema}.crypto_casekey', 'INSERT')"
        )
        assert cursor.fetchone() == (True,)


def test_the_plan_says_who_lacks_what_and_does_nothing(towns):
    take_back(towns[0], "logreview", None)
    said = StringIO()
    call_command("migrate_all", "--plan", stdout=said)
    assert "1 schemas lack logreview.0001" in said.getvalue()
    assert len(migrating.look(towns)) == 1


def test_a_municipality_without_schema_is_reported(towns):
    with owner.cursor_of_owner() as cursor:
        cursor.execute(f"ALTER SCHEMA {towns[0].schema} RENAME TO away_for_a_while")
    try:
        with pytest.raises(CommandError):
            migrate_all()
        assert "no schema" in SchemaState.objects.using("owner").get(municipality_id=towns[0].id).error
    finally:
        with owner.cursor_of_owner() as cursor:
            cursor.execute(f"ALTER SCHEMA away_for_a_while RENAME TO {towns[0].schema}")
