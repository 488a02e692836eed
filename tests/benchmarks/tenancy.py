"""What the tenancy costs, against django-tenants and plain Django."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from kernel import clock
from kernel.tenancy import MunicipalityRef, owner
from kernel.tenancy.testing import drop_for_tests, found_for_tests
from tenants.municipalities.models import Municipality
from tests.benchmarks import urls
from tests.benchmarks.clock import Duel, duel, small_duel
from tests.kernel.tenancy.ground import founded, mark

MUNICIPALITIES = 100
OF_THE_BASELINE = 10
REQUESTS = 500
MIDDLEWARE = [
    "kernel.tenancy.middleware.HealthMiddleware",
    "kernel.tenancy.middleware.MunicipalityMiddleware",
]


def founding() -> Duel:
    """A municipality from nothing, against django-tenants' own save() with the same migrations."""
    numbers, made = count(), []

    def ours() -> int:
        made.append(found_for_tests(f"bench-ours-{next(numbers)}", live=False))
        return 1

    def baseline() -> int:
        number = next(numbers)
        row = Municipality(
            schema_name=f"bench_{number}", slug=f"bench-{number}", name="Bench", country="NO",
            kind="municipality", timezone="UTC", founded_at=clock.now(),
        )  # fmt: skip
        row.auto_create_schema = True
        row.save(using="owner", verbosity=0)
        made.append(row.ref())
        return 1

    try:
        return duel(ours, baseline)
    finally:
        for ref in made:
            drop_for_tests(ref)


def migrating(refs: list[MunicipalityRef]) -> Duel:
    """A municipality that is up to date, against django-tenants' migrate_schemas."""

    def ours() -> int:
        call_command("migrate_all", verbosity=0)
        return len(refs)

    def baseline() -> int:
        for ref in refs[:OF_THE_BASELINE]:
            call_command("migrate_schemas", schema_name=ref.schema, verbosity=0, interactive=False)
        return OF_THE_BASELINE

    return duel(ours, baseline)


@contextmanager
def plain_connection(ref: MunicipalityRef) -> Iterator[None]:
    """Plain Django's own backend on the same server, for ever in one schema."""
    told = dict(connections.databases["default"])
    told["ENGINE"] = "django.db.backends.postgresql"
    told["OPTIONS"] = {**told["OPTIONS"], "options": f"-c role={ref.role} -c search_path={ref.schema},public"}
    connections.databases["plain"] = told
    try:
        yield
    finally:
        connections["plain"].close()
        del connections["plain"], connections.databases["plain"]


def handler(middleware: list[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def call(handle: WSGIHandler, host: str) -> bytes:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": host, "SERVER_NAME": "x", "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
    }  # fmt: skip
    status: list[str] = []
    response = handle(environ, lambda said, headers: status.append(said))
    body = b"".join(response)
    response.close()
    assert status == ["200 OK"], (status, body)
    return body


def page(refs: list[MunicipalityRef], *, roaming: bool) -> Duel:
    """A page with one query through host lookup, guard and role, against the same view without any of it."""
    guarded, plain = handler(MIDDLEWARE), handler([])
    hosts = [f"{ref.slug}.localhost" for ref in (refs if roaming else refs[:1])]

    turn = count()

    def ours() -> None:
        urls.ALIAS["alias"] = "default"
        number = next(turn) % len(hosts)
        assert call(guarded, hosts[number]) == mark(number).isoformat().encode()

    def baseline() -> None:
        urls.ALIAS["alias"] = "plain"
        call(plain, "x.localhost")

    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"), plain_connection(refs[0]):
        return small_duel(ours, baseline, times=REQUESTS)


def sizes(ref: MunicipalityRef) -> tuple[int, int, float]:
    """(tables, indexes, MB) of an empty municipality's schema, catalogue not counted."""
    with owner.cursor_of_owner() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i'), "
            "sum(pg_total_relation_size(c.oid)) FILTER (WHERE relkind = 'r') / 1048576.0 "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = %s",
            [ref.schema],
        )
        tables, indexes, megabytes = cursor.fetchone() or (0, 0, 0)
        return tables, indexes, float(megabytes)


def run() -> Iterator[str]:
    """All lines, as they are known. Founding first: a disk makes files slowly after removing many."""
    yield founding().line("founding", 10, "municipality")
    with founded(MUNICIPALITIES, "bench") as refs:
        yield migrating(refs).line("migrate_all with nothing to do", 100, "municipality")
        yield page(refs, roaming=False).line("one-query page, one host", 0.90, "request")
        yield page(refs[:20], roaming=True).line("one-query page, 20 hosts in turn", 0.90, "request")
        tables, indexes, megabytes = sizes(refs[0])
        over = "  MISSED" if megabytes > 2.5 else ""  # tables have no goal (docs/decisions/0008)
        yield (
            f"empty municipality: ours {tables} tables, {indexes} indexes, {megabytes:.2f} MB … "
            f"goal ≤ 2.5 MB{over}"
        )
