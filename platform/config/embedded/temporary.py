"""A throwaway cluster for tests: gone at exit, also when the process that asked for it is killed."""

import atexit
import contextlib
import secrets
import shutil
import subprocess
from collections.abc import Iterator

from config.embedded import cluster
from config.embedded.place import CLEAN, Place, binaries_for, fresh_folder, server_user
from config.embedded.server import SUPERUSER, Server

#: Waits until its standard input ends, which the kernel sees to when its parent dies, and then clears up.
_WATCH = """
read -r _
if [ -s "$2/data/postmaster.pid" ]; then
  pid=$(head -n 1 "$2/data/postmaster.pid")
  kill -QUIT "$pid" && while kill -0 "$pid"; do sleep 0.1; done
fi
rm -rf "$2"
"""


@contextlib.contextmanager
def temporary(*, fast: bool = True) -> Iterator[Server]:
    """A new cluster with roles and database; `fast` trades safety against power cuts for speed.

    `owner` may also create databases in it, as a test runner must.
    """
    user = server_user()
    home = fresh_folder("lavterskel-t-", user)
    watch = _watch(home)
    word = secrets.token_urlsafe(24)
    place = Place(home=home, socket=home, binaries=binaries_for(user), user=user)
    server = Server(place, lambda role: f"{role}-{word}")
    stop = _Once(server, watch)
    atexit.register(stop)
    try:
        cluster.make(place, password=server.password(SUPERUSER), fast=fast)
        cluster.start(place, fast=fast)
        server.ensure_roles_and_database(may_create_databases=True)
        yield server
    finally:
        stop()
        atexit.unregister(stop)


def _watch(home: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCH, "lavterskel-watch", "", str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd="/", env=CLEAN, start_new_session=True,
    )  # fmt: skip


class _Once:
    """Stop the server and clear up, the first time it is called."""

    def __init__(self, server: Server, watch: subprocess.Popen[bytes]) -> None:
        self._server, self._watch, self._done = server, watch, False

    def __call__(self) -> None:
        if self._done:
            return
        self._done = True
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            cluster.stop(self._server.place)
        shutil.rmtree(self._server.place.home, ignore_errors=True)
        if self._watch.stdin:
            self._watch.stdin.close()
        self._watch.wait(timeout=30)
