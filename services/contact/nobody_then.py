"""An absence that leaves something waiting with nobody there before its promise runs out: those in charge hear at once,
the role and the clock, whose absence it is they do not."""

from datetime import date
from uuid import UUID

from kernel import clock
from services.contact.models import ContactRequest
from services.contact.notices import day_of, nobody_will_be_there, who_hears_of_nobody
from services.contact.queries import IN_A_FLOOD, with_promises
from services.contact.said_no import kept_out_of
from services.promises.models import Promise
from tenants.presence.left_alone import Door, Stretch, alone_since, doors_left
from tenants.presence.presence import Roster
from tenants.presence.unclaimed import Noted
from tenants.setup.actors import today
from tenants.setup.queries import portal


def left_alone(everybody: Roster, noted: Noted, *, tells: bool) -> frozenset[UUID]:
    """Requests, but for floods, of which their door alone is told. Each gap of each request is told of once, however
    often it is noted; another due time is told of again."""
    doors = doors_left(everybody, noted)
    rows = ContactRequest.objects.filter(
        closed_at__isnull=True,
        role_id__in=[role for role, _school in doors],
        school_id__in=[school for _role, school in doors],
    ).exclude(IN_A_FLOOD)
    here = [row for row in rows.order_by("opened_at", "pk") if (row.role_id, row.school_id) in doors]
    apart, found = kept_out_of([row.pk for row in here]), set()
    for row in with_promises(here):
        request, promise = row.request, row.runs
        door = (request.role_id, request.school_id)
        since = gap_before(everybody, door, noted, promise, apart[request.pk]) if promise else None
        people = who_hears_of_nobody(request, noted.account_id) if since else []
        if promise and since and people:
            found.add(request.pk)
            if tells:
                nobody_will_be_there(people, request, promise.due_at, since)
    return frozenset(found)


def gap_before(
    everybody: Roster, door: Door, noted: Noted, promise: Promise, apart: frozenset[UUID]
) -> date | None:
    """Since when nobody but these is there before a promise that runs will have run out; None: somebody is, on an open
    day from the first one away (or today) on."""
    if promise.due_at <= clock.now():
        return None
    asked = Stretch(day_of(promise.opened_at), max(noted.first_day, today()), day_of(promise.due_at))
    return alone_since(everybody, door, asked, is_open=portal().is_open, apart=apart)
