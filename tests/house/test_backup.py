"""A backup that was never restored is no backup: both scripts of deploy/, on a real server."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from config import embedded, env
from config.embedded import cluster
from tests.house.grounds import open_folder


def tools(server: embedded.Server) -> dict[str, str]:
    """The environment in which the scripts find this server and its programs."""
    return {
        "PATH": f"{server.place.binaries}:/usr/bin:/bin",
        "PGHOST": str(server.place.socket),
        "PGUSER": "postgres",
        "PGPASSWORD": server.password("postgres"),
    }


def run(script: str, *arguments: object, tools: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    command = [str(env.CLONE / "deploy" / script), *map(str, arguments)]
    return subprocess.run(command, env=tools, capture_output=True, text=True, check=False)


def test_what_was_committed_before_and_after_a_base_backup_comes_back() -> None:
    with open_folder() as folder, embedded.temporary() as server:
        archive = folder / "wal"
        archive.mkdir()
        give(server, archive)
        with server.connect() as connection:
            for line in ("archive_mode = on", f"archive_command = 'cp %p {archive}/%f'"):
                connection.execute(f"ALTER SYSTEM SET {line}")
        cluster.stop(server.place)
        cluster.start(server.place, fast=True)
        with server.connect("lavterskel", "owner") as connection:
            connection.execute("CREATE TABLE kept (words text)")
            connection.execute("INSERT INTO kept VALUES ('before')")
        done = run("backup", folder, tools=tools(server))
        assert done.returncode == 0, done.stderr
        backup = Path(done.stdout.strip())
        with server.connect("lavterskel", "owner") as connection:
            connection.execute("INSERT INTO kept VALUES ('after')")
        cluster.stop(server.place)  # archives what is still to be archived

        home = folder / "restored"
        home.mkdir()
        done = run("restore", backup, home / "data", archive, tools=tools(server))
        assert done.returncode == 0, done.stderr
        give(server, home)
        other = replace(server, place=replace(server.place, home=home))
        cluster.start(other.place, fast=True)
        try:
            with other.connect("lavterskel", "owner") as connection:
                words = connection.execute("SELECT words FROM kept ORDER BY words").fetchall()
        finally:
            cluster.stop(other.place)
        assert words == [("after",), ("before",)]


def give(server: embedded.Server, folder: Path) -> None:
    """Let the server's user own what an operator running as that user would own."""
    if server.place.user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, server.place.user.uid, server.place.user.gid)


def test_a_restore_never_writes_over_a_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("18\n")
    done = run("restore", tmp_path, tmp_path / "data", tools={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 1
    assert "is not empty: nothing was done" in done.stderr
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["PG_VERSION"]


def test_the_roles_script_makes_what_the_embedded_server_has() -> None:
    ask = (
        "SELECT rolname::text, rolcreaterole, rolinherit, rolsuper, rolcanlogin FROM pg_roles"
        " WHERE rolname IN ('app', 'owner') ORDER BY 1"
    )
    with embedded.temporary() as server:
        with server.connect() as connection:
            ours = connection.execute(ask).fetchall()
            connection.execute("DROP DATABASE lavterskel")
            connection.execute("DROP ROLE owner")
            connection.execute("DROP ROLE app")
        done = run("roles.sh", tools={**tools(server), "OWNER_PASSWORD": "it's", "APP_PASSWORD": "a b"})
        assert done.returncode == 0, done.stderr
        with server.connect() as connection:
            assert connection.execute(ask).fetchall() == ours
        for role, password in (("owner", "it's"), ("app", "a b")):
            psycopg.connect(
                host=str(server.place.socket), user=role, password=password, dbname="lavterskel"
            ).close()


@pytest.mark.parametrize("name", ["backup", "restore", "roles.sh"])
def test_the_scripts_are_valid_shell(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(env.CLONE / "deploy" / name)], check=False).returncode == 0
