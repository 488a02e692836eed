"""What the code's migrations are, as one short text: changes when any migration changes."""

import hashlib
import inspect
from functools import lru_cache
from pathlib import Path

import django
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

_READER = "2"  # raise it when the reader of the dump, or what is kept beside it, changes


@lru_cache(maxsize=1)
def of_code() -> str:
    """Fingerprint of all migrations on disk, of Django, and of which app lives where."""
    digest = hashlib.sha256(repr([_READER, django.__version__, apps_by_place()]).encode())
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for key in sorted(loader.disk_migrations):
        source = inspect.getsourcefile(type(loader.disk_migrations[key]))
        digest.update(repr(key).encode())
        digest.update(Path(source).read_bytes() if source else b"")
    return digest.hexdigest()


def apps_by_place() -> list[list[str]]:
    """SHARED_APPS and TENANT_APPS, sorted."""
    return [sorted(settings.SHARED_APPS), sorted(settings.TENANT_APPS)]
