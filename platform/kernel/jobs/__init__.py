"""Jobs: what happens after a transaction, at least once, on PostgreSQL alone (procrastinate).

Everybody above may defer and register; kernel.events stands on it. A job carries ids, never content, and
belongs to the municipality that deferred it: the database takes that from the role, not from the caller.
Words: task (a registered function), job (one call of it, queued), drain (run all that is queued, here).
Doors: `defer`, `@task`, `@every_minute`, `drain`, `failed`, `manage.py worker`.
"""

from kernel.jobs.queue import Job, defer, drain, failed, retry_failed
from kernel.jobs.registry import every_hour_inside, every_minute, task

__all__ = ["Job", "defer", "drain", "every_hour_inside", "every_minute", "failed", "retry_failed", "task"]
