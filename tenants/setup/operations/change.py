"""What every change of set-up has in common: allowed? → lock → (rules, write) → audit → stamp."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit import operations as audit
from kernel.errors import Conflict
from kernel.permissions import require
from tenants.setup.models import SetupVersion
from tenants.setup.queries.snapshot import look_again

type Detail = str | int | bool | list[str] | None


class Change:
    """One change under way. `record` writes its audit row; one that did nothing leaves no trace."""

    def __init__(self, by: Actor, verb: str, of: str) -> None:
        self.by = by
        self.verb = f"{of}.{verb}"
        self.did_something = False

    def record(self, kind: str, object_id: Any, **details: Detail) -> None:
        """Ids and codes only: names and texts never go into the audit."""
        audit.record(by=self.by, verb=self.verb, kind=kind, object_id=object_id, **details)
        self.did_something = True


@contextmanager
def change(by: Actor, verb: str, *about: Any, of: str = "setup") -> Iterator[Change]:
    """One transaction under the set-up's lock, so that two administrators never write at the same moment.

    `of`: the slice the verb belongs to; `about`: what its permission asks for besides. Raises NotAllowed;
    Conflict before the municipality is furnished.
    """
    require(by, f"{of}.{verb}", *about)
    with transaction.atomic():
        version = SetupVersion.objects.select_for_update().first()
        if version is None:
            raise Conflict(_("This municipality is not set up yet."))
        under_way = Change(by, verb, of)
        yield under_way
        if under_way.did_something:
            _stamp(version)


def stamp() -> None:
    """Something that the door shows has changed outside of set-up, in the transaction we are in."""
    version = SetupVersion.objects.select_for_update().first()
    if version is not None:
        _stamp(version)


def _stamp(version: SetupVersion) -> None:
    version.stamp = uuid.uuid4()
    version.changed_at = clock.now()
    version.save()
    look_again()
