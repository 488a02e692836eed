"""The founding script: made once whenever the migrations change, read at every founding.

A scratch database that holds nothing else is migrated (public, and a template schema), and dumped once. The
script lives in DATA_DIR (and in the image), never in git. Where the scratch database comes from is injected
(`settings.SCRATCH_CLUSTER`): the kernel knows no server.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Protocol

import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string
from psycopg import sql

from kernel.tenancy import dump, fingerprint, owner
from kernel.tenancy.router import OWNER

SCHEMA = "tpl_zq9x"  # unmistakable: it is replaced in the script by the municipality's schema
type Which = Literal["public", "municipality"]


class NoScript(RuntimeError):
    """There is no founding script for the code's migrations."""


class ScratchServer(Protocol):
    """What we need of a throwaway PostgreSQL server."""

    def url(self, role: str = ..., database: str = ...) -> str: ...
    def program(self, name: str) -> Path: ...


def folder() -> Path:
    """Where the scripts lie; TEMPLATE_DIR, else `template/` in DATA_DIR."""
    return Path(os.environ.get("TEMPLATE_DIR") or Path(settings.DATA_DIR) / "template")


def script_path(which: Which) -> Path:
    return folder() / f"{fingerprint.of_code()[:16]}.{which}.sql"


def script(which: Which) -> str:
    """The script of the code's migrations. Raises NoScript."""
    try:
        return script_path(which).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoScript(
            "There is no founding script for these migrations: run manage.py make_template."
        ) from None


def script_for(schema: str) -> str:
    """The script that makes a municipality's schema of this name (the schema itself must be there)."""
    return script("municipality").replace(SCHEMA, schema)


def is_ready() -> bool:
    """Whether the scripts of the code's migrations are there."""
    return script_path("public").exists() and script_path("municipality").exists()


def ensure() -> bool:
    """Make the scripts unless they are there. True when they were made now."""
    if is_ready():
        return False
    with import_string(getattr(settings, "SCRATCH_CLUSTER", "config.embedded.temporary"))() as server:
        make(server)
    return True


def make(server: ScratchServer) -> None:
    """Migrate the scratch server's database and keep its dumps."""
    with owner_at(server.url("owner")):
        for schema in ("public", SCHEMA):
            migrate_slowly(schema)
    folder().mkdir(parents=True, exist_ok=True)
    for which, schema in (("public", "public"), ("municipality", SCHEMA)):
        _keep(script_path(which), dump.read(dump_schema(server, schema)))  # type: ignore[arg-type]
    _forget_old()


def migrate_slowly(schema: str) -> None:
    """Bring one schema to the code's migrations with Django's own executor, making the schema if needed."""
    with owner.cursor_of_owner() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    with owner.at(schema) as connection:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def dump_schema(server: ScratchServer, schema: str, *options: str) -> str:
    """pg_dump of one schema with its rows."""
    done = subprocess.run(
        [
            str(server.program("pg_dump")), "--no-owner", "--no-privileges", "--inserts",
            "--rows-per-insert=500", f"--schema={schema}", *options, f"--dbname={server.url('owner')}",
        ],
        capture_output=True, text=True, check=False, env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"pg_dump did not succeed: {done.stderr.strip()}")
    return done.stdout


@contextlib.contextmanager
def owner_at(url: str) -> Iterator[None]:
    """Point this thread's `owner` connection at another database for a while."""
    told = psycopg.conninfo.conninfo_to_dict(url)
    before = connections.databases[OWNER]
    held = connections[OWNER]
    there: dict[str, Any] = {
        **before,
        "NAME": told["dbname"],
        "USER": told["user"],
        "PASSWORD": told.get("password", ""),
        "HOST": told.get("host", ""),
        "PORT": str(told.get("port", "")),
    }
    connections.databases[OWNER] = there
    connections[OWNER] = connections.create_connection(OWNER)
    try:
        yield
    finally:
        connections[OWNER].close()
        connections.databases[OWNER] = before
        connections[OWNER] = held


def _keep(path: Path, text: str) -> None:
    half = path.with_suffix(f".{os.getpid()}.half")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _forget_old() -> None:
    """Keep the scripts of the last few sets of migrations (branches come and go)."""
    old = sorted(folder().glob("*.sql"), key=lambda path: path.stat().st_mtime, reverse=True)[12:]
    for path in old:
        path.unlink(missing_ok=True)
