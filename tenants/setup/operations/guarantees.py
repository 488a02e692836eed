"""What is promised: for everybody, for a school, for a role, for a role at a school. The narrowest wins."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from kernel import clock
from kernel.actor import Actor
from kernel.errors import Conflict, FieldError, Invalid, NotFound
from kernel.guarantee import CountedHours, Guarantee, WorkingCalendar, WorkingDays, check_guarantee
from tenants.feasibility.guard import refuse_gaps
from tenants.feasibility.plan import with_guarantee
from tenants.setup.models import HelperRole, MeetingGuarantee, ResponseGuarantee, School
from tenants.setup.operations.change import change
from tenants.setup.queries.answers import current_calendar, meetings_within


def checked_guarantee(*, kind: str, amount: int, received_when_closed: str = "next_open_day") -> Guarantee:
    """The value, allowed and reachable with today's calendar. Raises Invalid (kind, amount,
    received_when_closed)."""
    guarantee: Guarantee
    if kind == ResponseGuarantee.Kind.COUNTED_HOURS:
        guarantee = CountedHours(amount)
    elif kind == ResponseGuarantee.Kind.WORKING_DAYS and received_when_closed in (
        "same_day",
        "next_open_day",
    ):
        received = "same_day" if received_when_closed == "same_day" else "next_open_day"
        guarantee = WorkingDays(amount, received)  # type: ignore[arg-type]
    elif kind == ResponseGuarantee.Kind.WORKING_DAYS:
        raise Invalid(received_when_closed=_("Choose the same day or the next open day."))
    else:
        raise Invalid(kind=_("Choose open hours or working days."))
    calendar, _version = current_calendar()
    words = {
        "hours_out_of_range": _("Choose between 1 and 240 hours."),
        "days_out_of_range": _("Choose between 1 and 30 days."),
        "never_opens": _("Your calendar never opens. Give it opening hours first."),
        "never_reached": _("Your calendar opens too seldom to keep this. Open more hours first."),
    }
    problems = check_guarantee(guarantee, calendar, clock.now())
    if problems:
        raise Invalid([FieldError("amount", words[problem.code]) for problem in problems])
    return guarantee


def set_guarantee(
    *,
    kind: str,
    amount: int,
    received_when_closed: str = "next_open_day",
    school_id: UUID | None = None,
    role_id: UUID | None = None,
    by: Actor,
) -> UUID:
    """Promise this there. `amount`: 1–240 hours or 1–30 days. Promises already given do not change.

    Raises Invalid (gaps where the municipality blocks what it would leave), NotFound for an unknown or closed school
    or role.
    """
    with change(by, "set_guarantee") as this:
        promised = checked_guarantee(kind=kind, amount=amount, received_when_closed=received_when_closed)
        _check_place(school_id, role_id)
        row = ResponseGuarantee.objects.filter(school_id=school_id, role_id=role_id).first()  # type: ignore[misc]  # None means null here
        row = row or ResponseGuarantee(school_id=school_id, role_id=role_id)
        wanted = (kind, amount, received_when_closed)
        if not row._state.adding and (row.kind, row.amount, row.received_when_closed) == wanted:
            return row.pk
        refuse_gaps(by, with_guarantee((school_id, role_id), promised))
        row.kind, row.amount, row.received_when_closed = wanted
        row.save()
        this.record(
            "guarantee",
            row.pk,
            promised=kind,
            amount=amount,
            school=str(school_id or ""),
            role=str(role_id or ""),
        )
        return row.pk


def _check_place(school_id: UUID | None, role_id: UUID | None) -> None:
    if school_id and not School.objects.filter(pk=school_id, closed_on=None).exists():
        raise NotFound(_("There is no such school."))
    if role_id and not HelperRole.objects.filter(pk=role_id, closed_on=None).exists():
        raise NotFound(_("There is no such role."))


def set_meeting_guarantee(
    *,
    urgency: str,
    kind: str,
    amount: int,
    school_id: UUID | None = None,
    role_id: UUID | None = None,
    by: Actor,
) -> UUID:
    """Promise a meeting there within this, when it is as urgent as that. Promises already given do not change.

    Raises Invalid (urgency, kind, amount), NotFound for an unknown or closed school or role.
    """
    try:
        made = _promise_meetings({urgency: (kind, amount)}, school_id, role_id, by)
    except Invalid as refused:
        raise Invalid(
            [FieldError(one.field.removeprefix(f"{urgency}."), one.message) for one in refused.errors]
        ) from None
    return made[0]


def set_meeting_guarantees(
    *,
    within: Mapping[str, tuple[str, int]],
    school_id: UUID | None = None,
    role_id: UUID | None = None,
    by: Actor,
) -> None:
    """Promise all of them there at once, urgency → (kind, amount): all or nothing. Raises Invalid (urgency,
    <urgency>.kind, <urgency>.amount), NotFound."""
    _promise_meetings(within, school_id, role_id, by)


def _promise_meetings(
    within: Mapping[str, tuple[str, int]], school_id: UUID | None, role_id: UUID | None, by: Actor
) -> list[UUID]:
    """One or all: what can wait longer is never promised sooner, also beside what is promised there already."""
    with change(by, "set_meeting_guarantee"):
        checked: dict[str, Guarantee] = {}
        errors: list[FieldError] = []
        for urgency, (kind, amount) in within.items():
            if urgency not in MeetingGuarantee.Urgency.values:
                raise Invalid(urgency=_("Choose how urgent it is."))
            try:
                checked[urgency] = checked_guarantee(kind=kind, amount=amount)
            except Invalid as refused:
                errors += [FieldError(f"{urgency}.{one.field}", one.message) for one in refused.errors]
        if errors:
            raise Invalid(errors)
        _check_place(school_id, role_id)
        if errors := list(_out_of_order(checked, beside=meetings_within(school_id, role_id))):
            raise Invalid(errors)
        return [
            _promise_meeting(urgency, kind, amount, school_id, role_id, by)
            for urgency, (kind, amount) in within.items()
        ]


def _promise_meeting(
    urgency: str, kind: str, amount: int, school_id: UUID | None, role_id: UUID | None, by: Actor
) -> UUID:
    with change(by, "set_meeting_guarantee") as this:
        place: dict[str, Any] = {"school_id": school_id, "role_id": role_id, "urgency": urgency}
        row = MeetingGuarantee.objects.filter(**place).first() or MeetingGuarantee(**place)
        if not row._state.adding and (row.kind, row.amount) == (kind, amount):
            return row.pk
        row.kind, row.amount = kind, amount
        row.save()
        this.record(
            "meeting_guarantee",
            row.pk,
            urgency=urgency,
            promised=kind,
            amount=amount,
            school=str(school_id or ""),
            role=str(role_id or ""),
        )
        return row.pk


def _out_of_order(asked: Mapping[str, Guarantee], *, beside: Mapping[str, Guarantee]) -> Iterator[FieldError]:
    """What would be promised sooner than the more urgent one before it, whenever it is asked for; said of what is asked
    for, of the less urgent one where both are. `beside`: what is promised there for the others."""
    within = {**beside, **asked}
    order = [urgency for urgency in MeetingGuarantee.Urgency.values if urgency in within]
    calendar, _version = current_calendar()
    for sooner, later in pairwise(order):
        if not _is_sooner(within[later], within[sooner], calendar):
            continue
        if later in asked:
            yield FieldError(
                f"{later}.amount", _("This comes before what is more urgent. Put them in order.")
            )
        elif sooner in asked:
            yield FieldError(
                f"{sooner}.amount", _("This comes after what is less urgent. Put them in order.")
            )


def _is_sooner(one: Guarantee, other: Guarantee, calendar: WorkingCalendar) -> bool:
    """Surely sooner. Hours are days by the calendar's usual open day; N days end on the N-th day after."""
    if isinstance(one, CountedHours) and isinstance(other, CountedHours):
        return one.hours < other.hours
    if isinstance(one, WorkingDays) and isinstance(other, WorkingDays):
        return one.days < other.days
    days = [
        sum(span.closes - span.opens for span in spans) for spans in calendar.open_hours.values() if spans
    ]
    usual = sum(days) / len(days) / 60 if days else 24.0
    if isinstance(one, CountedHours) and isinstance(other, WorkingDays):
        return float(one.hours) / usual < other.days
    if isinstance(one, WorkingDays) and isinstance(other, CountedHours):
        return one.days + 1 < float(other.hours) / usual
    return False


def reset_meeting_guarantees(
    *, school_id: UUID | None = None, role_id: UUID | None = None, by: Actor
) -> None:
    """Promise meetings there as around it again; for everybody: as usual."""
    with change(by, "reset_meeting_guarantees") as this:
        gone = MeetingGuarantee.objects.filter(school_id=school_id, role_id=role_id)  # type: ignore[misc]  # None means null here
        if gone.delete()[0]:
            this.record("meeting_guarantee", "all", school=str(school_id or ""), role=str(role_id or ""))


def reset_guarantee(*, school_id: UUID | None = None, role_id: UUID | None = None, by: Actor) -> None:
    """Promise there what is promised around it again. The promise to everybody cannot be taken away."""
    with change(by, "reset_guarantee") as this:
        if school_id is None and role_id is None:
            raise Conflict(_("The promise to everybody can be changed, never removed."))
        row = ResponseGuarantee.objects.filter(school_id=school_id, role_id=role_id).first()  # type: ignore[misc]  # None means null here
        if row is None:
            return
        refuse_gaps(by, with_guarantee((school_id, role_id), None))
        row.delete()
        this.record("guarantee", row.pk, school=str(school_id or ""), role=str(role_id or ""), reset=True)
