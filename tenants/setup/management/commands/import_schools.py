"""manage.py import_schools: a municipality's schools from a register's file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.actor import MACHINE
from kernel.errors import DomainError
from kernel.tenancy import MunicipalityRef, inside, municipality
from tenants.municipalities.queries import official_code
from tenants.setup.operations import take_in_schools
from tenants.setup.registers.schools import COMPULSORY, FORMATS, KINDS, UPPER, Listed, read
from tenants.setup.registers.sheets import Unreadable


class Command(BaseCommand):
    help = "Take a municipality's schools from a register's file. Run again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="SLUG")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and keep nothing")
        parser.add_argument(
            "--kinds",
            default="",
            help=f"of {', '.join(KINDS)}, with commas between. A county takes {UPPER} unless told, others {COMPULSORY}",
        )
        parser.add_argument(
            "--whole-file", action="store_true", help="take every row of a file that names no municipality"
        )
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ref = municipality(options["municipality"])
            listed = read(options["file"].read_bytes(), options["format"])
        except (LookupError, Unreadable) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from None
        kinds = self._kinds(options["kinds"]) or [UPPER if ref.kind == "county" else COMPULSORY]
        whole_file = options["whole_file"] or options["format"] == "csv"
        belongs = belonging(ref, official_code(ref.id), listed, whole_file=whole_file)
        try:
            with inside(ref):
                done = take_in_schools(
                    by=MACHINE, listed=listed, belongs=belongs, kinds=kinds, dry_run=options["dry_run"]
                )
        except DomainError as error:
            raise CommandError(str(error)) from None
        for where, name, why in done.skipped:
            self.stdout.write(f"skipped {where} {name or '–'}: {why}")
        self.stdout.write(
            f"created {done.created}, changed {done.changed}, closed {done.closed}, skipped {len(done.skipped)}"
        )

    def _kinds(self, said: str) -> list[str]:
        kinds = [part.strip() for part in said.split(",") if part.strip()]
        if unknown := sorted(set(kinds) - set(KINDS)):
            raise CommandError(f"--kinds: {', '.join(unknown)}: choose of {', '.join(KINDS)}.")
        return kinds


def belonging(ref: MunicipalityRef, code: str, listed: list[Listed], *, whole_file: bool) -> Any:
    """Says why a unit is none of this municipality's; "" for its own. A file in which no row names a municipality is
    taken whole where that is right (`whole_file`).
    """
    names_any = any(one.municipality or one.county for one in listed)

    def why_not(unit: Listed) -> str:
        if not names_any:
            return (
                ""
                if whole_file
                else "the file does not say of which municipality; take it whole by --whole-file"
            )
        theirs = unit.county if ref.kind == "county" else unit.municipality
        if not theirs:
            return "it does not say of which municipality"
        if not code:
            return f"{ref.slug} has no official number"
        return "" if theirs.lstrip("0") == code.lstrip("0") else f"it is of {theirs}"

    return why_not
