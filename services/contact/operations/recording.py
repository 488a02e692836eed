"""The record that the law wants elsewhere: owed when a request is closed, settled by the one who owes it.

The platform keeps no journal. It says what is due and where, hands over a copy for it, and remembers that it was
written; from then on retention runs (followers.retention_starts_at).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.audit.operations import record
from kernel.errors import Conflict, FieldError, Invalid
from kernel.guarantee.reminders import may_remind
from kernel.permissions import require
from services.contact import notices
from services.contact.handover_queries import Door, apart_from, kept_out
from services.contact.models import SUBJECT, ContactRequest, RecordDue
from services.contact.operations.fetching import account_of, locked_for_its_record
from services.contact.operations.reading import Conversation, copy_conversation
from services.contact.queries import owed_first, records_due, records_of
from tenants.presence.presence import Roster
from tenants.presence.queries import accounts, roster_now
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
    """Write down that a record is due of this locked request, if the law wants one of its door; one at a time.

    One of this door that stands goes to whoever closes now: they alone can still read what is to be recorded. What
    another door owes of it stays that door's.
    """
    duty = duty_of(account_id, request.role, request.school)
    if duty.record is None:
        return None
    here = {"door_role": request.role_id, "door_school": request.school_id}
    standing = records_due().filter(request=request, settled="", **here).first()
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
        role_id=request.role_id,
        school_id=request.school_id,
        system=duty.record.system,
        employer=duty.employer,
        since=at,
        remind_at=at + FIRST_REMINDER,
    )


@transaction.atomic
def settle_record(*, by: Actor, request_id: UUID, said: Settling) -> RecordDue:
    """Whoever owes the record says where it was written, or why it need not be. Said again, it is corrected.

    Of somebody who answers at that door no more: whoever does, and from then on it is theirs.
    Raises Conflict when nothing is due, Invalid (recorded_in, recorded_on, because).
    """
    request = locked_for_its_record(by, request_id)
    due = owed_first(records_of(by).filter(request=request)).select_for_update(of=("self",)).first()
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
    instead = {} if due.holder_id == by.id else {"instead_of": str(due.holder_id)}
    due.holder_id = account_of(by)
    due.settled = RecordDue.Settled.RECORDED if system else RecordDue.Settled.NOT_DUE
    due.settled_at, due.settled_by_id, due.remind_at = now, by.id, None
    due.recorded_on = (said.recorded_on or today()) if system else None
    due.detail = system or because
    due.save()
    record(
        by=by,
        verb="contact.settle_record",
        kind=SUBJECT,
        object_id=request.pk,
        settled=str(due.settled),
        **instead,
    )


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
    """Tell whoever owes some how many are still to be recorded: a day after closing, then weekly; inside open hours,
    never while they are away. Nobody is left at a door who could: those in charge learn how many, and where.

    Returns how many people were told, or doors.
    """
    require(by, "contact.remind_of_records")
    now = clock.now()
    due = records_due().select_for_update(of=("self",)).filter(settled="", remind_at__lte=now)
    if not due.exists() or not may_remind(
        current_calendar()[0], now - FIRST_REMINDER, now + FIRST_REMINDER, now
    ):
        return 0
    everybody = roster_now()
    theirs, nobodys = defaultdict[UUID, list[RecordDue]](list), defaultdict[Door, list[RecordDue]](list)
    for row in due.select_related("request").order_by("pk"):
        owing = _owing(row, everybody)
        if not owing:
            nobodys[row.door].append(row)
        for account_id in owing:
            if not everybody.is_away(account_id, today()):
                theirs[account_id].append(row)
    for person in accounts(theirs):
        rows = theirs[person.pk]
        count = RecordDue.objects.filter(
            Q(holder=person) | Q(pk__in=[row.pk for row in rows]), settled=""
        ).count()
        notices.still_to_record(person, rows[0].door[0], count, cause=f"record:{rows[0].pk}:{now:%G-%j}")
    for (role_id, school_id), rows in nobodys.items():
        cause, apart = f"no-record:{rows[0].pk}:{now:%G-%j}", frozenset[UUID]()
        for row in rows:
            apart |= apart_from(row.request_id)
        notices.nobody_records(role_id, school_id, len(rows), cause=cause, apart=apart)
    told = {row.pk: row for rows in (*theirs.values(), *nobodys.values()) for row in rows}
    for row in told.values():
        row.remind_at = now + NEXT_REMINDER
        row.save(update_fields=["remind_at"])
        record(by=by, verb="contact.remind_of_record", kind=SUBJECT, object_id=row.request_id)
    return len(theirs) + len(nobodys)


def _owing(due: RecordDue, everybody: Roster) -> list[UUID]:
    """Whose it is (queries.records_of): its holder's; they answer at its door no more: everybody's who does."""
    door, day = due.door, today()
    there = [post.account_id for post in everybody.holders(*door, day)]
    if due.holder_id in there or (due.holder_id, *door) in everybody.stand_ins(day):
        return [due.holder_id]
    aside = kept_out(due.request_id)
    return [one for one in dict.fromkeys(there) if one not in aside]
