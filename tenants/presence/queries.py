"""Who is there: for pages from the roster of today's portal (one one-row query while nothing changed), for what is
told or decided from the tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.people.models import Account
from tenants.presence.circles import in_the_circle_of
from tenants.presence.loading import load_roster
from tenants.presence.models import Absence, Substitute
from tenants.presence.presence import Roster
from tenants.setup.actors import held_on, today
from tenants.setup.models import Post
from tenants.setup.queries import portal


def roster() -> Roster:
    """Everybody who is not gone, as of today."""
    return portal().roster


def roster_now() -> Roster:
    """The same, asked of the tables: for what is told and decided in a transaction. Three queries."""
    return load_roster()


def accounts(ids: Iterable[UUID]) -> list[Account]:
    """The active accounts, in the order of the ids."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    found = {row.pk: row for row in Account.objects.filter(pk__in=wanted, is_active=True)}
    return [found[pk] for pk in wanted if pk in found]


def present_on(role_id: UUID, school_id: UUID, day: date) -> list[Account]:
    """Who answers in the role at the school on a local date from today on: holders there, then stand-ins."""
    return accounts(roster().present(role_id, school_id, day))


def responsible_now(
    role_id: UUID, school_id: UUID, *, holder: UUID | None = None, until: date | None = None
) -> list[Account]:
    """Whom to tell today: the one who has it or who stands in for them; else who is there at the door.

    Nobody there today, or today is closed: those who are there first on an open day, up to and including `until`. Of
    what has run out (`until` is past) those who are there today hear. Empty: the lead.
    """
    everybody, day = roster_now(), today()
    if until is None or until < day:
        return accounts(everybody.responsible_on(role_id, school_id, day, holder).people)
    first = everybody.first_day_with_somebody(role_id, school_id, day, until, is_open=portal().is_open)
    return accounts(everybody.responsible_on(role_id, school_id, first, holder).people if first else ())


@dataclass(frozen=True, slots=True)
class Named:
    """A substitute of a post, in order."""

    account_id: UUID
    name: str


def substitutes_of(post_ids: Sequence[UUID]) -> dict[UUID, list[Named]]:
    """The substitutes of each post, in order. One query."""
    found: dict[UUID, list[Named]] = {post_id: [] for post_id in post_ids}
    rows = Substitute.objects.filter(post_id__in=post_ids).select_related("account").order_by("order", "pk")
    for row in rows:
        found[row.post_id].append(Named(row.account_id, row.account.name))
    return found


def stood_in_at(account_id: UUID) -> QuerySet[Any, Any]:
    """The schools at which this person is named to stand in for a post that is held today. Whoever they stand in for
    may be there or away: it changes from one minute to the next.
    """
    held = Post.objects.filter(held_on(today()))
    return Substitute.objects.filter(account_id=account_id, post__in=held).values("post__school_id")


def deputies_at(schools: QuerySet[Any, Any]) -> QuerySet[Substitute]:
    """Who is named to stand in for a post that is held today at one of these schools."""
    return Substitute.objects.filter(post__in=Post.objects.filter(held_on(today()), school_id__in=schools))


def may_substitute(post: Post) -> list[Account]:
    """Whoever else holds the same role somewhere today or later, by name: same role, same circle."""
    found = accounts(in_the_circle_of(post) - {post.account_id})
    return sorted(found, key=lambda account: account.name)


def absences_of(account_id: UUID) -> list[Absence]:
    """Absences that are not over, the next first."""
    return list(Absence.objects.filter(account_id=account_id, last_day__gte=today()).order_by("first_day"))
