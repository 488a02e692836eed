"""Putting jobs in the queue and, in tests and demos, running them here and now."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from kernel.jobs import registry
from kernel.tenancy import as_role, require_current

type Id = str | int | bool | None

LONGEST_ID = 200  # characters: an id or a code fits, somebody's words do not


@dataclass(frozen=True, slots=True)
class Job:
    """One job as the queue knows it. `arguments` holds ids, `municipality` among them."""

    id: int
    task: str
    arguments: dict[str, Any]
    attempts: int


def defer(task: str, **ids: Id) -> int:
    """Queue a job in the present transaction: no commit, no job. Gives its id.

    It will run inside the municipality we are inside. Raises NoMunicipality outside, ValueError for anything
    that is not an id or a code.
    """
    require_current()
    for name, value in ids.items():
        if not isinstance(value, str | int | None) or len(str(value)) > LONGEST_ID:
            raise ValueError(f"A job carries ids, never content: look at {name}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT jobs.defer_here(%s, %s::jsonb)", [task, json.dumps(ids)])
        return int(cursor.fetchone()[0])


def drain(limit: int = 1000) -> int:
    """Run everything that is queued now, on this connection, in order. Gives how many ran.

    Jobs that jobs defer are run as well. The first failure is raised, its job marked failed.
    """
    for done in range(limit):
        job = _fetch()
        if job is None:
            return done
        try:
            registry.run(job.task, job.arguments)
        except Exception:
            _finish(job, "failed")
            raise
        _finish(job, "succeeded")
    raise RuntimeError(f"More than {limit} jobs: do they defer each other for ever?")


def failed(limit: int = 100) -> list[Job]:
    """Jobs that have been given up, newest first: for the operator's page."""
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args, attempts FROM jobs.procrastinate_jobs WHERE status = 'failed' "
            "ORDER BY id DESC LIMIT %s",
            [limit],
        )
        return [_job(row) for row in cursor.fetchall()]


def retry_failed(job_id: int) -> None:
    """Queue a job that was given up once more."""
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT jobs.procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [job_id])


def rescue_stalled(silent_seconds: int = 60) -> int:
    """Queue anew what a worker that is gone was doing (its own reaper can stall). Gives how many."""
    with as_role("worker"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT jobs.procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL) "
            "FROM jobs.procrastinate_jobs job "
            "LEFT JOIN jobs.procrastinate_workers worker ON worker.id = job.worker_id "
            "WHERE job.status = 'doing' "
            "AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))",
            [silent_seconds],
        )
        return len(cursor.fetchall())


def _fetch() -> Job | None:
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args, attempts FROM jobs.procrastinate_fetch_job_v2(NULL, NULL)"
        )
        row = cursor.fetchone()
        return None if row is None or row[0] is None else _job(row)


def _finish(job: Job, status: str) -> None:
    with as_role("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT jobs.procrastinate_finish_job_v1(%s, %s::jobs.procrastinate_job_status, %s)",
            [job.id, status, status == "succeeded"],
        )


def _job(row: tuple[Any, ...]) -> Job:
    arguments = row[2] if isinstance(row[2], dict) else json.loads(row[2])
    return Job(id=row[0], task=row[1], arguments=arguments, attempts=row[3])
