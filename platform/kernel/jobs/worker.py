"""The worker: procrastinate's, as database role `worker`; each job then enters its municipality."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections
from procrastinate import App, PsycopgConnector, RetryStrategy

from kernel.jobs import registry
from kernel.jobs.queue import rescue_stalled

log = logging.getLogger("lavterskel.jobs")

#: 4, 16, 64 s … 1 h 8 min: eight tries over about an hour and a half, then the job is failed and visible.
RETRY = RetryStrategy(max_attempts=7, exponential_wait=4)
RESCUE_EVERY = 60.0  # seconds
_OWN_OPTIONS = {"pool", "prepare_threshold", "server_side_binding", "isolation_level", "assume_role"}


class JobFailed(Exception):
    """A job went wrong. It carries nothing: what the task raised could hold somebody's words."""


def make_app() -> App:
    """procrastinate's app with every registered task."""
    app = App(connector=PsycopgConnector(kwargs=_connection(), min_size=1, max_size=4))
    for name in registry.tasks():
        app.task(name=name, retry=RETRY)(_runner(name))
    return app


def work(*, concurrency: int = 2, wait: bool = True) -> None:
    """Run jobs until SIGTERM or SIGINT (finishing what is being done); with wait=False until none is left."""
    asyncio.run(_work(concurrency, wait))


async def _work(concurrency: int, wait: bool) -> None:
    app = make_app()
    async with app.open_async(), _rescuing():
        await app.run_worker_async(
            concurrency=concurrency, wait=wait, delete_jobs="successful", shutdown_graceful_timeout=20
        )


@contextlib.asynccontextmanager
async def _rescuing() -> AsyncIterator[None]:
    """Beside the jobs, each minute: queue stalled ones anew, and do the chores. Each in its own thread."""
    running = [asyncio.create_task(_again_and_again(_rescue)), asyncio.create_task(_again_and_again(_chores))]
    try:
        yield
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _again_and_again(what: Callable[[], None]) -> None:
    while True:
        try:
            await sync_to_async(what, thread_sensitive=False)()
        except Exception as error:
            log.error("%s: %s", what.__name__.strip("_"), type(error).__name__)
        await asyncio.sleep(RESCUE_EVERY)


def _rescue() -> None:
    try:
        count = rescue_stalled()
    finally:
        connections.close_all()
    if count:
        log.warning("queued %s stalled jobs anew", count)


def _chores() -> None:
    try:
        for failed in registry.do_chores():
            log.error("chore %s", failed)
    finally:
        connections.close_all()


def _runner(name: str) -> Any:
    def run(**arguments: Any) -> None:
        close_old_connections()
        kind = ""
        try:
            registry.run(name, arguments)
        except Exception as error:
            kind = type(error).__name__
        finally:
            connections.close_all()  # the next job may run in another thread
        if kind:  # outside of `except`: procrastinate logs what a job raises, its cause and context as well
            log.error("job %s: %s", name, kind)
            raise JobFailed

    run.__name__ = run.__qualname__ = name.replace(".", "_")
    return run


def _connection() -> dict[str, Any]:
    told = connections["default"].settings_dict
    options = {key: value for key, value in told["OPTIONS"].items() if key not in _OWN_OPTIONS}
    given = {"dbname": told["NAME"], "user": told["USER"], "password": told["PASSWORD"]}
    place = {key: value for key, value in (("host", told["HOST"]), ("port", told["PORT"])) if value}
    return {**options, **given, **place, "options": "-c role=worker -c search_path=jobs"}
