"""`manage.py issue_token --municipality S --person EMAIL --scopes desk:read,desk:write`: the token, once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import mailbox
from kernel.actor import MACHINE
from kernel.api.tokens import SCOPES, issue
from kernel.errors import Invalid
from kernel.people.models import Account
from kernel.tenancy import inside, municipality


class Command(BaseCommand):
    help = "Print a new API token of a person, alone, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, metavar="SLUG")
        parser.add_argument("--person", required=True, metavar="EMAIL")
        parser.add_argument("--scopes", required=True, help="comma-separated, of " + ", ".join(SCOPES))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ref = municipality(options["municipality"])
        except LookupError:
            raise CommandError(
                f"--municipality: no municipality has the address {options['municipality']!r}."
            ) from None
        with inside(ref):
            account = Account.objects.filter(email=mailbox.spelled(options["person"]), is_active=True).first()
            if account is None:
                raise CommandError(f"--person: nobody here signs in as {options['person']!r}.")
            try:
                token = issue(
                    account=account,
                    scopes=[scope.strip() for scope in options["scopes"].split(",") if scope.strip()],
                    by=MACHINE,
                )
            except Invalid as error:
                raise CommandError("--scopes: " + str(error.errors[0].message)) from None
        self.stdout.write(token)
