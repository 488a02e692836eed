"""Loaded before everything else (pytest's `-p tests.server`): a PostgreSQL of our own for this process.

`TEST_DATABASE_URL` (a login that may create roles and databases) selects another server instead.
"""

import atexit
import contextlib
import os
from pathlib import Path

CLONE = Path(__file__).resolve().parents[1]

os.environ["LAVTERSKEL_TESTING"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
for _name in ("DEMO", "FRONT_HOST", "PUBLIC_PORT", "SENTRY_DSN", "DATABASE_POOL", "CITUS"):
    os.environ.pop(_name, None)
# The founding script is the one that `make setup` has made: it is the code's, and takes long to make.
os.environ.setdefault("TEMPLATE_DIR", str(CLONE / os.environ.get("DATA_DIR", ".data") / "template"))
os.environ["DATA_DIR"] = str(CLONE / ".data" / "tests")
# Nothing is served from it unless a journey builds it; WhiteNoise warns at each client where it is absent.
(CLONE / ".data" / "tests" / "static").mkdir(parents=True, exist_ok=True)
# A machine that is busy with several suites is slow, not frozen (the tests of a frozen server say otherwise).
os.environ["DATABASE_PATIENCE"] = "60"
# Tests knock as no school does (those of a flood say otherwise).
os.environ["KNOCKS_AT_ONCE"] = "100000"
# Playwright's own event loop would make Django's ORM refuse in the tests that arrange beside a browser.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if _given := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"] = _given
else:
    from config.embedded import temporary

    _stack = contextlib.ExitStack()
    SERVER = _stack.enter_context(temporary())
    atexit.register(_stack.close)
    os.environ["DATABASE_URL"] = SERVER.url("app")
    os.environ["DATABASE_OWNER_URL"] = SERVER.url("owner")
