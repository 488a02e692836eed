"""`manage.py staff_data --municipality S --person EMAIL [--erase]`: an employee's own data as JSON, or its erasure."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import mailbox
from kernel.actor import MACHINE
from kernel.errors import Conflict
from kernel.people.models import Account
from kernel.tenancy import inside, municipality
from services.retention import operations
from services.retention.staff import STAYS


class Command(BaseCommand):
    help = "Print what we hold about an employee; with --erase, forget who they were once their access has ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="SLUG")
        parser.add_argument("--person", required=True, metavar="EMAIL")
        parser.add_argument("--erase", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ref = municipality(options["municipality"])
        except LookupError:
            said = f"--municipality: no municipality has the address {options['municipality']!r}."
            raise CommandError(said) from None
        with inside(ref):
            account = Account.objects.filter(email=mailbox.spelled(options["person"])).first()
            if account is None:
                raise CommandError(f"--person: nobody here has the address {options['person']!r}.")
            if not options["erase"]:
                found = operations.take_out_staff_data(by=MACHINE, account_id=account.pk)
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
                return
            try:
                operations.erase_staff(by=MACHINE, account_id=account.pk)
            except Conflict as refused:
                raise CommandError(str(refused.detail)) from None
        self.stdout.write("Erased. What stays, and why:")
        for line in STAYS:
            self.stdout.write(f"- {line}")
