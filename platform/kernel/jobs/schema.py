"""The schema `jobs`: procrastinate's tables, and the one function by which municipalities may enqueue."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from kernel.tenancy import owner

#: The municipality is taken from the role the caller works as. `current_user` would be the function's owner
#: here (SECURITY DEFINER); the setting `role` stays what SET ROLE made it, and is `none` for a plain login.
_DEFER_HERE = r"""
CREATE OR REPLACE FUNCTION jobs.defer_here(task text, ids jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, pg_temp AS $$
DECLARE
    municipality text := substring(current_setting('role') FROM '^m_([0-9]+)$');
BEGIN
    IF municipality IS NULL THEN
        RAISE EXCEPTION 'jobs are deferred inside a municipality' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN (procrastinate_defer_jobs_v1(ARRAY[ROW(
        'default', task, 0, NULL, NULL, ids || jsonb_build_object('municipality', municipality::bigint), NULL
    )]::procrastinate_job_to_defer_v1[]))[1];
END
$$
"""
_RIGHTS = """
REVOKE ALL ON SCHEMA jobs FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC;
GRANT USAGE ON SCHEMA jobs TO PUBLIC;
GRANT EXECUTE ON FUNCTION jobs.defer_here(text, jsonb) TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO worker;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO worker;
REVOKE EXECUTE ON FUNCTION jobs.defer_here(text, jsonb) FROM worker
"""


def install() -> bool:
    """Make or renew the schema `jobs`, on the owner's connection. True when anything had to be done."""
    wanted = version("procrastinate")
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('jobs'), 'pg_namespace')")
        row = cursor.fetchone()
        present = str(row[0]) if row and row[0] else ""
        if present == _mark(wanted):
            return False
        if present:
            _upgrade(cursor, present)
        else:
            cursor.execute("CREATE SCHEMA jobs")
            cursor.execute("SET LOCAL search_path = jobs")
            cursor.execute(SchemaManager.get_schema())
        cursor.execute(_DEFER_HERE)
        cursor.execute(_RIGHTS)
        cursor.execute(sql.SQL("COMMENT ON SCHEMA jobs IS {}").format(sql.Literal(_mark(wanted))))
        cursor.execute("SET LOCAL search_path = public")
    return True


def _mark(release: str) -> str:
    return f"procrastinate {release}, rights 1"


def _upgrade(cursor: "psycopg.Cursor[Any]", present: str) -> None:
    """Run procrastinate's own migrations that are newer than the release the schema was made with."""
    found = re.search(r"procrastinate (\d+)\.(\d+)\.(\d+)", present)
    before = tuple(int(part) for part in found.groups()) if found else (0, 0, 0)
    cursor.execute("SET LOCAL search_path = jobs")
    for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        release = tuple(int(part) for part in path.name.split("_")[0].split("."))
        if release > before:
            cursor.execute(path.read_text(encoding="utf-8"))
