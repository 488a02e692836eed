"""T3: threads, persistent and pooled connections, and sets that fail. No wrong row is ever served.

3,000 requests in the suite, 100,000 with ENDURE=1.
"""

import os
import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import DatabaseError, close_old_connections, connection, connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kernel.crypto.models import CaseKey
from kernel.tenancy import MunicipalityRef, NoMunicipality, inside
from kernel.tenancy.backend import guard
from tests.kernel.tenancy.ground import committed, founded, made_at, mark, who_am_i

__all__ = ["committed"]
REQUESTS = 100_000 if os.environ.get("ENDURE") else 3_000
THREADS = 8
MUNICIPALITIES = 4


@pytest.fixture(scope="module")
def towns(django_db_setup: None, django_db_blocker: Any):
    with django_db_blocker.unblock(), founded(MUNICIPALITIES, "storm") as refs:
        yield refs


@pytest.fixture
def failing_sets(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """One set in a hundred asks the server for a role that is not there."""
    written, counted, dice = guard.statement, Counter[str](), random.Random(7)

    def statement(identity: Any) -> str:
        counted["sets"] += 1
        if dice.random() < 0.01:
            counted["failing"] += 1
            return written(identity).replace(f"'{identity.role}'", "'m_000000000'")
        return written(identity)

    monkeypatch.setattr(guard, "statement", statement)
    return counted


class Failure(Exception):
    """What a view may raise."""


def request(refs: list[MunicipalityRef], dice: random.Random, seen: Counter[str]) -> None:
    """One request: at times in a transaction, raising, to two municipalities, or to none."""
    close_old_connections()  # as request_started does
    number = dice.randrange(len(refs))
    try:
        with inside(refs[number]):
            seen["right" if made_at() == mark(number) else "WRONG"] += 1
            kind = dice.random()
            if kind < 0.2:
                with transaction.atomic():
                    seen["right" if made_at() == mark(number) else "WRONG"] += 1
                    if kind < 0.1:
                        raise Failure
            elif kind < 0.4:
                other = dice.randrange(len(refs))
                try:
                    with transaction.atomic(), inside(refs[other]):
                        seen["right" if made_at() == mark(other) else "WRONG"] += 1
                        if kind < 0.3:
                            raise Failure
                except Failure:
                    pass
                seen["right" if made_at() == mark(number) else "WRONG"] += 1
        if dice.random() < 0.1:
            try:
                CaseKey.objects.first()
                seen["WRONG"] += 1
            except NoMunicipality:
                seen["refused"] += 1
    except Failure:
        seen["failure"] += 1
    except DatabaseError:
        seen["error page"] += 1
    finally:
        close_old_connections()  # as request_finished does


def storm(refs: list[MunicipalityRef], requests: int) -> Counter[str]:
    seen = [Counter[str]() for _ in range(THREADS)]

    def work(number: int) -> None:
        dice = random.Random(number)
        try:
            for _ in range(requests // THREADS):
                request(refs, dice, seen[number])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(seen, Counter())


def test_under_a_storm_with_failing_sets_no_wrong_row_is_ever_read(towns, committed, failing_sets):
    seen = storm(towns, REQUESTS)
    print(f"\n{REQUESTS} requests: {dict(seen)}, {dict(failing_sets)}")
    assert seen["WRONG"] == 0
    assert seen["right"] > REQUESTS
    assert failing_sets["failing"] > REQUESTS / 300
    assert seen["error page"] > 0  # the others failed in the health check, before anything was asked


def test_the_storm_would_notice_a_guard_that_swallows_failures(towns, committed, failing_sets, monkeypatch):
    """The harness proves itself: with django-tenants' way of failing, rows cross."""

    def swallow(physical: Any, wanted: Any) -> None:
        if physical.__dict__.get("_swallowed") == wanted:
            return
        with physical.cursor() as cursor:
            try:
                super(guard._Guarded, cursor).execute(guard.statement(wanted))
            except Exception:
                physical.rollback() if not physical.autocommit else None
        physical.__dict__["_swallowed"] = wanted

    monkeypatch.setattr(guard, "settle", swallow)
    seen = storm(towns, 2_000)
    assert seen["WRONG"] > 0


class Walk(RuleBasedStateMachine):
    """Any order of entering, leaving, transactions, savepoints, failures and new connections."""

    refs: list[MunicipalityRef]

    @initialize()
    def begin(self) -> None:
        self.stack: list[tuple[str, Any, int | None]] = []
        self.place: int | None = None
        connection.close()

    def push(self, kind: str, manager: Any) -> None:
        manager.__enter__()
        self.stack.append((kind, manager, self.place))

    @rule(number=st.integers(0, MUNICIPALITIES - 1))
    @precondition(lambda self: len(self.stack) < 6)
    def enter(self, number: int) -> None:
        self.push("inside", inside(self.refs[number]))
        self.place = number

    @rule()
    @precondition(lambda self: len(self.stack) < 6)
    def transact(self) -> None:
        self.push("atomic", transaction.atomic())

    @rule(fails=st.booleans())
    @precondition(lambda self: bool(self.stack))
    def leave(self, fails: bool) -> None:
        kind, manager, before = self.stack.pop()
        if kind == "inside":
            manager.__exit__(None, None, None)
            self.place = before
        elif fails:
            manager.__exit__(Failure, Failure(), None)
        else:
            manager.__exit__(None, None, None)

    @rule()
    @precondition(lambda self: any(kind == "atomic" for kind, _, _ in self.stack))
    def fail_a_statement(self) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        except DatabaseError:
            pass

    @rule()
    @precondition(lambda self: not any(kind == "atomic" for kind, _, _ in self.stack))
    def reconnect(self) -> None:
        connection.close()

    @rule()
    def fail_a_set(self) -> None:
        if any(kind == "atomic" for kind, _, _ in self.stack):
            return
        nobody = MunicipalityRef(id=0, schema="m_0", role="m_000000000", slug="nobody", name="")
        with inside(nobody), pytest.raises(DatabaseError):
            who_am_i()

    @invariant()
    def the_row_is_the_right_one(self) -> None:
        if not hasattr(self, "stack"):
            return
        if self.place is None:
            assert who_am_i()[0] == "front"
        else:
            assert made_at() == mark(self.place)

    def teardown(self) -> None:
        for _kind, manager, _before in reversed(getattr(self, "stack", [])):
            manager.__exit__(None, None, None)
        connection.close()


def test_whatever_the_order_the_row_is_always_the_right_one(towns, committed):
    Walk.refs = towns
    full = bool(os.environ.get("ENDURE"))
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=500 if full else 25, stateful_step_count=40, deadline=None,
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip
