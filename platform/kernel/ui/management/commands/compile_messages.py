"""`manage.py compile_messages`: build the .mo files that are older than their .po (Babel; no gettext
binaries).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from kernel.ui import catalogs

ROOT = Path(__file__).resolve().parents[5]


class Command(BaseCommand):
    help = "Compile translations that changed since they were last compiled."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(catalogs.compile_app(app) for app in catalogs.apps(ROOT))
        self.stdout.write(f"compiled {count}" if count else "translations: up to date")
