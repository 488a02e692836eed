"""manage.py found_municipality: found and open one with its country's defaults."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError, Invalid
from kernel.tenancy import template
from tenants.municipalities import operations
from tenants.municipalities.countries import COUNTRIES


class Command(BaseCommand):
    help = "Found and open a municipality with its country's default calendar, roles and guarantee."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="its part of the address: SLUG.<our host>")
        parser.add_argument("--name", required=True)
        parser.add_argument("--country", required=True, choices=sorted(COUNTRIES))
        parser.add_argument("--code", required=True, help="official number of the municipality or county")
        parser.add_argument("--kind", default="municipality", choices=["municipality", "county"])
        parser.add_argument("--admin", default="", metavar="EMAIL", help="invite this administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        template.ensure()
        began = time.monotonic()
        try:
            ref = operations.open_with_defaults(
                slug=options["slug"], name=options["name"], country=options["country"], kind=options["kind"],
                code=options["code"], admin_email=options["admin"],
            )  # fmt: skip
        except Invalid as error:
            raise CommandError("\n".join(f"{one.field}: {one.message}" for one in error.errors)) from None
        except DomainError as error:
            raise CommandError(str(error.detail)) from None
        seconds = time.monotonic() - began
        scheme = "https" if settings.HTTPS else "http"
        port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
        self.stdout.write(f"{scheme}://{ref.slug}.{settings.FRONT_HOST}{port}/ {seconds:.2f} s")
