"""Jobs: in the transaction of their cause, for who deferred them, and never lost quietly."""

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from kernel import events, jobs
from kernel.jobs import queue, registry, schema, worker
from kernel.tenancy import NoMunicipality, as_role, current, front, inside, operator
from kernel.tenancy.testing import forget_jobs
from tests.kernel.tenancy.ground import committed, pair

__all__ = ["committed", "pair"]


@pytest.fixture
def db(db: None) -> None:
    """The queue begins empty: founding a municipality queues what others listen to."""
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


TASKS = ("tests.note", "tests.defer_and_fail")


@pytest.fixture(scope="module", autouse=True)
def known_tasks(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The database knows the tasks of these tests: it queues no others."""
    for name in TASKS:
        jobs.task(name)(lambda **ids: None)
    with django_db_blocker.unblock():
        schema.install()
    yield
    for name in TASKS:
        registry._tasks.pop(name)
    with django_db_blocker.unblock():
        schema.install()


@pytest.fixture
def calls() -> Any:
    """What the task `tests.note` was called with; `fail` in it makes the task raise."""
    found: list[tuple[str, dict[str, Any]]] = []
    before = registry._tasks.pop("tests.note")

    @jobs.task("tests.note")
    def note(**ids: Any) -> None:
        municipality = current()
        assert municipality is not None
        found.append((municipality.slug, ids))
        if ids.get("fail"):
            raise ZeroDivisionError("HEMLIGA ORD")

    yield found
    registry._tasks["tests.note"] = before


def test_a_job_runs_inside_the_municipality_that_deferred_it(pair, db, calls):
    for number, ref in enumerate(pair):
        with inside(ref):
            jobs.defer("tests.note", number=number)
    assert jobs.drain() == 2
    assert calls == [(ref.slug, {"number": number}) for number, ref in enumerate(pair)]
    assert current() is None
    assert jobs.drain() == 0


def test_the_database_ignores_which_municipality_the_caller_names(pair, db, calls):
    one, other = pair
    with inside(one):
        jobs.defer("tests.note", municipality=other.id)
    jobs.drain()
    assert calls == [(one.slug, {})]


def test_no_commit_no_job(pair, db, calls):
    with transaction.atomic(), inside(pair[0]):
        jobs.defer("tests.note")
        transaction.set_rollback(True)
    assert jobs.drain() == 0


def test_outside_a_municipality_nothing_is_deferred(pair, db):
    with pytest.raises(NoMunicipality):
        jobs.defer("tests.note")
    for place in (front(), as_role("sweeper"), as_role("worker")):
        with place, pytest.raises((DatabaseError, NoMunicipality)), transaction.atomic():
            connection.cursor().execute("SELECT jobs.defer_here('tests.note', '{}')")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM jobs.procrastinate_jobs",
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x')",
        "SELECT jobs.procrastinate_fetch_job_v2(NULL, NULL)",
        "SELECT jobs.procrastinate_defer_jobs_v1(NULL)",
        "SELECT nextval('jobs.procrastinate_jobs_id_seq')",
    ],
)
def test_a_municipality_has_no_rights_on_the_queue_itself(pair, db, statement):
    with inside(pair[0]), pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_job_carries_ids_never_content(pair, db):
    for content in ("x" * 201, ["a"], {"a": 1}, 1.5, b"x"):
        with inside(pair[0]), pytest.raises(ValueError, match="never content"):
            jobs.defer("tests.note", what=content)


def test_a_task_in_a_transaction_keeps_all_it_wrote_or_nothing(pair, db, calls):
    before = registry._tasks.pop("tests.defer_and_fail")

    @jobs.task("tests.defer_and_fail")
    def defer_and_fail() -> None:
        jobs.defer("tests.note")
        raise ZeroDivisionError

    with inside(pair[0]):
        jobs.defer("tests.defer_and_fail")
    with pytest.raises(ZeroDivisionError):
        jobs.drain()
    assert jobs.drain() == 0
    assert [job.task for job in jobs.failed()] == ["tests.defer_and_fail"]
    registry._tasks["tests.defer_and_fail"] = before


def test_two_functions_cannot_have_one_name(calls):
    with pytest.raises(ValueError, match="already"):
        jobs.task("tests.note")(lambda: None)


@pytest.fixture
def empty_queue(committed: None) -> Any:
    forget_jobs()
    yield
    forget_jobs()


def test_the_worker_runs_what_was_committed(pair, empty_queue, calls):
    with inside(pair[1]):
        jobs.defer("tests.note", number=7)
    worker.work(wait=False)
    assert calls == [(pair[1].slug, {"number": 7})]


def test_a_failing_job_is_tried_again_later_and_given_up_in_sight(pair, empty_queue, calls, monkeypatch):
    with inside(pair[0]):
        number = jobs.defer("tests.note", fail=True)
    worker.work(wait=False)
    assert len(calls) == 1
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, scheduled_at > now() FROM jobs.procrastinate_jobs WHERE id = %s", [number]
        )
        assert cursor.fetchone() == ("todo", True)
    monkeypatch.setattr(worker, "RETRY", False)
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("UPDATE jobs.procrastinate_jobs SET scheduled_at = now()")
    worker.work(wait=False)
    assert [(job.id, job.task) for job in jobs.failed()] == [(number, "tests.note")]
    jobs.retry_failed(number)
    assert jobs.failed() == []


def test_what_a_killed_worker_was_doing_is_queued_anew(pair, empty_queue, calls):
    with inside(pair[0]):
        jobs.defer("tests.note")
    assert queue._fetch() is not None  # fetched by somebody who then died
    assert jobs.drain() == 0
    assert queue.rescue_stalled() == 1
    assert jobs.drain() == 1


def test_installing_again_changes_nothing(committed):
    assert schema.install() is False


def test_a_job_of_a_municipality_that_is_gone_is_dropped_and_the_log_says_so(pair, db, calls, caplog):
    registry.run("tests.note", {"municipality": 999_999})
    assert "a municipality that is gone was dropped: tests.note" in caplog.text
    assert calls == []


@pytest.mark.parametrize("task", ["onboarding.dissolve", "onboarding.found", "no.such.task", None])
def test_a_municipality_queues_only_what_is_for_municipalities(pair, db, task):
    with inside(pair[0]), pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute("SELECT jobs.defer_here(%s, '{}')", [task])
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_the_operator_queues_its_own_tasks_and_no_unknown_one(pair, db):
    with inside(operator()):
        assert jobs.defer("onboarding.dissolve", municipality_id=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            jobs.defer("no.such.task")


def test_a_task_of_the_operator_runs_for_nobody_else_however_it_was_queued(pair, db):
    with pytest.raises(LookupError, match="the operator's alone"):
        registry.run("onboarding.dissolve", {"municipality": pair[0].id, "municipality_id": pair[1].id})


def test_a_job_acts_on_the_municipality_that_queued_it_whatever_its_ids_say(pair, db, monkeypatch):
    from tenants.onboarding import operations

    published: list[int] = []
    monkeypatch.setattr(
        operations, "publish_schools", lambda *, municipality_id, by: published.append(municipality_id)
    )
    one, other = pair
    with inside(one):
        jobs.defer("onboarding.publish", municipality_id=other.id)
        jobs.defer("event", name="MunicipalityFounded", municipality_id=other.id)
    jobs.drain()
    assert published == [one.id, one.id]
    told: list[int] = []
    monkeypatch.setitem(
        events._handlers, "MunicipalityFounded", [lambda event: told.append(event.municipality_id)]
    )
    with inside(one):
        jobs.defer("event", name="MunicipalityFounded", municipality_id=other.id)
    jobs.drain()
    assert told == [one.id]


def test_a_new_task_makes_the_queue_be_renewed(committed):
    jobs.task("tests.another")(lambda: None)
    try:
        assert schema.install() is True
        assert schema.install() is False
    finally:
        registry._tasks.pop("tests.another")
        schema.install()
