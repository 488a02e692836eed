"""The log holds nobody's words: canaries are planted everywhere, every logger speaks, every line is searched."""

import io
import logging
import logging.config
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from kernel import jobs
from kernel.jobs import registry, schema, worker
from kernel.tenancy import inside
from kernel.tenancy.testing import forget_jobs
from tests.kernel.tenancy.ground import committed, pair

__all__ = ["committed", "pair"]

CANARY = "HEMLIGA-ORD-7431"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log as the settings make it, at its most talkative, with every logger switched on."""
    root, before = logging.getLogger(), {}
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(settings.LOGGING)
    written = io.StringIO()
    for handler in root.handlers:
        if handler.formatter is not None and handler not in handlers:
            handler.setStream(written)  # type: ignore[attr-defined]
    names = {"django.request", "django.security", *logging.root.manager.loggerDict}
    for logger in {root, *map(logging.getLogger, names)}:
        before[logger] = logger.level
        logger.setLevel(logging.DEBUG)
    yield written
    for logger, old in before.items():
        logger.setLevel(old)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "name", ["django.request", "procrastinate.worker", "asyncio", "psycopg.pool", "third.party"]
)
def test_no_logger_of_others_writes_a_text(lines, name):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger(name).exception("%s failed: {CANARY}".replace("{CANARY}", CANARY), CANARY)
    assert CANARY not in lines.getvalue()
    assert name in lines.getvalue()
    assert "ValueError" in lines.getvalue()


def test_our_own_lines_are_written_without_the_text_of_an_exception(lines):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("lavterskel.jobs").exception("job %s", "outbox.send")
    said = lines.getvalue()
    assert said.startswith(
        "ERROR lavterskel.jobs: job outbox.send (ValueError at tests/kernel/reports/test_logs.py:"
    )
    assert CANARY not in said


def test_a_job_that_fails_leaves_its_name_and_number_in_the_log_and_nothing_else(
    pair, committed, lines, monkeypatch
):
    @jobs.task("tests.leak")
    def leak(**ids: str) -> None:
        logging.getLogger("some.library").warning("about %s", ids)
        raise ValueError(f"could not read {CANARY}")

    forget_jobs()
    schema.install()
    raised: list[BaseException] = []
    real = worker._runner

    def watched(name):
        run = real(name)

        def told(**arguments):
            try:
                run(**arguments)
            except Exception as error:
                raised.append(error)
                raise

        told.__name__ = told.__qualname__ = run.__name__
        return told

    monkeypatch.setattr(worker, "_runner", watched)
    try:
        with inside(pair[0]):
            number = jobs.defer("tests.leak", code=CANARY)
        worker.work(wait=False)
    finally:
        registry._tasks.pop("tests.leak")
        schema.install()
        forget_jobs()
    written = lines.getvalue()
    assert CANARY not in written
    assert "ERROR lavterskel.jobs: job tests.leak: ValueError" in written
    assert f"job {number} tests.leak" in written
    (error,) = raised
    assert (type(error), error.args, error.__cause__, error.__context__) == (worker.JobFailed, (), None, None)


@pytest.mark.parametrize(
    ("path", "route"),
    [("/start/theme.abcdef.css", "/start/theme.<"), (f"/schools/?q={CANARY}", "/schools/")],
)
def test_what_becomes_a_500_is_logged_by_route_method_and_class(world, db, lines, monkeypatch, path, route):
    def broken(*told, **more):
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr("tenants.onboarding.views.filling.theme_css", broken)
    monkeypatch.setattr("tenants.onboarding.views.front.queries.find_schools", broken)
    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    assert browser.get(path, headers={"User-Agent": CANARY}).status_code == 500
    written = lines.getvalue()
    assert CANARY not in written
    assert "abcdef" not in written
    said = [line for line in written.splitlines() if line.startswith("ERROR lavterskel.web")]
    assert len(said) == 1
    assert said[0].startswith(f"ERROR lavterskel.web: 500 GET {route}")
    assert said[0].endswith(": ZeroDivisionError")
