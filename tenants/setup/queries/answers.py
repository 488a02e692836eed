"""Small questions, asked of the database every time: they stand in the transaction that stores a promise."""

from datetime import date, timedelta
from uuid import UUID

from kernel.errors import Unavailable
from kernel.guarantee import CountedHours, Guarantee, WorkingCalendar, WorkingDays
from kernel.people.models import Account
from tenants.setup.actors import held_on, today
from tenants.setup.models import (
    CannedReply,
    Lead,
    MeetingGuarantee,
    Post,
    ResponseGuarantee,
    School,
    usual_reminders,
)
from tenants.setup.models import WorkingCalendar as CalendarRow
from tenants.setup.portal import narrowest

#: How soon one meets where a municipality has said nothing else: a working day's hours, days, two weeks.
USUAL_MEETINGS: dict[str, Guarantee] = {
    "today": CountedHours(8),
    "days": WorkingDays(3, "next_open_day"),
    "weeks": WorkingDays(10, "next_open_day"),
}
type MeetingPromises = dict[tuple[UUID | None, UUID | None], dict[str, Guarantee]]


def guarantee_value(row: ResponseGuarantee) -> Guarantee:
    """The row as the value kernel.guarantee computes with."""
    if row.kind == ResponseGuarantee.Kind.COUNTED_HOURS:
        return CountedHours(row.amount)
    return WorkingDays(row.amount, "same_day" if row.received_when_closed == "same_day" else "next_open_day")


def guarantees() -> dict[tuple[UUID | None, UUID | None], Guarantee]:
    """Every guarantee, by (school id or None, role id or None)."""
    return {(row.school_id, row.role_id): guarantee_value(row) for row in ResponseGuarantee.objects.all()}


def current_calendar() -> tuple[WorkingCalendar, UUID]:
    """The working calendar of today's promises and the id of its version. Raises Unavailable before
    furnishing."""
    row = CalendarRow.objects.select_related("version").first()
    if row is None:
        raise Unavailable()
    return WorkingCalendar.from_json(row.version.data), row.version.pk


def reminder_shares() -> list[int]:
    """At which shares of a promise, in per cent, reminders are due; the usual ones before furnishing."""
    return list(CalendarRow.objects.values_list("reminders", flat=True).first() or usual_reminders())


def meeting_reminder() -> timedelta:
    """How long before an agreed meeting both are reminded."""
    return timedelta(minutes=CalendarRow.objects.values_list("meeting_reminder", flat=True).first() or 120)


def longest_pause() -> WorkingDays:
    """For how long at most the clock of a meeting stands while the student chooses."""
    return WorkingDays(
        CalendarRow.objects.values_list("longest_pause", flat=True).first() or 10, "next_open_day"
    )


def blocks_gaps() -> bool:
    """Whether set-up refuses to leave a gap in the next 30 days; otherwise it shows it first."""
    return CalendarRow.objects.filter(on_gaps=CalendarRow.OnGaps.BLOCK).exists()


def guarantee_for(school_id: UUID, role_id: UUID) -> tuple[WorkingCalendar, Guarantee, UUID]:
    """(calendar, guarantee, calendar version id) for a promise given now. Raises Unavailable before
    furnishing."""
    calendar, version_id = current_calendar()
    guarantee = narrowest(guarantees(), school_id, role_id)
    if guarantee is None:
        raise Unavailable()
    return calendar, guarantee, version_id


def holders_of(role_id: UUID, school_id: UUID, on: date | None = None) -> list[Account]:
    """Active accounts that hold the role at the school on a local date (today), by name."""
    posts = Post.objects.filter(
        held_on(on or today()), role_id=role_id, school_id=school_id, account__is_active=True
    ).select_related("account")
    return sorted({post.account for post in posts}, key=lambda account: account.name)


def leads_of(school_id: UUID) -> list[Account]:
    """Active leads of the school; those of the whole municipality come after the school's own."""
    rows = Lead.objects.filter(account__is_active=True, school_id=school_id).select_related("account")
    everywhere = Lead.objects.filter(account__is_active=True, school__isnull=True).select_related("account")
    found: dict[UUID, Account] = {}
    for row in (*rows.order_by("account__name"), *everywhere.order_by("account__name")):
        found.setdefault(row.account_id, row.account)
    return list(found.values())


def open_schools() -> list[School]:
    """Schools with a door, by name."""
    return list(School.objects.filter(closed_on=None).order_by("name"))


def meeting_guarantees() -> MeetingPromises:
    """How soon one meets, by place and urgency, where somebody has said so."""
    found: MeetingPromises = {}
    for row in MeetingGuarantee.objects.all():
        value: Guarantee = (
            CountedHours(row.amount)
            if row.kind == ResponseGuarantee.Kind.COUNTED_HOURS
            else WorkingDays(row.amount, "next_open_day")
        )
        found.setdefault((row.school_id, row.role_id), {})[row.urgency] = value
    return found


def meetings_within(
    school_id: UUID | None, role_id: UUID | None, said: MeetingPromises | None = None
) -> dict[str, Guarantee]:
    """Urgency → how soon one meets at this door; the narrowest wins for each urgency by itself."""
    rows = meeting_guarantees() if said is None else said
    found = {}
    for urgency, usual in USUAL_MEETINGS.items():
        places = {place: values[urgency] for place, values in rows.items() if urgency in values}
        found[urgency] = narrowest(places, school_id, role_id) or usual
    return found


def canned_replies(role_id: UUID | None = None) -> list[CannedReply]:
    """What the helpers of a role have ready, in their order; None: of every role that is open. One query."""
    rows = CannedReply.objects.filter(role__closed_on=None).select_related("role")
    rows = rows if role_id is None else rows.filter(role_id=role_id)
    return list(rows.order_by("role__order", "role_id", "order", "pk"))
