"""`manage.py sweep [--loop]`: mark what is past due. The last line is `marked N`; a loop says it only when N > 0."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from services.promises.sweep import break_due, remind_due

EVERY = 20  # seconds: a promise is marked within 60 s of due even when one pass is missed


class Command(BaseCommand):
    help = "Mark every promise that is past due as broken. --loop does it every 20 seconds until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or Ctrl-C")
        parser.add_argument("--every", type=float, default=EVERY, metavar="SECONDS")

    def handle(self, *args: Any, loop: bool, every: float, **options: Any) -> None:
        if not loop:
            self._pass(raising=True)
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self._pass(raising=False)
            stop.wait(every)

    def _pass(self, *, raising: bool) -> None:
        try:
            done = break_due()
        except DatabaseError as error:
            connection.close()
            if raising:
                raise CommandError(f"The database is away: {type(error).__name__}") from error
            self.stderr.write(f"the database is away: {type(error).__name__}")
            return
        if done.failed:
            self.stderr.write(f"failed {done.failed}")
        self._remind()
        if raising or done.marked:  # a loop says only what happened
            self.stdout.write(f"marked {done.marked}")
            self.stdout.flush()
        if raising and done.failed:
            raise CommandError(f"{done.failed} could not be marked")

    def _remind(self) -> None:
        """After the marking, and never in its way: whatever fails here is said and tried again next time."""
        try:
            done = remind_due()
        except Exception as error:
            connection.close()
            self.stderr.write(f"reminders failed: {type(error).__name__}")
            return
        if done.failed:
            self.stderr.write(f"reminders failed {done.failed}")
        if done.marked:
            self.stdout.write(f"reminded {done.marked}")
