"""The embedded PostgreSQL starts, is shared, survives and refuses as it promises. Real clusters."""

import contextlib
import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from config import embedded, env
from config.embedded import cluster, place, supervisor
from tests.faults.freezing import frozen
from tests.house.grounds import open_folder, run_python, start_python, wait_for

KEEP = """
import sys, time
from functools import partial
from config import embedded
from config.embedded import cluster
cluster.make = partial(cluster.make, fast=True)
"""


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A DATA_DIR that any user can walk to; what is left running in it is stopped at the end."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LAVTERSKEL_TESTING", "1")
    # Only initdb's sync is left out: dozens of new clusters would keep a shared disk busy for minutes.
    monkeypatch.setattr(cluster, "make", partial(cluster.make, fast=True))
    with open_folder() as folder:
        monkeypatch.setenv("DATA_DIR", str(folder / "data"))
        yield folder / "data"
        embedded.destroy(folder / "data")


def is_up(data_dir: Path) -> bool:
    record = place.read_record(data_dir)
    home = Path(record["home"])
    return cluster.postmaster(place.Place(home, Path(record["socket"]), home, None)) is not None


def test_the_server_lives_as_long_as_the_block(data_dir: Path) -> None:
    with embedded.running() as server:
        assert is_up(data_dir)
        with server.connect("lavterskel", "app") as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("app",)
    assert not is_up(data_dir)


def test_owner_app_and_the_database_are_as_the_tenancy_wants_them(data_dir: Path) -> None:
    with embedded.running() as server, server.connect() as connection:
        roles = connection.execute(
            "SELECT rolname::text, rolsuper, rolcreaterole, rolcreatedb, rolinherit, rolcanlogin"
            " FROM pg_roles WHERE rolname IN ('owner', 'app') ORDER BY rolname"
        ).fetchall()
        database = connection.execute(
            "SELECT pg_get_userbyid(datdba)::text, pg_encoding_to_char(encoding)::text, datlocale"
            " FROM pg_database WHERE datname = 'lavterskel'"
        ).fetchone()
    assert roles == [("app", False, False, False, False, True), ("owner", False, True, False, True, True)]
    assert database == ("owner", "UTF8", "C.UTF-8")


def test_it_is_durable_roomy_and_closed(data_dir: Path) -> None:
    with embedded.running() as server:
        with server.connect() as connection:
            shown = {
                name: connection.execute("SELECT current_setting(%s)", [name]).fetchone()[0]  # type: ignore[index]
                for name in (
                    "fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "TimeZone",
                    "max_locks_per_transaction", "max_connections", "password_encryption",
                )
            }  # fmt: skip
            methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert stat.S_IMODE(server.place.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.place.socket.stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(
                host=str(server.place.socket), user="postgres", password="guess", dbname="postgres"
            )
    assert shown == {
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": "",
        "TimeZone": "UTC", "max_locks_per_transaction": "1024", "max_connections": "100",
        "password_encryption": "scram-sha-256",
    }  # fmt: skip
    assert methods == [("scram-sha-256",)]


def test_what_a_student_wrote_never_reaches_the_servers_log(data_dir: Path) -> None:
    with embedded.running() as server:
        with server.connect("lavterskel", "owner") as connection:
            connection.execute("CREATE TABLE told (words text PRIMARY KEY)")
            for _ in range(2):
                with contextlib.suppress(psycopg.errors.UniqueViolation):
                    connection.execute("INSERT INTO told VALUES (%s)", ["I-am-afraid"])
            with pytest.raises(psycopg.errors.SyntaxError):
                connection.execute("SELEC 'I-am-afraid'")
        log = server.place.log.read_text()
    assert "duplicate key" in log  # it does log that something failed
    assert "I-am-afraid" not in log


def test_the_last_one_out_turns_off_the_light(data_dir: Path) -> None:
    other = start_python(
        KEEP + "with embedded.running(): print('in', flush=True); sys.stdin.read()", data_dir
    )
    assert other.stdout
    assert other.stdin
    assert other.stdout.readline() == "in\n"
    with embedded.running():
        pass
    assert is_up(data_dir)  # the other still uses it
    other.stdin.close()
    assert other.wait(20) == 0
    assert not is_up(data_dir)


def test_processes_that_start_at_once_share_one_server(data_dir: Path) -> None:
    ask = "connection.execute('SELECT system_identifier::text FROM pg_control_system()').fetchone()[0]"
    code = KEEP + (
        "with embedded.running() as server:\n"
        f"  with server.connect() as connection: print({ask}, flush=True)\n"
        "  sys.stdin.read()"
    )
    started = [start_python(code, data_dir) for _ in range(4)]
    said = [process.stdout.readline() for process in started if process.stdout]
    for process in started:
        process.communicate("")
    assert len(set(said)) == 1
    assert said[0].strip().isdigit()
    assert not is_up(data_dir)


def test_a_killed_program_leaves_a_server_that_the_next_one_uses_and_stops(data_dir: Path) -> None:
    program = start_python(
        KEEP + "with embedded.running(): print('in', flush=True); time.sleep(99)", data_dir
    )
    assert program.stdout
    program.stdout.readline()
    program.kill()
    program.wait()
    assert is_up(data_dir)
    with embedded.running() as server:
        server.connect("lavterskel", "app").close()
    assert not is_up(data_dir)


def test_sigterm_ends_a_program_and_its_server(data_dir: Path) -> None:
    program = start_python(
        KEEP + "with embedded.running(): print('in', flush=True); time.sleep(99)", data_dir
    )
    assert program.stdout
    program.stdout.readline()
    program.terminate()
    assert program.wait(20) == 128 + signal.SIGTERM
    assert not is_up(data_dir)


def test_a_killed_postmaster_is_started_again_with_what_was_committed(data_dir: Path) -> None:
    with embedded.running() as server:
        with server.connect("lavterskel", "owner") as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (7)")
        lasting = server.connect("lavterskel", "app")  # a backend that outlives its postmaster for a moment
        for _ in range(2):
            killed = cluster.postmaster(server.place)
            assert killed
            os.kill(killed, signal.SIGKILL)
            wait_for(lambda: cluster.postmaster(server.place) is None, 10)
            assert embedded.revive(server) is True
            with server.connect("lavterskel", "owner") as connection:
                assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
        assert embedded.revive(server) is False
        lasting.close()


def test_a_postmaster_number_that_now_belongs_to_a_stranger_is_not_waited_for(data_dir: Path) -> None:
    with embedded.running() as server:
        user = server.place.user
        pid_file = server.place.data / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
    whom = {"user": user.uid, "group": user.gid} if user else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **whom)  # type: ignore[call-overload]
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        if user:
            os.chown(pid_file, user.uid, user.gid)
        with embedded.running() as server:
            server.connect("lavterskel", "app").close()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_socket_folder_that_was_swept_away_is_made_anew(data_dir: Path) -> None:
    with embedded.running() as server:
        old = server.place.socket
    old.rmdir()
    with embedded.running() as server:
        assert server.place.socket != old
        assert env.database()["HOST"] == str(server.place.socket)


