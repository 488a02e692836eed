"""The WSGI door: gunicorn gthread only. Async would lose the municipality (docs/how/tenancy.md)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def _start_reports() -> None:
    from django.conf import settings

    from kernel import reports

    reports.start(settings.SENTRY_DSN, settings.RELEASE)


_start_reports()
