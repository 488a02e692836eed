"""One municipality's keys from beginning to end; `manage.py rotate_keys` goes through all of them."""

from dataclasses import dataclass
from datetime import timedelta

from kernel.actor import MACHINE
from kernel.crypto import operations
from kernel.tenancy import MunicipalityRef, inside


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: keys wrapped under the present KEY_ENCRYPTION_KEY, versions added, case keys wrapped under the
    newest version, old versions deleted."""

    rewrapped: int = 0
    added: int = 0
    cases: int = 0
    deleted: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(
            self.rewrapped + other.rewrapped,
            self.added + other.added,
            self.cases + other.cases,
            self.deleted + other.deleted,
        )


def rotate(ref: MunicipalityRef, *, older_than: timedelta, versions: bool = True) -> Done:
    """Bring the keys of `ref` where they should be, step by step. Stopped anywhere, done again it goes on.

    versions=False changes nothing but what wraps the keys. Raises CannotOpen, DatabaseError.
    """
    if ref.state == "ended":
        return Done(rewrapped=operations.rewrap_keys_of_the_ended(by=MACHINE, ended=ref))
    with inside(ref):
        rewrapped = operations.rewrap_municipality_keys(by=MACHINE)
        if not versions:
            return Done(rewrapped=rewrapped)
        added = operations.add_versions(by=MACHINE, older_than=older_than)
        cases = 0
        while batch := operations.rewrap_case_keys(by=MACHINE):
            cases += batch
        return Done(rewrapped, added, cases, operations.delete_old_versions(by=MACHINE))
