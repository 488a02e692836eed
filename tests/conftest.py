"""Fixtures everybody uses. The database server is already running: tests/server.py."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from kernel.ui import catalogs
from tests.cast import World, build_world
from tests.order import long_first

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """xdist would begin with the files of many tests; the journeys are few, and long. And a text that was changed is
    compiled, so that no test reads what it was before."""
    if not hasattr(config, "workerinput"):
        for app in catalogs.apps(ROOT):
            catalogs.compile_app(app)
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        long_first(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """All that is loaded by now stays: to look through it again and again for rubbish costs a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What fails is said at once: of a run that is cut off, nothing else would tell of it."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        sys.stderr.write(f"\nred: {report.nodeid} ({report.when})\n{report.longreprtext[-2_000:]}\n")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> None:
    """The database of this process, with the front door and the operator in it."""
    from kernel.tenancy.testing import prepare_database

    with django_db_blocker.unblock():
        prepare_database()


@pytest.fixture(scope="session")
def built_world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> World:
    with django_db_blocker.unblock():
        return build_world()


@pytest.fixture
def world(built_world: World, db: None) -> World:
    """alfa and beta (tests/cast.py). What a test writes is rolled back."""
    return built_world


@pytest.fixture(autouse=True)
def forget_hosts() -> Iterator[None]:
    """A municipality founded in a test is unknown to the next."""
    from kernel import tenancy

    yield
    tenancy.forget()


@pytest.fixture
def at() -> type[Client]:
    """`at(world.alpha)` is a client that knocks on that municipality's host; `at(None)` on the front door."""

    class At(Client):
        def __init__(self, ref=None, **kwargs) -> None:
            host = f"{ref.slug}.localhost" if ref is not None and ref.kind != "operator" else "localhost"
            super().__init__(SERVER_NAME=host, **kwargs)

    return At
