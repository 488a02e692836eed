"""The plan as it is: for pages from today's portal, for what is decided from the tables. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kernel.audit.models import Entry
from kernel.people.models import Account
from tenants.feasibility.plan import Door, Plan
from tenants.presence.circles import circle_of_post
from tenants.presence.loading import load_roster
from tenants.setup.actors import today
from tenants.setup.models import HelperRole, Post, School
from tenants.setup.models import WorkingCalendar as CalendarRow
from tenants.setup.queries import current_calendar, guarantees, portal
from tenants.walls import same_circle

#: Changes of the choice that its page tells.
HISTORY = 5


def current_plan() -> Plan:
    """As of today, for who looks. Two queries while nothing changed."""
    door = portal()
    schools = tuple(school.id for school in door.schools)
    return Plan(door.calendar, door.guarantees, door.roster, schools, _open_roles())


def plan_now() -> Plan:
    """The same, asked of the tables: in the transaction that changes one of them. Seven queries."""
    calendar = current_calendar()[0] if CalendarRow.objects.exists() else None
    schools = School.objects.filter(closed_on=None).order_by("name").values_list("pk", flat=True)
    return Plan(calendar, guarantees(), load_roster(), tuple(schools), _open_roles())


def _open_roles() -> tuple[UUID, ...]:
    roles = HelperRole.objects.filter(closed_on=None).order_by("order", "key")
    return tuple(roles.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What set-up did with gaps before somebody changed it, and does since."""

    at: datetime
    name: str
    before: str
    now: str


def chosen_lately() -> list[Chosen]:
    """The last changes of what set-up does with a gap, the newest first. Two queries."""
    rows = list(Entry.objects.filter(verb="setup.change_on_gaps").order_by("-at", "-pk")[:HISTORY])
    names = dict(Account.objects.filter(pk__in=[row.actor_id for row in rows]).values_list("pk", "name"))
    return [
        Chosen(
            row.at,
            names.get(row.actor_id, "") if row.actor_id else "",
            row.details["before"],
            row.details["now"],
        )
        for row in rows
    ]


def posts_at(door: Door) -> tuple[list[Post], dict[UUID, dict[UUID, str]]]:
    """The posts of a door by name, and who could stand in for each holder: account and name, in the order of names.

    Whoever holds the same role somewhere now or later, in the same secrecy circle. One query.
    """
    role_id, school_id = door
    rows = list(
        Post.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today()), role_id=role_id, account__is_active=True
        )
        .select_related("account", "role__employer", "school", "employer")
        .order_by("account__name", "starts_on", "pk")
    )
    own = [row for row in rows if row.school_id == school_id]
    return own, {post.pk: _in_the_circle_of(post, rows) for post in own}


def _in_the_circle_of(post: Post, rows: Iterable[Post]) -> dict[UUID, str]:
    mine = circle_of_post(post)
    return {
        row.account_id: row.account.name
        for row in rows
        if row.account_id != post.account_id and same_circle(circle_of_post(row), mine)
    }
