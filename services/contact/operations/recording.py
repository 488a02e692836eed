"""The record that the law wants elsewhere: owed when a request is closed, settled by the one who owes it.

The platform keeps no journal. It says what is due and where, hands over a copy for it, and remembers that it was
written; from then on retention runs (followers.retention_starts_at).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid
from kernel.guarantee.reminders import may_remind
from kernel.permissions import require
from services.contact import notices
from services.contact.models import SUBJECT, ContactRequest, RecordDue
from services.contact.operations.fetching import locked
from services.contact.operations.reading import Conversation, copy_conversation
from tenants.presence.queries import roster_now
from tenants.setup.actors import today
from tenants.setup.queries import current_calendar
from tenants.walls.facts import duty_of

#: When the holder is reminded of what is still to be recorded: first after a day, then once a week.
FIRST_REMINDER, NEXT_REMINDER = timedelta(hours=24), timedelta(days=7)
LONGEST = 300  # characters of a system's name or a reason


@dataclass(frozen=True, slots=True)
class Settling:
    """What the holder says: recorded in a system on a day, or (`because`) that no record is due."""

    recorded_in: str = ""
    recorded_on: date | None = None
    because: str = ""

    def __bool__(self) -> bool:
        return bool(self.recorded_in.strip() or self.because.strip() or self.recorded_on)


def owe(request: ContactRequest, account_id: UUID, at: datetime) -> RecordDue | None:
    """Write down that a record is due of this locked request, if the law wants one; one at a time.

    One that stands goes to whoever closes now: they alone can still read what is to be recorded.
    """
    duty = duty_of(account_id, request.role, request.school)
    if duty.record is None:
        return None
    standing = RecordDue.objects.filter(request=request, settled="").first()
    if standing is not None and standing.holder_id == account_id:
        return standing
    if standing is not None:
        standing.holder_id, standing.remind_at = account_id, at + FIRST_REMINDER
        standing.system, standing.employer = duty.record.system, duty.employer
        standing.save(update_fields=["holder", "remind_at", "system", "employer"])
        return standing
    return RecordDue.objects.create(
        request=request,
        holder_id=account_id,
        system=duty.record.system,
        employer=duty.employer,
        since=at,
        remind_at=at + FIRST_REMINDER,
    )


@transaction.atomic
def settle_record(*, by: Actor, request_id: UUID, said: Settling) -> RecordDue:
    """The one who has the request says where it was recorded, or why it need not be. Said again, it is corrected.

    Raises Conflict when nothing is due, Invalid (recorded_in, recorded_on, because).
    """
    request = locked(by, request_id, "settle_record")
    due = RecordDue.objects.select_for_update().filter(request=request).order_by("-since").first()
    if due is None:
        raise Conflict(_("No record is due for this."), code="none-due")
    settle(by, request, due, said)
    return due


def settle(by: Actor, request: ContactRequest, due: RecordDue, said: Settling) -> None:
    """Write it into the locked row."""
    now = clock.now()
    system, because = said.recorded_in.strip(), said.because.strip()
    _check(system, because, said.recorded_on, request.opened_at)
    due.request = request
    due.settled = RecordDue.Settled.RECORDED if system else RecordDue.Settled.NOT_DUE
    due.settled_at, due.settled_by_id, due.remind_at = now, by.id, None
    due.recorded_on = (said.recorded_on or today()) if system else None
    due.detail = system or because
    due.save()
    record(by=by, verb="contact.settle_record", kind=SUBJECT, object_id=request.pk, settled=str(due.settled))


def _check(system: str, because: str, on: date | None, opened_at: datetime) -> None:
    errors = []
    if not system and not because:
        errors.append(FieldError("recorded_in", _("Write in which system it was recorded.")))
    if system and because:
        errors.append(FieldError("because", _("Either it was recorded, or no record is due.")))
    too_long = _("At most %(most)s characters.") % {"most": LONGEST}
    for field, text in (("recorded_in", system), ("because", because)):
        if len(text) > LONGEST:
            errors.append(FieldError(field, too_long))
    if on is not None and on > today():
        errors.append(FieldError("recorded_on", _("This day has not come yet.")))
    elif on is not None and on < opened_at.date() - timedelta(days=1):
        errors.append(FieldError("recorded_on", _("This day is before the student knocked.")))
    if errors:
        raise Invalid(errors)


@transaction.atomic
def copy_for_record(*, by: Actor, request_id: UUID) -> Conversation:
    """The whole conversation for the record elsewhere, for the one who has it. The read log has it, and the student
    sees it. Raises NotFound, NotAllowed.
    """
    copied = copy_conversation(by, request_id)
    record(by=by, verb="contact.copy_for_record", kind=SUBJECT, object_id=request_id)
    return copied


@transaction.atomic
def remind_of_records(*, by: Actor) -> int:
    """Tell each holder how many are still to be recorded: a day after closing, then weekly; inside open hours, never
    while they are away. Returns how many people were told.
    """
    require(by, "contact.remind_of_records")
    now, theirs = clock.now(), defaultdict[UUID, list[RecordDue]](list)
    due = RecordDue.objects.select_for_update(of=("self",)).filter(settled="", remind_at__lte=now)
    if not due.exists() or not may_remind(
        current_calendar()[0], now - FIRST_REMINDER, now + FIRST_REMINDER, now
    ):
        return 0
    everybody = roster_now()
    for row in due.select_related("holder", "request__role"):
        if row.holder.is_active and not everybody.is_away(row.holder_id, today()):
            theirs[row.holder_id].append(row)
    for rows in theirs.values():
        count = RecordDue.objects.filter(settled="", holder_id=rows[0].holder_id).count()
        notices.still_to_record(
            rows[0].holder, rows[0].request, count, cause=f"record:{rows[0].pk}:{now:%G-%j}"
        )
        for row in rows:
            row.remind_at = now + NEXT_REMINDER
            row.save(update_fields=["remind_at"])
            record(by=by, verb="contact.remind_of_record", kind=SUBJECT, object_id=row.request_id)
    return len(theirs)
