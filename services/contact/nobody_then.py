"""An absence that leaves something waiting with nobody there before its promise runs out: those in charge hear at once,
the role and the clock, whose absence it is they do not."""

from datetime import date, timedelta
from uuid import UUID

from kernel import clock
from services.contact.handover_queries import kept_out
from services.contact.models import ContactRequest
from services.contact.notices import local_day, nobody_will_be_there
from services.contact.queries import IN_A_FLOOD, Listed, with_promises
from tenants.presence.presence import Roster
from tenants.presence.queries import roster_now
from tenants.presence.unclaimed import Noted
from tenants.setup.actors import today
from tenants.setup.queries import portal


def absence_noted(noted: Noted) -> None:
    """In the transaction that notes it. Each request once an absence; a flood is told of by its door alone."""
    everybody = roster_now()
    left = _answered_at(everybody, noted)
    rows = ContactRequest.objects.filter(
        closed_at__isnull=True,
        role_id__in=[role for role, _school in left],
        school_id__in=[school for _role, school in left],
    ).exclude(IN_A_FLOOD)
    for row in with_promises(list(rows.order_by("opened_at", "pk"))):
        if (row.request.role_id, row.request.school_id) in left and _is_left_alone(everybody, row, noted):
            nobody_will_be_there(row.request, row.runs.due_at if row.runs else None, noted)


def _answered_at(everybody: Roster, noted: Noted) -> set[tuple[UUID, UUID]]:
    """Where the absent one would have answered, by a post or instead of somebody, on a day of the absence."""
    before = everybody.but(noted.account_id, noted.first_day, noted.last_day)
    roles = {post.role_id for post in before.posts if post.account_id == noted.account_id}
    doors = {(post.role_id, post.school_id) for post in before.posts if post.role_id in roles}
    days = _days(noted.first_day, noted.last_day)
    return {door for door in doors if any(noted.account_id in before.present(*door, day) for day in days)}


def _is_left_alone(everybody: Roster, row: Listed, noted: Noted) -> bool:
    """Whether its promise runs, and on no open day from the first one away until it runs out somebody is there who may
    answer."""
    due = local_day(row.runs.due_at if row.runs else None)
    if due is None or row.runs is None or row.runs.due_at <= clock.now():
        return False
    first, aside = max(noted.first_day, today()), kept_out(row.request.pk)
    door = (row.request.role_id, row.request.school_id)
    if first > due:
        return False
    return not everybody.first_day_with_somebody(*door, first, due, is_open=portal().is_open, apart=aside)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
