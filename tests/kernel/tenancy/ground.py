"""Two bare municipalities with one row each under the same id, and connections that really commit."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections

from kernel.crypto.models import CaseKey
from kernel.tenancy import MunicipalityRef, inside
from kernel.tenancy.testing import drop_for_tests, found_for_tests

SAME_ID = UUID("00000000-0000-4000-8000-000000000001")


def mark(number: int) -> datetime:
    """A moment that tells which municipality a row is of."""
    return datetime(2000 + number, 1, 1, tzinfo=UTC)


@contextmanager
def founded(count: int, name: str) -> Iterator[list[MunicipalityRef]]:
    """`count` municipalities; the row SAME_ID of the n-th was made in the year 2000 + n."""
    refs = [found_for_tests(f"{name}-{number}", live=False) for number in range(count)]
    for number, ref in enumerate(refs):
        with inside(ref):
            CaseKey.objects.create(pk=SAME_ID, made_at=mark(number), destroyed_at=mark(number))
    try:
        yield refs
    finally:
        for ref in refs:
            drop_for_tests(ref)


@pytest.fixture(scope="module")
def pair(
    django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[list[MunicipalityRef]]:
    with (
        django_db_blocker.unblock(),
        founded(2, request.module.__name__.rpartition(".")[2].replace("_", "-")) as refs,
    ):
        yield refs


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """No transaction around the test: what it does is real. The connection is new, and closed at the end."""
    with django_db_blocker.unblock():
        connections["default"].close()
        yield
        connections["default"].close()


def who_am_i() -> tuple[str, str]:
    """(role, search path) as the server sees them, asked through Django."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('search_path')")
        role, path = cursor.fetchone()
        return role, path


def who_is(physical: "psycopg.Connection[Any]") -> tuple[str, str]:
    """The same of one physical connection, asked behind the guard's back."""
    cursor = psycopg.ClientCursor(physical)
    cursor.execute("SELECT current_user, current_setting('search_path')")
    found = cursor.fetchone()
    assert found is not None
    return found[0], found[1]


def made_at() -> datetime:
    return CaseKey.objects.get(pk=SAME_ID).made_at


def in_thread(function: Callable[[], Any]) -> Any:
    """What `function` gives or raises in a thread of its own."""
    answer: list[Any] = []

    def run() -> None:
        try:
            answer.append(function())
        except Exception as error:
            answer.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return answer[0]
