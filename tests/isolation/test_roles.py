"""T2: the database's own wall. Whatever SQL a municipality's role sends at another's schema, it is refused.

5,000 statements over 30 municipalities in the suite; 50,000 over 1,150 with ENDURE=1.
"""

import os
import random
from collections import Counter
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from kernel.tenancy import MunicipalityRef, as_role, front, grants, inside, operator, owner
from tests.kernel.tenancy.ground import committed, founded

__all__ = ["committed"]
FULL = bool(os.environ.get("ENDURE"))
MUNICIPALITIES, STATEMENTS = (1_150, 50_000) if FULL else (30, 5_000)

#: Ways to touch a table {t} of schema {s}, each tried from every kind of role.
WAYS = (
    "SELECT * FROM {t} LIMIT 1", "SELECT count(*) FROM {t}", "SELECT 1 FROM {t} WHERE false",
    "TABLE {t}", "COPY {t} TO STDOUT", "DELETE FROM {t}", "DELETE FROM {t} WHERE false", "TRUNCATE {t}",
    "INSERT INTO {t} DEFAULT VALUES", "UPDATE {t} SET {c} = {c}", "UPDATE {t} SET {c} = {c} WHERE false",
    "DO $$ BEGIN LOCK TABLE {t} IN ACCESS SHARE MODE; END $$",
    "ALTER TABLE {t} ADD COLUMN stolen text", "DROP TABLE {t}",
    "CREATE TABLE {s}.mine (id int)", "CREATE VIEW {s}.mine AS SELECT 1", "DROP SCHEMA {s} CASCADE",
    "GRANT ALL ON {t} TO PUBLIC", "CREATE TABLE public.copied AS SELECT * FROM {t}", "ANALYZE VERBOSE {t}",
    "WITH x AS (SELECT * FROM {t}) SELECT count(*) FROM x", "CREATE TEMP TABLE taken AS SELECT * FROM {t}",
    "MERGE INTO {t} USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "COMMENT ON TABLE {t} IS 'here'",
    "CREATE TRIGGER spy AFTER INSERT ON {t} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "SELECT pg_read_file('postgresql.conf')", "COPY (SELECT 1) TO PROGRAM 'id'", "CREATE ROLE thief",
)  # fmt: skip

READS = tuple(way for way in WAYS if way.startswith(("SELECT", "TABLE", "COPY {t}", "WITH")))


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: Any):
    with django_db_blocker.unblock(), founded(MUNICIPALITIES, "roles") as refs:
        yield refs


def columns() -> dict[str, str]:
    """Each table of a municipality's schema with its first column."""
    return {
        model._meta.db_table: model._meta.concrete_fields[0].column
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in grants.tables_of(settings.TENANT_APPS)
    } | {"django_migrations": "id"}


def refused(statement: str) -> bool:
    """Whether the present role may not do it. ANALYZE only skips, with a warning, what is not its own."""
    with connection.cursor() as cursor:
        try:
            if statement.startswith("COPY"):
                with cursor.copy(statement) as copy:
                    copy.read()
            else:
                cursor.execute(statement)
        except Exception as error:
            cause = error.__cause__ or error
            return isinstance(cause, psycopg.errors.InsufficientPrivilege)
        return statement.startswith("ANALYZE")


def test_no_statement_crosses_from_one_municipality_to_another(towns, committed):
    dice, tables, tried = random.Random(2), list(columns().items()), Counter[str]()
    crossed, others = [], [*towns, operator()]
    while tried.total() < STATEMENTS:
        one = dice.choice(towns)
        with inside(one):
            for _ in range(50):
                other = dice.choice(others)
                if other.id == one.id:
                    continue
                (table, column), way = dice.choice(tables), dice.choice(WAYS)
                statement = way.format(s=other.schema, t=f"{other.schema}.{table}", c=column)
                tried[way] += 1
                if not refused(statement):
                    crossed.append(f"{one.role}: {statement}")
    print(f"\n{tried.total()} statements over {len(towns)} municipalities, {len(crossed)} allowed")
    assert crossed == []
    assert len(tried) == len(WAYS)


def test_the_same_statements_work_at_home(towns, committed):
    """The wall is a wall and not a broken table: at home a role reads, writes and deletes."""
    with inside(towns[0]):
        for table, column in columns().items():
            rights = grants.MUNICIPAL_TABLES.get(table, grants.ALL)
            assert refused(f"SELECT 1 FROM {towns[0].schema}.{table} LIMIT 1") is ("SELECT" not in rights), (
                table
            )
            update = f"UPDATE {towns[0].schema}.{table} SET {column} = {column} WHERE false"
            assert refused(update) is ("UPDATE" not in rights), table


@pytest.mark.parametrize("role", ["front", "sweeper", "worker"])
def test_the_platforms_own_roles_read_no_municipality(towns, committed, role):
    place = front() if role == "front" else as_role(role)
    with place:
        for table, column in columns().items():
            listed = role == "sweeper" and table in grants.SWEEPER_COLUMNS
            for way in WAYS:
                if listed and way in READS:  # column by column below
                    continue
                statement = way.format(s=towns[0].schema, t=f"{towns[0].schema}.{table}", c=column)
                assert refused(statement), statement


