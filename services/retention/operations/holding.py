"""A legal hold: an administrator says by its number that a case must stay, until a day. They see none of it."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import FieldError, Invalid, NotFound
from kernel.permissions import require
from services.contact.case_numbers import as_drawn
from services.contact.models import ContactRequest
from services.desk.operations.keepers import account_of
from services.retention.models import LegalHold
from services.retention.terms import later
from tenants.setup.actors import today

#: Months a hold lasts at most; then somebody decides again.
LONGEST = 24
SHORTEST_REASON, LONGEST_REASON = 10, 2000


@transaction.atomic
def place_hold(*, by: Actor, number: str, basis: str, reason: str, last_day: date | None) -> LegalHold:
    """Keep the case of this number until a day. Raises Invalid (number, basis, reason, last_day), also when
    one stands already."""
    require(by, "retention.hold")
    request = ContactRequest.objects.select_for_update().filter(case_number=as_drawn(number)).first()
    errors = _wrong(request, basis, reason, last_day)
    if errors or request is None or last_day is None:
        raise Invalid(errors)
    over = LegalHold.objects.filter(request=request, ended_at__isnull=True).defer("reason").first()
    if over is not None and over.last_day >= today():
        raise Invalid(number=_("This conversation is held already. End that hold first."))
    if over is not None:
        LegalHold.objects.filter(pk=over.pk).update(ended_at=clock.now(), ended_by_id=by.id)
    hold = LegalHold(
        request=request, basis=basis, last_day=last_day, placed_by_id=account_of(by), placed_at=clock.now()
    )
    hold.reason = reason.strip()
    hold.save(force_insert=True)
    record(
        by=by, verb="retention.hold", kind="legal_hold", object_id=hold.pk, basis=basis, until=str(last_day)
    )
    return hold


def _wrong(
    request: ContactRequest | None, basis: str, reason: str, last_day: date | None
) -> list[FieldError]:
    errors = []
    if request is None:
        errors.append(FieldError("number", _("No conversation here has this number.")))
    if basis not in LegalHold.Basis.values:
        errors.append(FieldError("basis", _("Choose one of these.")))
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        errors.append(FieldError("reason", _("Name the decision or the letter, in 10 to 2,000 letters.")))
    if last_day is None or not today() < last_day <= later(today(), LONGEST):
        errors.append(FieldError("last_day", _("Choose a day after today, at most two years away.")))
    return errors


@transaction.atomic
def end_hold(*, by: Actor, hold_id: UUID) -> None:
    """The case may go when its time is over. Raises NotFound. Again: nothing happens."""
    require(by, "retention.hold")
    hold = LegalHold.objects.select_for_update().filter(pk=hold_id).defer("reason").first()
    if hold is None:
        raise NotFound()
    if hold.ended_at is not None:
        return
    LegalHold.objects.filter(pk=hold.pk).update(ended_at=clock.now(), ended_by_id=by.id)
    record(by=by, verb="retention.end_hold", kind="legal_hold", object_id=hold.pk)
