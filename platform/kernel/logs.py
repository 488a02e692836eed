"""What a line of the log may hold: no words of anybody, whoever writes it (docs/how/security.md).

Our own loggers (`lavterskel.*`) are written with care: ids, codes, classes. Every other library is not asked: of
its lines we keep who spoke, where in its code, and the class of the exception; of the queue's lines the job's
id and task as well. Texts of exceptions, arguments of jobs, paths and queries are never written. And a database that
is away fails every request alike: one line for each kind and minute tells as much as a thousand.
"""

import logging
import threading
import time
import traceback
from pathlib import Path
from typing import Any

OURS = "lavterskel"
QUEUE = "procrastinate"
ROOT = Path(__file__).resolve().parents[2]
EVERY = 60.0  # seconds


class WithoutWords(logging.Formatter):
    """`LEVEL logger: message` of ours; of others `LEVEL logger: function:line`; then the exception's class and the
    last place in our code.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}: {_said(record)}".replace("\n", " ")
        error = _error_of(record)
        return f"{line} ({type(error).__name__}{_place_of(error)})" if error else line


def _said(record: logging.LogRecord) -> str:
    if _is_of(record, OURS):
        return type(record.msg).__name__ if isinstance(record.msg, BaseException) else record.getMessage()
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


def _error_of(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if isinstance(record.exc_info, tuple) else None


def _place_of(error: BaseException) -> str:
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
            return f" at {path.relative_to(ROOT)}:{frame.lineno}"
    return ""


class OncePerMinute(logging.Filter):
    """Lets one error of each kind (who says it, what, and the exception's class) through in a minute."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._lock, self._last = threading.Lock(), dict[tuple[str, str, str], float]()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            return True
        kind = (record.name, _said(record), type(_error_of(record)).__name__)
        now = time.monotonic()
        with self._lock:
            self._last = {known: at for known, at in self._last.items() if now - at < EVERY}
            is_new = kind not in self._last
            self._last.setdefault(kind, now)
        return is_new
