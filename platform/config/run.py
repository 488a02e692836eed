"""`make run`: PostgreSQL, migrations, the demo, then web, worker and sweep, until Ctrl-C or SIGTERM.

One process and no threads: it reads what its children say and prints it with their names before it,
starts again what has crashed (later and later), and at the end stops everything that it started. Should
it be killed itself, the kernel tells its children (Linux); the database stays and the next start finds
it.
"""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from config import embedded, env, prepare
from config.children import Child, Crew

DEMO_MARK = "demo-founded"
MIGRATED_MARK = "migrated"
_READY_WITHIN = 60.0  # seconds from the start of the web server to its first 200


class Stop(BaseException):
    """Somebody asked us to end: raised in the main thread by the signal, so that it interrupts any wait."""


def main() -> None:
    """Run until asked to stop. Ends with status 0 then, with 1 and one line when it cannot go on."""
    env.demo_host()
    port = env.number("PORT", 8000, low=1, high=65535)  # said or the default, never the latest one's
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _check_port(port)
        with _database(port) as server, Crew() as crew:
            _serve(crew, port, server)
    except Stop:
        print("Stopped.", flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # from here on everything is being stopped already
    raise Stop


@contextlib.contextmanager
def _database(port: int) -> Iterator[embedded.Server | None]:
    """The embedded PostgreSQL where no DATABASE_URL is given; stopped at the end, whoever else uses it."""
    if not env.uses_embedded_database():
        yield None
        return
    with embedded.running(always_stop=True) as server:
        embedded.remember(port=port)
        yield server


def _serve(crew: Crew, port: int, server: embedded.Server | None) -> None:
    migrate(crew, server)
    if env.demo():
        _found_demo(crew)
    web = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"]
    crew.start(Child("web", web))
    _wait_until_ready(crew, port)
    crew.start(_manage("worker", "worker"))
    crew.start(_manage("sweep", "sweep", "--loop"))
    _say_where(port)
    while True:
        crew.turn(1.0)
        # The children find a restarted database at the same socket.
        if server and embedded.revive(server):
            print("database | it had died and was started again", flush=True)


def _manage(name: str, *arguments: str) -> Child:
    return Child(name, [sys.executable, "manage.py", *arguments])


def migrate(crew: Crew, server: embedded.Server | None) -> None:
    """migrate_all; not again when this very code has brought this very cluster of ours up to date before."""
    mark = env.data_dir() / MIGRATED_MARK
    code = prepare.fingerprint(prepare.code())
    now = f"{server.identifier()} {code}" if server else ""
    if now and mark.exists() and mark.read_text(encoding="utf-8") == now:
        return
    mark.unlink(missing_ok=True)
    crew.finish(_manage("migrate", "migrate_all"))
    if now:
        mark.write_text(now, encoding="utf-8")


def _found_demo(crew: Crew) -> None:
    """Found the demo municipalities, once for each DATA_DIR."""
    mark = env.data_dir() / DEMO_MARK
    if not mark.exists():
        crew.finish(_manage("demo", "demo"))
        mark.touch()


def _wait_until_ready(crew: Crew, port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while not _is_healthy(port):
        if time.monotonic() > deadline:
            sys.exit(f"lavterskel: the web server did not answer within {_READY_WITHIN:.0f} s (see above).")
        crew.turn(0.1)


def _is_healthy(port: int) -> bool:
    try:
        # Straight to this machine: a proxy of the environment has no business here.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=3) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.text("BIND", "127.0.0.1"), port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            env.refuse(
                "PORT", f"{port} cannot be used ({error.strerror}). Try another: make run PORT={other}"
            )


def _say_where(port: int) -> None:
    print(f"\nLavterskel is open at http://localhost:{port}/", flush=True)
    if env.demo():
        for slug in _municipalities():
            host = f"http://{slug}.localhost:{port}/"
            print(f"  {host:<38} sign in at {host}demo/")
        print("  as nurse@SLUG.example, counsellor@…, lead@…, admin@… (all of them are listed there)")
        print(f"  {'operator@lavterskel.example':<38} sign in at http://localhost:{port}/demo/")
        print(f"  Everything in it is invented. It is kept in {_shown(env.data_dir())}/. Ctrl-C stops it.")
    print(flush=True)


def _municipalities() -> list[str]:
    """The slugs that can be visited, as the owner of the public schema reads them."""
    import psycopg

    known = env.owner_database()
    with psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"],
        dbname=known["NAME"], **known["OPTIONS"],
    ) as connection:  # fmt: skip
        rows = connection.execute(
            "SELECT slug FROM public.municipalities_municipality WHERE kind <> 'operator' ORDER BY slug"
        )
        return [str(row[0]) for row in rows]


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    main()
