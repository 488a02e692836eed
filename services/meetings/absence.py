"""Which times ahead cannot be, because their helper is away that day, holds the post no more, or cannot sign in."""

from collections import defaultdict
from uuid import UUID
from zoneinfo import ZoneInfo

from kernel import clock
from kernel.tenancy import require_current
from services.meetings.models import MeetingTime
from tenants.presence.queries import roster_now

type Found = tuple[UUID, UUID, list[UUID]]


def cannot_be() -> list[Found]:
    """(request, account, times), for proposed and agreed times ahead. A day that is none of the helper's weekdays does
    not count: they said it themselves."""
    zone, now = ZoneInfo(require_current().timezone), clock.now()
    rows = MeetingTime.objects.filter(
        state__in=(MeetingTime.State.OFFERED, MeetingTime.State.AGREED), starts_at__gt=now
    ).select_related("meeting__request", "account")
    times = list(rows)
    if not times:
        return []
    everybody = roster_now()
    found: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
    for one in times:
        request, day = one.meeting.request, one.starts_at.astimezone(zone).date()
        held = everybody.holders(request.role_id, request.school_id, day)
        answers = {post.account_id for post in held} | set(
            everybody.present(request.role_id, request.school_id, day)
        )
        here = one.account_id in answers and one.account.is_active
        if not here or everybody.is_away(one.account_id, day):
            found[request.pk, one.account_id].append(one.pk)
    return [(request, account, ids) for (request, account), ids in found.items()]


def can_come(account_id: UUID, door: tuple[UUID, UUID], time: MeetingTime) -> bool:
    """Whether somebody else could come to an agreed time that is ahead: they answer at that door on the day, are not
    away and have agreed on nothing else then.
    """
    zone, everybody = ZoneInfo(require_current().timezone), roster_now()
    day = time.starts_at.astimezone(zone).date()
    answers = {post.account_id for post in everybody.holders(*door, day)} | set(everybody.present(*door, day))
    booked = MeetingTime.objects.filter(
        account_id=account_id,
        state=MeetingTime.State.AGREED,
        starts_at__lt=time.ends_at,
        ends_at__gt=time.starts_at,
    ).exclude(pk=time.pk)
    return account_id in answers and not everybody.is_away(account_id, day) and not booked.exists()
