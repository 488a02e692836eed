"""Naming the reviewer, signing a month off, and reminding."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit import verifying
from kernel.audit.operations import record
from kernel.errors import Conflict, Invalid, NotFound
from kernel.outbox.operations import queue
from kernel.permissions import require
from services.logreview import queries
from services.logreview.models import LogReview
from tenants.setup.models import Employer
from tenants.setup.queries import portal


@transaction.atomic
def name_reviewer(*, by: Actor, employer_id: UUID, account_id: UUID | None) -> None:
    """Name who reviews the reads by this employer's people. Raises NotFound, and Invalid for somebody who holds a
    post of the employer (nobody reviews their own reads), is not active, or is not there."""
    require(by, "logreview.name_reviewer")
    employer = Employer.objects.select_for_update().filter(pk=employer_id).first()
    if employer is None:
        raise NotFound()
    possible = {one.pk for one in queries.possible_reviewers(employer_id)}
    if account_id is None or account_id not in possible:
        raise Invalid(reviewer=_("Choose somebody who does not work for this employer here."))
    LogReview.objects.update_or_create(
        employer=employer, month=None, defaults={"reviewer_id": account_id, "at": clock.now()}
    )
    record(
        by=by,
        verb="logreview.name_reviewer",
        kind="employer",
        object_id=employer_id,
        reviewer=str(account_id),
    )


@transaction.atomic
def sign_off(*, by: Actor, employer_id: UUID, month: date, outcome: str) -> LogReview:
    """The reviewer's word for a month that is over, once. The head of the log's chain is noted with it.

    Raises NotFound for everybody but the reviewer, Invalid without an outcome, Conflict the second time and for a
    reviewer who has come to work for the employer.
    """
    seen = queries.month_of(by, employer_id, month)
    if seen is None:
        raise NotFound()
    if outcome not in LogReview.Outcome.values:
        raise Invalid(outcome=_("Choose what you found."))
    if by.id not in {one.pk for one in queries.possible_reviewers(employer_id)}:
        raise Conflict(_("You work for this employer now. Somebody else must review its log."))
    try:
        with transaction.atomic():
            signed = LogReview.objects.create(
                employer_id=employer_id,
                reviewer_id=by.id,
                month=month,
                at=clock.now(),
                outcome=outcome,
                reads=seen.reads,
                log_head=verifying.head_now(),
            )
    except IntegrityError as error:
        raise Conflict(_("This month is signed off already.")) from error
    record(
        by=by, verb="logreview.sign_off", kind="employer", object_id=employer_id,
        month=str(month), outcome=outcome, reads=seen.reads,
    )  # fmt: skip
    return signed


@transaction.atomic
def remind(*, by: Actor) -> int:
    """Tell each reviewer, once, that last month can be reviewed. Returns how many were told now."""
    require(by, "logreview.remind")
    month, told = queries.last_month(), 0
    signed = LogReview.objects.filter(month=month).values("employer_id")
    for row in (
        LogReview.objects.filter(month=None).exclude(employer_id__in=signed).select_related("reviewer")
    ):
        message = queue(
            cause=f"log-review:{row.employer_id}:{month}",
            to=row.reviewer,
            template="logreview/ready",
            language=row.reviewer.language or portal().default_language,
        )
        if message is not None:
            told += 1
            record(
                by=by, verb="logreview.remind", kind="employer", object_id=row.employer_id, month=str(month)
            )
    return told
