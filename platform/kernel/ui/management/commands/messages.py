"""`manage.py messages`: collect the texts of every app into its .po files; with --check only say what is
not translated.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.ui import catalogs

ROOT = Path(__file__).resolve().parents[5]


class Command(BaseCommand):
    help = "Collect texts into every app's django.po files (--check: exit 1 if a text is not translated)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("apps", nargs="*", help="folders of apps, as services/contact (default: all)")
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if a text lacks a translation"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [ROOT / name for name in options["apps"]] or catalogs.apps(ROOT)
        if options["check"]:
            return self.check_all(chosen)
        for app in chosen:
            if catalogs.update(app):
                self.stdout.write(f"updated {app.relative_to(ROOT)}/locale")

    def check_all(self, chosen: list[Path]) -> None:
        found = [fault for app in chosen for fault in catalogs.faults(app, ROOT)]
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} texts are not translated", returncode=1)
        self.stdout.write("every text is translated")
