"""A PostgreSQL that is there and says nothing: the postmaster and all its children are stopped (SIGSTOP)."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

from config.embedded import cluster
from config.embedded.place import Place


def family(postmaster: int) -> list[int]:
    """The postmaster, then its children (Linux)."""
    found = [postmaster]
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == postmaster:
                found.append(int(process.name))
    return found


@contextlib.contextmanager
def frozen(place: Place) -> Iterator[int]:
    """For a `with` block, the server of this place does not answer. Gives its process id."""
    postmaster = cluster.postmaster(place)
    assert postmaster is not None
    stopped = []
    try:
        for pid in family(postmaster):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                stopped.append(pid)
        yield postmaster
    finally:
        for pid in reversed(stopped):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