def test_nobody_moves_anothers_sequence(towns, committed):
    sequence = f"{towns[0].schema}.audit_entry_id_seq"
    for place in (inside(towns[1]), front(), as_role("sweeper"), as_role("worker")):
        with place:
            assert refused(f"SELECT setval('{sequence}', 1)")
            assert refused(f"SELECT nextval('{sequence}')")


def test_the_sweeper_reads_the_listed_columns_and_not_one_more(towns, committed):
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s",
            [towns[0].schema],
        )
        there = cursor.fetchall()
    with as_role("sweeper"):
        for table, column in there:
            listed = column in grants.SWEEPER_COLUMNS.get(table, ())
            assert refused(f'SELECT "{column}" FROM {towns[0].schema}.{table}') is not listed, (table, column)


def test_every_right_in_the_database_is_one_of_the_listed(towns, committed):
    ref: MunicipalityRef = towns[0]
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(privilege_type::text) FROM information_schema.role_table_grants "
            "WHERE table_schema = %s AND grantee = %s GROUP BY 1",
            [ref.schema, ref.role],
        )
        granted = {table: set(rights) for table, rights in cursor.fetchall()}
    expected = {table: set(grants.MUNICIPAL_TABLES.get(table, grants.ALL)) for table in columns()}
    assert granted == {table: rights for table, rights in expected.items() if rights}


def test_nobody_but_its_role_and_the_sweeper_enters_a_schema(towns, committed):
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT r.rolname FROM pg_roles r WHERE has_schema_privilege(r.oid, %s, 'USAGE') "
            "AND NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname <> session_user",
            [towns[0].schema],
        )
        assert {row[0] for row in cursor.fetchall()} == {"sweeper", towns[0].role}


def test_public_gives_municipalities_nothing_but_the_reference_tables(towns, committed):
    with inside(towns[0]):
        for table in grants.tables_of(settings.SHARED_APPS):
            if table not in grants.PUBLIC_REFERENCE_TABLES:
                assert refused(f"SELECT 1 FROM public.{table} LIMIT 1"), table
        assert refused("SELECT 1 FROM jobs.procrastinate_jobs LIMIT 1")
        assert refused("SELECT 1 FROM public.django_migrations LIMIT 1")


def test_the_front_door_reads_the_listed_public_columns_and_not_one_more(towns, committed):
    """Who signs up (names, addresses, codes, signatures) is nothing that a public page could show by a slip."""
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
        there = cursor.fetchall()
    apps_of = grants.tables_of(settings.SHARED_APPS)
    people = {"onboarding_application", "onboarding_emailcode", "onboarding_gate", "onboarding_signature"}
    assert {table for table, _column in there} >= people
    with front():
        for table, column in there:  # whatever the list says
            if table in people:
                assert refused(f'SELECT "{column}" FROM public.{table}'), (table, column)
        for table, column in there:
            whole = "SELECT" in grants.PUBLIC_APPS.get(apps_of.get(table, ""), {}).get("front", ())
            listed = whole or column in grants.FRONT_COLUMNS.get(table, ())
            assert refused(f'SELECT "{column}" FROM public.{table}') is not listed, (table, column)
            assert refused(f'UPDATE public.{table} SET "{column}" = "{column}" WHERE false'), (table, column)
        for table in apps_of:
            for way in ("DELETE FROM {t} WHERE false", "TRUNCATE {t}", "TABLE {t}"):
                whole = "SELECT" in grants.PUBLIC_APPS.get(apps_of[table], {}).get("front", ())
                read = way in READS
                assert refused(way.format(t=f"public.{table}")) is not (whole and read), (table, way)


def test_a_column_that_comes_later_is_nobodys_until_it_is_listed(towns, committed, monkeypatch):
    column = "onboarding_publishedschool", "written_later"
    with owner.cursor_of_owner() as cursor:
        cursor.execute("ALTER TABLE public.onboarding_publishedschool ADD COLUMN written_later int")
    try:
        with front():
            assert refused(f"SELECT {column[1]} FROM public.{column[0]}")
            assert not refused(f"SELECT name FROM public.{column[0]}")
        listed = (*grants.FRONT_COLUMNS[column[0]], column[1], "not_there_yet")
        monkeypatch.setattr(grants, "FRONT_COLUMNS", {column[0]: listed})
        owner.grant_in_public(operator().role)
        with front():
            assert not refused(f"SELECT {column[1]} FROM public.{column[0]}")
    finally:
        monkeypatch.undo()
        with owner.cursor_of_owner() as cursor:
            cursor.execute("ALTER TABLE public.onboarding_publishedschool DROP COLUMN written_later")
        owner.grant_in_public(operator().role)


def test_every_listed_table_and_column_exists():
    fields = {
        model._meta.db_table: {f.column for f in model._meta.concrete_fields} for model in apps.get_models()
    }
    fields["django_migrations"] = {"id", "app", "name", "applied"}
    for table in grants.MUNICIPAL_TABLES:
        assert table in fields
    for table, names in grants.SWEEPER_COLUMNS.items():
        assert set(names) <= fields[table], table
    for table, names in grants.FRONT_COLUMNS.items():
        assert set(names) <= fields[table], table
    labels = {config.label for config in apps.get_app_configs()}
    assert set(grants.PUBLIC_APPS) <= labels
