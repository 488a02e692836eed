"""`manage.py rotate_keys`: new keys for every municipality. Can be stopped and run again: docs/how/keys.md."""

import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from kernel.crypto.keys import CannotOpen
from kernel.crypto.rotation import Done, rotate
from kernel.tenancy import MunicipalityRef, municipalities, municipality
from kernel.tenancy.directory import directory


class Command(BaseCommand):
    help = (
        "Wrap every municipality's keys under the present KEY_ENCRYPTION_KEY, give it new versions of the keys "
        "that rotate, wrap its case keys under them, and delete the versions nobody needs. Can be stopped and "
        "run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", metavar="SLUG", help="this one only")
        parser.add_argument("--only-wrapping", action="store_true", help="only KEY_ENCRYPTION_KEY is changed")
        parser.add_argument(
            "--older-than",
            type=float,
            default=1.0,
            metavar="DAYS",
            help="keys younger than this stay (default 1: a run that was stopped goes on)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        began, total, failed = time.monotonic(), Done(), 0
        refs = self._refs(options["municipality"])
        for number, ref in enumerate(refs, 1):
            try:
                total += rotate(
                    ref,
                    older_than=timedelta(days=options["older_than"]),
                    versions=not options["only_wrapping"],
                )
            except (CannotOpen, DatabaseError) as error:
                failed += 1
                self.stderr.write(f"{ref.slug}: {type(error).__name__}: {_first_line(error)}")
            self._progress(number, len(refs))
        self._say(
            f"{len(refs)} municipalities: {total.rewrapped} keys under the present KEY_ENCRYPTION_KEY, "
            f"{total.added} new versions, {total.cases} case keys wrapped anew, {total.deleted} old versions "
            f"deleted, {failed} failed, {time.monotonic() - began:.1f} s"
        )
        if failed:
            raise CommandError("Some keys could not be rotated. Mend the cause and run it again.")
        if settings.KEY_ENCRYPTION_KEY_PREVIOUS and not options["municipality"]:
            self._say("Nothing needs KEY_ENCRYPTION_KEY_PREVIOUS any more.")

    def _refs(self, slug: str | None) -> list[MunicipalityRef]:
        if slug is None:
            ended = [one for one in directory().municipalities if one.state == "ended"]
            return municipalities(include_operator=True) + ended
        try:
            return [municipality(slug)]
        except LookupError as error:
            raise CommandError(str(error)) from None

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)

    def _progress(self, done: int, of: int) -> None:
        if not self.quiet and sys.stderr.isatty():
            filled = 40 * done // max(of, 1)
            end = "\n" if done == of else ""
            self.stderr.write(f"\r[{'█' * filled}{'·' * (40 - filled)}] {done}/{of}{end}", ending="")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