def test_a_long_temporary_folder_still_gives_a_socket_that_can_be_opened(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = data_dir.parent / ("a" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with embedded.running() as server:
        assert len(str(server.place.socket / ".s.PGSQL.5432")) < 107
        server.connect("lavterskel", "app").close()


def test_destroying_it_leaves_nothing_behind(data_dir: Path) -> None:
    with embedded.running() as server:
        pass
    embedded.destroy(data_dir)
    assert not server.place.home.exists()
    assert not server.place.socket.exists()
    with embedded.running():  # and a new one can begin with the same secrets
        pass


# --- refusals: one line, with the remedy -------------------------------------------------------------


def refusal(data_dir: Path) -> str:
    with pytest.raises(embedded.EmbeddedProblem) as refused:
        embedded.running().__enter__()
    words = str(refused.value)
    assert "DATABASE_URL=postgresql://" in words
    assert "\n" not in words
    return words


def test_data_of_another_version_is_refused(data_dir: Path) -> None:
    with embedded.running() as server:
        pass
    (server.place.data / "PG_VERSION").write_text("17\n")
    assert "is of PostgreSQL 17, this is 18" in refusal(data_dir)


def test_a_platform_without_binaries_is_refused(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "no PostgreSQL 18 binaries for this platform" in refusal(data_dir)


def test_lost_secrets_are_told_apart_from_a_server_that_is_away(data_dir: Path) -> None:
    with embedded.running():
        pass
    (data_dir / "secrets.env").unlink()
    assert "the secrets of today do not open" in refusal(data_dir)
    embedded.destroy(data_dir)


def test_a_vanished_data_folder_is_never_silently_begun_anew(data_dir: Path) -> None:
    with embedded.running() as server:
        pass
    moved = server.place.home.rename(server.place.home.with_name("elsewhere"))
    assert "is gone" in refusal(data_dir)
    moved.rename(server.place.home)


def test_too_little_room_is_refused_before_it_begins(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_NEEDED_BYTES", 1 << 60)
    assert "too little room" in refusal(data_dir)


# --- throwaway clusters -------------------------------------------------------------------------------


def test_a_temporary_cluster_is_gone_after_its_block() -> None:
    with embedded.temporary() as server:
        with server.connect("lavterskel", "owner") as connection:
            connection.execute("CREATE DATABASE scratch")
        pid = cluster.postmaster(server.place)
    assert pid
    assert not server.place.home.exists()
    assert not Path(f"/proc/{pid}/cwd").exists()


def test_a_temporary_cluster_is_gone_after_its_owner_was_killed(data_dir: Path) -> None:
    code = KEEP + "with embedded.temporary() as s: print(s.place.home, flush=True); time.sleep(99)"
    program = start_python(code, data_dir)
    assert program.stdout
    home = Path(program.stdout.readline().strip())
    assert home.is_dir()
    program.kill()
    program.wait()
    wait_for(lambda: not home.exists(), 20)


# --- who runs it ---------------------------------------------------------------------------------------

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become others")


@needs_root
def test_as_root_it_runs_as_somebody_else_within_the_clone_where_they_can_walk(data_dir: Path) -> None:
    with embedded.running() as server:
        pid = cluster.postmaster(server.place)
        assert server.place.home == data_dir / "postgresql"
        assert server.place.user
        assert Path(f"/proc/{pid}").stat().st_uid == server.place.user.uid != 0


@needs_root
def test_in_a_root_only_clone_data_and_binaries_live_outside_and_no_permission_is_widened(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = data_dir.parent / "clone"
    clone.mkdir(mode=0o700)
    package = place._packaged_binaries().parents[1]
    subprocess.run(["cp", "-r", str(package), f"{package}.libs", str(clone)], check=True)
    monkeypatch.setattr(place, "_packaged_binaries", lambda: clone / package.name / "pginstall18" / "bin")
    monkeypatch.setattr(place, "STATE", data_dir.parent / "state")
    monkeypatch.setenv("DATA_DIR", str(clone / ".data"))
    before = {path: path.stat().st_mode for path in (clone, clone / package.name, *clone.parents)}
    with embedded.running() as server:
        server.connect("lavterskel", "app").close()
        assert server.place.home.parent == data_dir.parent / "state"
        assert server.place.binaries.is_relative_to(data_dir.parent / "state")
        assert place.read_record(clone / ".data")["home"] == str(server.place.home)
    with embedded.running() as again:
        assert again.place == server.place
    assert {path: path.stat().st_mode for path in before} == before
    embedded.destroy(clone / ".data")
    assert not server.place.home.exists()


@needs_root
def test_a_new_clone_at_an_old_path_never_meets_the_old_data(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "STATE", data_dir.parent / "state")
    clone = data_dir.parent / "clone"
    homes = set()
    for _ in range(2):
        clone.mkdir(mode=0o700)
        monkeypatch.setenv("DATA_DIR", str(clone / ".data"))
        with embedded.running() as server:
            homes.add(server.place.home)
        server.place.socket.rmdir()
        subprocess.run(["rm", "-r", str(clone)], check=True)
    assert len(homes) == 2


@needs_root
def test_an_ordinary_user_runs_it_as_themselves(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = place.User(65534, 65534)
    binaries = place.binaries_for(nobody)
    home = data_dir.parent / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.uid, nobody.gid)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # Python itself may live where nobody may read, so no new one is started
        status = 1
        try:
            os.setgroups([])
            os.setgid(nobody.gid)
            os.setuid(nobody.uid)
            place._packaged_binaries = lambda: binaries  # type: ignore[assignment]
            os.environ["DATA_DIR"] = str(home / ".data")
            with embedded.running() as server, server.connect("lavterskel", "app"):
                pid = cluster.postmaster(server.place)
                uid = Path(f"/proc/{pid}").stat().st_uid
                os.write(write, f"{server.place.user} {uid} {server.place.home}".encode())
            status = 0
        except BaseException as error:  # told to the parent, which judges
            os.write(write, repr(error).encode())
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as told:
        words = told.read()
    assert os.waitpid(child, 0)[1] == 0, words
    assert words == f"None 65534 {home}/.data/postgresql"


def test_the_command_line_starts_it_only_for_commands_that_need_it(data_dir: Path) -> None:
    lines = {"": False, "due": False, "check": False, "migrate --help": False, "migrate": True, "sweep": True}
    code = f"import manage; print([manage.needs_database(line.split()) for line in {list(lines)}])"
    assert run_python(code, data_dir).strip() == str(list(lines.values()))
    assert not (data_dir / env.RECORD_NAME).exists()


# --- a server that is there and says nothing ---------------------------------------------------------

ATTACH = (
    KEEP + "with embedded.running() as server:\n    print('in', cluster.postmaster(server.place), flush=True)"
)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="freezes a family of processes by /proc")
def test_a_frozen_server_is_waited_for_in_words_and_nothing_is_started_beside_it(data_dir: Path) -> None:
    with embedded.running() as server:
        with frozen(server.place) as pid:
            program = start_python(ATTACH, data_dir, errors=subprocess.PIPE)
            assert program.stderr is not None
            assert f"PostgreSQL runs (process {pid}) but does not answer" in program.stderr.readline()
        out, errors = program.communicate("")
        assert (out.strip(), errors) == (f"in {pid}", "")
        assert "lock file" not in server.place.log.read_text()


def test_who_waits_too_long_for_a_frozen_server_is_told_what_to_do(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_SILENT_LIMIT", 0.0)
    with embedded.running() as server, frozen(server.place) as pid:
        monkeypatch.setattr("config.embedded.server.Server.answers", lambda server: False)
        assert f"it runs (process {pid}) but has not answered" in refusal(data_dir)
