"""`manage.py verify_log`: is every row of every log as we wrote it? Says what is wrong and where; status 1 when
anything is (docs/how/log.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.audit import verifying
from kernel.tenancy import MunicipalityRef, inside, municipalities, municipality

SHOWN = 50  # findings of one municipality


class Command(BaseCommand):
    help = "Read every municipality's log against its proofs and its chain. Status 1 when anything is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", metavar="SLUG", help="this one only")
        parser.add_argument(
            "--expect",
            metavar="NUMBER:HASH",
            help="with --municipality: a head that was noted earlier, through which the chain must still go",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug, noted = options["municipality"], options["expect"]
        if noted and not slug:
            raise CommandError("--expect is about one municipality: name it with --municipality.")
        wrong = [ref.slug for ref in self._refs(slug) if not self._is_sound(ref, noted)]
        if wrong:
            raise CommandError(f"The log is not as we wrote it: {', '.join(wrong)}.")

    def _refs(self, slug: str | None) -> list[MunicipalityRef]:
        if slug is None:
            return municipalities(include_operator=True)
        try:
            return [municipality(slug)]
        except LookupError as error:
            raise CommandError(str(error)) from None

    def _is_sound(self, ref: MunicipalityRef, noted: str | None) -> bool:
        with inside(ref):
            verdict = verifying.verify()
            lost = noted is not None and not verifying.stands(noted)
        for finding in verdict.findings[:SHOWN]:
            self.stderr.write(f"{ref.slug}: {finding}")
        if len(verdict.findings) > SHOWN:
            self.stderr.write(f"{ref.slug}: and {len(verdict.findings) - SHOWN} more")
        if lost:
            self.stderr.write(f"{ref.slug}: the chain does not go through {noted}")
        self.stdout.write(
            f"{ref.slug}: {verdict.links} rows in the chain, {verdict.waiting} not linked yet, "
            f"{len(verdict.findings)} wrong, head {verdict.head or 'unknown'}"
        )
        return not verdict.findings and not lost
