"""manage.py import_breaks: a municipality's school breaks from a CSV or a calendar."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import holidays
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from kernel.actor import MACHINE
from kernel.errors import DomainError, Invalid
from kernel.tenancy import MunicipalityRef, inside, municipality
from tenants.setup.operations import add_break
from tenants.setup.queries import portal
from tenants.setup.registers.breaks import Break, Found, read
from tenants.setup.registers.sheets import Unreadable


class Command(BaseCommand):
    help = "Take a municipality's school breaks from a CSV (a row a day or a range) or an ICS file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="SLUG")
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ref = municipality(options["municipality"])
            found = _read(ref, options["file"])
        except (LookupError, Unreadable) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from None
        for where, why in found.skipped:
            self.stderr.write(f"skipped {where}: {why}")
        with inside(ref):
            for one in found.breaks:
                self._add(one)

    def _add(self, one: Break) -> None:
        line = f"{one.first_day}..{one.last_day} {one.name}"
        try:
            add_break(name=one.name, first_day=one.first_day, last_day=one.last_day, by=MACHINE)
        except Invalid as refusal:
            self.stderr.write(f"skipped {line}: {refusal.errors[0].message}")
        except DomainError as error:
            raise CommandError(str(error)) from None
        else:
            self.stdout.write(line)


def _read(ref: MunicipalityRef, file: Path) -> Found:
    data = file.read_bytes()
    with inside(ref), override(portal().default_language):
        unnamed = _("School break")
    return read(data, zone=ref.timezone, holidays=_public(ref.country), unnamed=unnamed)


def _public(country: str) -> set[date]:
    """Public holidays from ten years back to five years on."""
    this_year = date.today().year
    return set(holidays.country_holidays(country, years=range(this_year - 10, this_year + 6)))
