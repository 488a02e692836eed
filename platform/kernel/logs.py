"""What a line of the log may hold: no words of anybody, whoever writes it (docs/how/security.md).

Our own loggers (`lavterskel.*`) are written with care: ids, codes, classes. Every other library is not asked: of
its lines we keep who spoke, where in its code, and the class of the exception; of the queue's lines the job's
id and task as well. Texts of exceptions, arguments of jobs, paths and queries are never written.
"""

import logging
from typing import Any

OURS = "lavterskel"
QUEUE = "procrastinate"


class WithoutWords(logging.Formatter):
    """`LEVEL logger: message` of ours; of others `LEVEL logger: function:line`; then classes of exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        parts = [f"{record.levelname} {record.name}: {self._said(record)}"]
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        if kind is not None:
            parts.append(kind.__name__)
        return " ".join(parts)

    def _said(self, record: logging.LogRecord) -> str:
        if _is_of(record, OURS):
            return record.getMessage()
        where = f"{record.funcName}:{record.lineno}"
        return f"{where} {_job(record)}".strip() if _is_of(record, QUEUE) else where


def _is_of(record: logging.LogRecord, name: str) -> bool:
    return record.name == name or record.name.startswith(f"{name}.")


def _job(record: logging.LogRecord) -> str:
    """Number and task of the job a line of the queue is about, "" when it is about none."""
    job: Any = getattr(record, "job", None)
    if not isinstance(job, dict) or not isinstance(job.get("id"), int):
        return ""
    return f"{getattr(record, 'action', '')} job {job['id']} {job.get('task_name', '')}".strip()
