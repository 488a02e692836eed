"""manage.py due: worked cases of the guarantee in, due times out. Touches no database."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from kernel.guarantee.calendar import InvalidField
from kernel.guarantee.vectors import instant_to_json, read_case, read_document

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        'Reads the JSON of guarantee vectors {"cases": [...]} from standard input and writes '
        '[{"id": ..., "due_at": UTC instant or null}] in the same order. A case that cannot be read gets '
        "null and a line on standard error that names it; the others are answered, and the exit code is 2."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cases, unknown = read_document(sys.stdin.buffer.read().decode("utf-8-sig"))
        except (InvalidField, UnicodeDecodeError) as error:
            self.stderr.write(f"due: {error}")
            sys.exit(UNREADABLE)
        for name in unknown:
            self.stderr.write(f"due: {name}: unknown, not used")
        self._broken = False
        answers = [self._answer(case, number) for number, case in enumerate(cases, start=1)]
        self.stdout.write(json.dumps(answers, indent=1))
        if self._broken:
            sys.exit(UNREADABLE)

    def _answer(self, data: object, number: int) -> dict[str, Any]:
        identity = data.get("id") if isinstance(data, dict) else None
        name = f"case {number}" if identity is None else f"case {identity}"
        try:
            case = read_case(data)
            for field in case.unknown:
                self.stderr.write(f"due: {name}: {field}: unknown, not used")
            return {"id": identity, "due_at": instant_to_json(case.due_at())}
        except Exception as error:  # one broken case never stops the others
            said = (
                str(error) if isinstance(error, InvalidField) else f"cannot be read ({type(error).__name__})"
            )
            self.stderr.write(f"due: {name}: {said}")
            self._broken = True
            return {"id": identity, "due_at": None}
