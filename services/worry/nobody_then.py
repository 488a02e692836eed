"""An absence that leaves an open worry with nobody there who could decide in time: those in charge hear at once that it
is one, role and clock, and no word of it."""

from uuid import UUID

from services.contact.nobody_then import gap_before
from services.contact.said_no import kept_out_of
from services.worry import notices, queries
from services.worry.models import Worry
from tenants.presence.left_alone import doors_left
from tenants.presence.presence import Roster
from tenants.presence.unclaimed import Noted


def left_alone(everybody: Roster, noted: Noted, *, tells: bool) -> frozenset[UUID]:
    """Open worries whose clock runs, by the door of their case. Each gap is told of once."""
    doors = doors_left(everybody, noted)
    rows = Worry.objects.filter(
        closed_at__isnull=True,
        request__role_id__in=[role for role, _school in doors],
        request__school_id__in=[school for _role, school in doors],
    ).select_related("request")
    worries = list(rows.order_by("raised_at", "pk"))
    apart, found = kept_out_of([worry.request_id for worry in worries]), set()
    for worry in worries:
        door, promise = (worry.request.role_id, worry.request.school_id), queries.standing(worry)
        if door not in doors or promise is None:
            continue
        since = gap_before(everybody, door, noted, promise, apart[worry.request_id])
        people = notices.who_hears_of_nobody(worry, noted.account_id) if since else []
        if since and people:
            found.add(worry.pk)
            if tells:
                notices.nobody_will_be_there(people, worry, promise.due_at, since)
    return frozenset(found)
