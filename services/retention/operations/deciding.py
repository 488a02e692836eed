"""How long, and what then: decided by an administrator, within the law row, a week before anything goes by it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.permissions import require
from services.desk.operations.keepers import account_of
from services.retention import notices, queries, terms
from services.retention.models import OUTCOMES, WAITS, ArchiveDecision, Method, RetentionRule
from tenants.setup.actors import today
from tenants.setup.operations.change import change


def decide_rule(*, by: Actor, outcome: str, months: int | None, method: str) -> RetentionRule | None:
    """Decide about requests that end so. `months` None: back to the law's. A change that waits is replaced.

    Leads and administrators are told at once; it begins a week later, and can be taken back until then. None when
    that is what counts already and nothing waits. Raises Invalid (outcome, months, method).
    """
    with change(by, "decide", of="retention") as this:
        _check(outcome, months, method)
        now, standing = clock.now(), {one.row.outcome: one for one in queries.standing()}[outcome]
        wanted = RetentionRule(
            outcome=outcome, months=months, method=method if months is not None else "",
            decided_by_id=account_of(by), decided_at=now, starts_at=now + WAITS,
        )  # fmt: skip
        same = terms.term(standing.row, wanted) == standing.term and standing.is_the_laws == (months is None)
        if standing.waits is not None:
            _take_back(standing.waits)
            this.record("retention_rule", standing.waits.pk, taken_back=True)
        if same:
            return None
        wanted.save(force_insert=True)
        this.record("retention_rule", wanted.pk, outcome=outcome, months=months, method=wanted.method)
        notices.rule_changes(wanted)
        return wanted


def _check(outcome: str, months: int | None, method: str) -> None:
    if outcome not in OUTCOMES:
        raise Invalid(outcome=_("Choose one of these."))
    errors, row = [], queries.law_of(outcome)
    if months is not None and not row.shortest <= months <= row.longest:
        said = _("Choose between %(least)s and %(most)s months.") % {
            "least": row.shortest,
            "most": row.longest,
        }
        errors.append(FieldError("months", said))
    if months is not None and method not in Method.values:
        errors.append(FieldError("method", _("Choose one of these.")))
    if errors:
        raise Invalid(errors)


def take_back_rule(*, by: Actor, rule_id: UUID) -> None:
    """Take back a change that waits. Raises NotFound, and Conflict once it has begun. Again: nothing happens."""
    with change(by, "decide", of="retention") as this:
        rule = RetentionRule.objects.select_for_update().filter(pk=rule_id).first()
        if rule is None:
            raise NotFound()
        if rule.taken_back_at is not None:
            return
        if rule.starts_at <= clock.now():
            raise Conflict(_("This counts already. Decide anew instead."))
        _take_back(rule)
        this.record("retention_rule", rule.pk, taken_back=True)


def _take_back(rule: RetentionRule) -> None:
    rule.taken_back_at = clock.now()
    rule.save(update_fields=["taken_back_at"])


def decide_archive(*, by: Actor, choice: str, decided_on: date | None) -> ArchiveDecision:
    """Note what the municipality decided about its archive. Raises Invalid (choice, decided_on)."""
    with change(by, "decide", of="retention") as this:
        errors = []
        if choice not in ArchiveDecision.Choice.values:
            errors.append(FieldError("choice", _("Choose one of these.")))
        if decided_on is None or decided_on > today():
            errors.append(FieldError("decided_on", _("Write the day it was decided: today or earlier.")))
        if errors or decided_on is None:
            raise Invalid(errors)
        noted = ArchiveDecision.objects.create(
            choice=choice, decided_on=decided_on, noted_at=clock.now(), noted_by_id=by.id
        )
        this.record("archive_decision", noted.pk, choice=choice)
        return noted


@transaction.atomic
def keep_archive_decision(*, by: Actor, choice: str, decided_on: date) -> None:
    """What was decided before the door opened, brought along from the sign-up when it opens."""
    require(by, "retention.bring_archive_decision")
    if choice not in ArchiveDecision.Choice.values or queries.archive_decision() is not None:
        return
    noted = ArchiveDecision.objects.create(choice=choice, decided_on=decided_on, noted_at=clock.now())
    record(by=by, verb="retention.decide", kind="archive_decision", object_id=noted.pk, choice=choice)
