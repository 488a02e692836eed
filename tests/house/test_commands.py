"""The commands keep their word: make finds a Python that runs, set-up is once, run leaves nobody behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import env, prepare
from config import run as run_module
from config.children import Child, Crew
from config.run import DEMO_MARK, MIGRATED_MARK
from tests.house.grounds import child_environment, open_folder, wait_for

DOORS = ["run", "test", "setup", "lint", "check", "bench", "endure", "demo-reset", "help"]


def lives(pid: int) -> bool:
    """A process that is there and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


# --- make --------------------------------------------------------------------------------------------


def test_make_without_a_word_lists_every_command() -> None:
    told = subprocess.run(["make"], cwd=env.CLONE, capture_output=True, text=True, check=True).stdout
    assert [name for name in DOORS if f"make {name} " not in told] == []


def test_make_passes_over_a_python_that_exists_and_does_not_run(tmp_path: Path) -> None:
    for name, code in (("python3.14", "exit 127"), ("python3.13", "exit 1"), ("python3.12", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{code}\n")
        (tmp_path / name).chmod(0o755)
    makefile = 'include Makefile\nfound:\n\t@echo "found $$($(FIND_PYTHON))"\n'
    told = subprocess.run(
        ["make", "-s", "-f", "-", "found"],
        input=makefile,
        cwd=env.CLONE,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "found python3.12\n"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_a_hash_for_every_package_and_names_no_host(name: str) -> None:
    text = (env.CLONE / name).read_text()
    packages = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
    assert [part.split()[0] for part in packages if "--hash=sha256:" not in part] == []
    assert "://" not in text


def test_the_package_lock_names_no_host_and_runs_no_scripts() -> None:
    assert "resolved" not in (env.CLONE / "package-lock.json").read_text()
    assert "ignore-scripts=true" in (env.CLONE / ".npmrc").read_text()


# --- set-up -------------------------------------------------------------------------------------------


@pytest.fixture
def one_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A set-up of a single step that copies source to result."""
    source, result = tmp_path / "source", tmp_path / "result"
    source.write_text("1")
    step = prepare.Step("copy", lambda: [source], (result,), lambda: result.write_text(source.read_text()))
    monkeypatch.setattr(prepare, "steps", lambda folder: [step])
    return tmp_path


def test_set_up_is_done_once_and_again_only_when_its_source_changed(one_step: Path) -> None:
    assert prepare.prepare(one_step / "data") == ["copy"]
    assert prepare.prepare(one_step / "data") == []
    (one_step / "source").write_text("22")
    assert prepare.prepare(one_step / "data") == ["copy"]
    assert (one_step / "result").read_text() == "22"


def test_set_up_makes_again_what_was_deleted(one_step: Path) -> None:
    prepare.prepare(one_step / "data")
    (one_step / "result").unlink()
    assert prepare.prepare(one_step / "data") == ["copy"]


def test_a_step_that_failed_is_not_taken_for_done(one_step: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = prepare.Step("fails", lambda: [], (), lambda: prepare._run(sys.executable, "-c", "exit(3)"))
    monkeypatch.setattr(prepare, "steps", lambda folder: [failing])
    for _ in range(2):
        with pytest.raises(SystemExit, match="failed"):
            prepare.prepare(one_step / "data")


# --- children ------------------------------------------------------------------------------------------


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def turn_until(crew: Crew, happened: object, seconds: float = 15) -> None:
    assert callable(happened)

    def once() -> bool:
        crew.turn(0.05)
        return bool(happened())

    wait_for(once, seconds)


def test_each_line_carries_the_name_of_its_child(capfd: pytest.CaptureFixture[str]) -> None:
    with Crew() as crew:
        crew.finish(Child("first", python("print('one'); print('two', end='')")))
    assert capfd.readouterr().out == "first    | one\nfirst    | two\n"


def test_a_child_that_must_succeed_and_fails_ends_the_run_with_one_line() -> None:
    with Crew() as crew, pytest.raises(SystemExit, match="`migrate` failed with status 3"):
        crew.finish(Child("migrate", python("exit(3)")))


def test_a_crashed_child_is_started_again_later_and_later(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("config.children._LONGEST_PAUSE", 2.0)
    with Crew() as crew:
        child = Child("web", python("exit(1)"), pause=0.5)
        crew.start(child)
        turn_until(crew, lambda: child.pause == 2.0)
        turn_until(crew, lambda: child.process is not None)
    told = capfd.readouterr().out
    assert "starting again in 0 s" in told
    assert "starting again in 1 s" in told


def test_leaving_stops_the_children_and_what_they_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time, pathlib, signal\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\n"
        "p = subprocess.Popen(['sleep', '300'])\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(p.pid))\n"
        "time.sleep(300)"
    )
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(300)"
    )
    deaf = Child("deaf", python(stubborn))
    with Crew() as crew, pytest.MonkeyPatch.context() as patch:
        patch.setattr("config.children._MANNERS", 1.0)
        crew.start(Child("parent", python(code)))
        crew.start(deaf)
        turn_until(crew, lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
        assert deaf.process
        time.sleep(0.3)
        crew._stop_all()
    wait_for(lambda: not lives(int((tmp_path / "pid").read_text())), 10)
    assert not lives(deaf.process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_children_end_when_the_one_who_started_them_is_killed(tmp_path: Path) -> None:
    code = (
        "from config.children import Child, Crew\n"
        "with Crew() as crew:\n"
        "  child = Child('x', ['sleep', '300']); crew.start(child)\n"
        "  print(child.process.pid, flush=True)\n"
        "  while True: crew.turn(1)"
    )
    parent = subprocess.Popen(
        python(code), env=child_environment(tmp_path), stdout=subprocess.PIPE, text=True, cwd=env.CLONE
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert lives(pid)
    parent.kill()
    parent.wait()
    wait_for(lambda: not lives(pid), 10)


# --- make run -------------------------------------------------------------------------------------------


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "data"


def run_environment(data_dir: Path, port: int) -> dict[str, str]:
    around = dict(child_environment(data_dir, DEMO="1", PORT=str(port)))
    del around["LAVTERSKEL_TESTING"]
    return around


def test_a_port_in_use_is_one_clear_line(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "config.run"],
            cwd=env.CLONE,
            env=run_environment(data_dir, port),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"lavterskel: PORT {port} cannot be used (Address already in use). "
        f"Try another: make run PORT={port + 1}"
    ]
    assert not (data_dir / env.RECORD_NAME).exists()  # nothing was started for nothing


def descendants(pid: int) -> set[int]:
    """All living processes below one, by their parents."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def postmasters(data_dir: Path) -> list[int]:
    return [int(path.read_text().split("\n")[0]) for path in data_dir.rglob("postmaster.pid")]


def fetch(port: int, path: str, host: str = "localhost") -> int:
    """The status of a GET on this machine; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Run:
    """A `make run` of its own folder and port; `said` is what it printed."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data_dir = data_dir
        self._log = data_dir.parent / "log"
        self.process = subprocess.Popen(
            ["make", "-o", ".venv/installed", f"PY={sys.executable}", "run"],
            cwd=env.CLONE,
            env=run_environment(data_dir, self.port),
            stdout=self._log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait_until_open(self, seconds: float) -> None:
        wait_for(lambda: "Lavterskel is open" in self.said or self.process.poll() is not None, seconds)
        assert self.process.poll() is None, self.said

    def child(self, words: str) -> int:
        """The process below us whose command line holds these words, nearest to us first."""
        found = [pid for pid in sorted(descendants(self.process.pid)) if words in command_line(pid)]
        assert found, f"nobody below runs {words}"
        return found[0]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except FileNotFoundError:
        return ""


@pytest.fixture
def run(data_dir: Path) -> Iterator[Run]:
    """`make run` without the demo's founding, which has tests of its own."""
    data_dir.mkdir(mode=0o711)
    (data_dir / DEMO_MARK).touch()
    run = Run(data_dir)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGTERM)
            run.process.wait(40)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_run_opens_heals_itself_and_stops_all_that_it_started(run: Run) -> None:
    run.wait_until_open(150)
    assert f"http://localhost:{run.port}/" in run.said
    assert fetch(run.port, "/healthz") == 200
    assert fetch(run.port, "/healthz", host="nobody.example") == 200
    assert fetch(run.port, "/") == 200

    # a crashed web server and a killed database come back
    os.kill(run.child("gunicorn"), signal.SIGKILL)
    wait_for(lambda: "starting again" in run.said, 15)
    wait_for(lambda: fetch(run.port, "/healthz") == 200, 30)
    database = postmasters(run.data_dir)
    os.kill(database[0], signal.SIGKILL)
    wait_for(lambda: "it had died and was started again" in run.said, 30)
    wait_for(lambda: fetch(run.port, "/") == 200, 30)

    # make alone is told to stop: everybody goes, the database as well
    started = descendants(run.process.pid) | set(postmasters(run.data_dir))
    run.process.terminate()
    run.process.wait(40)
    wait_for(lambda: not any(lives(pid) for pid in started), 10)
    assert "Stopped." in run.said
    assert postmasters(run.data_dir) == []

    # a later start, stopped with Ctrl-C in the terminal; the same code has migrated this cluster before
    migrated = (run.data_dir / MIGRATED_MARK).stat().st_mtime_ns
    again = Run(run.data_dir)
    again.wait_until_open(90)
    assert (run.data_dir / MIGRATED_MARK).stat().st_mtime_ns == migrated
    started = descendants(again.process.pid) | set(postmasters(run.data_dir))
    os.killpg(again.process.pid, signal.SIGINT)
    again.process.wait(40)
    wait_for(lambda: not any(lives(pid) for pid in started), 10)


class Done:
    """A crew that only notes what it was given to finish."""

    def __init__(self) -> None:
        self.finished: list[str] = []

    def finish(self, child: Child) -> None:
        self.finished.append(child.name)


class Cluster:
    def __init__(self, number: str) -> None:
        self.number = number

    def identifier(self) -> str:
        return self.number


def test_other_code_another_cluster_or_a_server_of_ones_own_is_migrated_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    code = tmp_path / "models.py"
    code.write_text("a = 1\n")
    monkeypatch.setattr(prepare, "code", lambda: [code])
    crew: Any = Done()

    def times(server: Any) -> int:
        before = len(crew.finished)
        run_module.migrate(crew, server)
        return len(crew.finished) - before

    assert [times(Cluster("1")), times(Cluster("1"))] == [1, 0]
    assert [times(Cluster("2")), times(Cluster("2"))] == [1, 0]
    code.write_text("a = 12\n")
    assert [times(Cluster("2")), times(Cluster("2"))] == [1, 0]
    assert [times(None), times(None)] == [1, 1]
    assert times(Cluster("2")) == 1, (
        "meanwhile somebody else's server was there: nothing is taken for granted"
    )
