"""manage.py migrate_all: public and every municipality to the code's migrations."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.tenancy import migrating, owner, template
from tenants.municipalities import migrate


class Command(BaseCommand):
    help = "Bring public and every municipality to the code's migrations. Can be interrupted and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", action="store_true", help="say what would be done, do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        self.quiet = options["verbosity"] == 0
        began = time.monotonic()
        if options["plan"]:
            return self._plan()
        template.ensure()
        try:
            migrate.prepare_platform(self._say)
        except owner.CannotRun as error:
            raise CommandError(str(error)) from None
        count = migrate.migrate_municipalities(self._say, self._progress)
        self._say(
            f"{count.all} schemas, {count.behind} were behind, {count.failed} failed, "
            f"{time.monotonic() - began:.1f} s"
        )
        if count.failed:
            raise CommandError("Some municipalities could not be migrated. Mend the cause and run it again.")

    def _plan(self) -> None:
        groups = migrating.look(migrate.all_refs())
        for group in groups:
            names = ", ".join(group.lacking) or "no schema"
            self.stdout.write(
                f"{len(group.refs)} schemas lack {names}: {', '.join(r.slug for r in group.refs[:5])} …"
            )
        if not groups:
            self.stdout.write("Everything is up to date.")

    def _say(self, text: str) -> None:
        if not self.quiet:
            self.stdout.write(text)

    def _progress(self, done: int, of: int) -> None:
        if not self.quiet and sys.stderr.isatty():
            filled = 40 * done // max(of, 1)
            end = "\n" if done == of else ""
            self.stderr.write(f"\r[{'█' * filled}{'·' * (40 - filled)}] {done}/{of}{end}", ending="")
