"""`make bench`: prints `name: ours … baseline … ratio …` lines. Exit status 1 when a goal is missed.

`make bench ARGS=desk` runs one part.

On a PostgreSQL of its own that is as durable as a real one: what is told to be on disk is on disk.
"""

import os
import sys
from pathlib import Path

from config import embedded

CLONE = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run everything on a fresh server."""
    os.environ |= {"LAVTERSKEL_TESTING": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ["DATA_DIR"] = str(CLONE / ".data" / "tests")
    for name in ("DEMO", "FRONT_HOST", "PUBLIC_PORT", "SENTRY_DSN", "DATABASE_POOL", "CITUS"):
        os.environ.pop(name, None)
    with embedded.temporary(fast=False) as server:
        os.environ |= {"DATABASE_URL": server.url("app"), "DATABASE_OWNER_URL": server.url("owner")}
        import django

        django.setup()
        from kernel.tenancy.testing import prepare_database
        from tests.benchmarks import desk, tenancy

        prepare_database()
        parts = {"tenancy": tenancy.run, "desk": desk.run}
        missed = False
        for name in sys.argv[1:] or parts:
            for line in parts[name]():
                print(line, flush=True)
                missed |= "MISSED" in line
    return int(missed)


sys.exit(main())
