"""The schema `jobs`: procrastinate's tables, and the one function by which municipalities may enqueue."""

import hashlib
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

from kernel.jobs import registry
from kernel.tenancy import owner

#: The municipality is taken from the role the caller works as. `current_user` would be the function's owner
#: here (SECURITY DEFINER); the setting `role` stays what SET ROLE made it, and is `none` for a plain login.
#: Which tasks there are is written into the function: whoever has only a role's rights queues no other. The
#: operator is known by the schema that is its alone.
_DEFER_HERE = r"""
CREATE OR REPLACE FUNCTION jobs.defer_here(task text, ids jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = jobs, pg_temp AS $$
DECLARE
    municipality text := substring(current_setting('role') FROM '^m_([0-9]+)$');
    allowed text[] := {municipal}::text[];
BEGIN
    IF municipality IS NULL THEN
        RAISE EXCEPTION 'jobs are deferred inside a municipality' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_regnamespace('operator') IS NOT NULL
        AND has_schema_privilege(current_setting('role'), 'operator', 'USAGE') THEN
        allowed := allowed || {operators}::text[];
    END IF;
    IF task IS NULL OR task <> ALL (allowed) THEN
        RAISE EXCEPTION 'no such task for this role' USING ERRCODE = 'insufficient_privilege';
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
    wanted, function = version("procrastinate"), _defer_here()
    with owner.transaction_of_owner() as cursor:
        cursor.execute("SELECT obj_description(to_regnamespace('jobs'), 'pg_namespace')")
        row = cursor.fetchone()
        present = str(row[0]) if row and row[0] else ""
        if present == _mark(wanted, function):
            return False
        if present:
            _upgrade(cursor, present)
        else:
            cursor.execute("CREATE SCHEMA jobs")
            cursor.execute("SET LOCAL search_path = jobs")
            cursor.execute(SchemaManager.get_schema())
        cursor.execute(function)
        cursor.execute(_RIGHTS)
        cursor.execute(sql.SQL("COMMENT ON SCHEMA jobs IS {}").format(sql.Literal(_mark(wanted, function))))
        cursor.execute("SET LOCAL search_path = public")
    return True


def _defer_here() -> str:
    """The function, with the tasks that are registered now: a new task comes with the next migrate_all."""
    names: dict[bool, list[str]] = {True: [], False: []}
    for one in registry.tasks().values():
        names[one.operators].append(one.name)
    arrays = {key: "ARRAY[" + ", ".join(map(_literal, sorted(names[key]))) + "]" for key in names}
    return _DEFER_HERE.replace("{municipal}", arrays[False]).replace("{operators}", arrays[True])


def _literal(name: str) -> str:
    if not re.fullmatch(r"[a-z_.]+", name):
        raise ValueError(f"A task's name is small letters, dots and underscores: {name!r}.")
    return f"'{name}'"


def _mark(release: str, function: str) -> str:
    digest = hashlib.sha256((function + _RIGHTS).encode()).hexdigest()[:16]
    return f"procrastinate {release}, rights {digest}"


def _upgrade(cursor: "psycopg.Cursor[Any]", present: str) -> None:
    """Run procrastinate's own migrations that are newer than the release the schema was made with."""
    found = re.search(r"procrastinate (\d+)\.(\d+)\.(\d+)", present)
    before = tuple(int(part) for part in found.groups()) if found else (0, 0, 0)
    cursor.execute("SET LOCAL search_path = jobs")
    for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        release = tuple(int(part) for part in path.name.split("_")[0].split("."))
        if release > before:
            cursor.execute(path.read_text(encoding="utf-8"))
