"""manage.py worker: runs jobs until it is told to stop."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kernel.jobs import worker


class Command(BaseCommand):
    help = "Run jobs until SIGTERM or Ctrl-C; what is being done is finished first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--once", action="store_true", help="stop when nothing is queued")

    def handle(self, *args: Any, **options: Any) -> None:
        worker.work(concurrency=options["concurrency"], wait=not options["once"])
