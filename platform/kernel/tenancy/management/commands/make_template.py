"""manage.py make_template: the founding script of the code's migrations, made when it is missing."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from kernel.tenancy import template


class Command(BaseCommand):
    help = "Make the founding script in DATA_DIR, unless it is there for these migrations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print", action="store_true", help="print the municipality's script as well")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        made = template.ensure()
        path = template.script_path("municipality")
        said = f"made in {time.monotonic() - began:.1f} s" if made else "up to date"
        self.stdout.write(f"founding script {said}: {path}")
        if options["print"]:
            self.stdout.write(path.read_text(encoding="utf-8"))
