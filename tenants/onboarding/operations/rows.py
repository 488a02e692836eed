"""Fetch and lock, move along the machine, write the audit: how every verb of sign-up begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, NotFound
from kernel.permissions import require
from kernel.tenancy import inside, operator
from tenants.onboarding import states
from tenants.onboarding.models import Application


@contextmanager
def as_operator() -> Iterator[None]:
    """Inside the operator's schema, in one transaction."""
    with inside(operator()), transaction.atomic():
        yield


@contextmanager
def locked(
    application_id: UUID, *, by: Actor, verb: str, in_states: tuple[str, ...] = states.OPEN
) -> Iterator[Application]:
    """The application, locked until the end, if `by` may do `verb` to it and it is in one of `in_states`.

    Raises NotFound, NotAllowed, Conflict. What is changed on it is the caller's to save.
    """
    with as_operator():
        application = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
        if application is None:
            raise NotFound(_("We cannot find this sign-up."))
        require(by, f"onboarding.{verb}", application)
        if application.state not in in_states:
            raise Conflict(_("This sign-up has moved on. Go back to its first page to see where it is."))
        yield application


def move(application: Application, to: str) -> None:
    """Change state along the machine. Raises Conflict for a way that does not exist."""
    if not states.may_move(application.state, to):
        raise Conflict(_("This sign-up has moved on. Go back to its first page to see where it is."))
    application.state = to


def audit(application: Application, *, by: Actor, verb: str, **details: str | int | bool | None) -> None:
    """One line in the operator's audit: ids and codes, never a name or an address."""
    record(by=by, verb=f"onboarding.{verb}", kind="application", object_id=application.pk, **details)
