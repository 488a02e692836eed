"""What a person has and has not finished, for whoever must give it on, and what waits at their doors: number, door and
clock, no content."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from services.contact.holding import is_free
from services.contact.models import ContactRequest
from services.contact.queries import IN_A_FLOOD, Listed, with_promises
from services.contact.said_no import kept_out_of
from services.contact.wishes import from_outside, hidden_from
from tenants.presence.models import Substitute
from tenants.presence.unclaimed import Unclaimed
from tenants.setup.actors import held_on, today
from tenants.setup.leaving import Open
from tenants.setup.models import Post


def held_by(account_id: UUID) -> list[Open]:
    """Open requests the account took, also while it is away."""
    rows = list(ContactRequest.objects.filter(taken_by_id=account_id, closed_at__isnull=True))
    apart = kept_out_of([row.pk for row in rows])
    outside = from_outside([row.pk for row in rows])
    return [
        Open(
            id=row.request.pk,
            number=row.request.case_number,
            role_id=row.request.role_id,
            school_id=row.request.school_id,
            due_at=row.runs.due_at if row.runs else None,
            apart=apart[row.request.pk],
            from_outside=row.request.pk in outside,
            broke=next((one.due_at for one in row.waiting if one.broken_at), None),
        )
        for row in with_promises(rows)
    ]


def answers_no_more(who: str, *, role: str = "role_id", school: str = "school_id") -> Q:
    """The condition that `who` (a column of the row that is asked about) holds no post at its door today, however it
    ended: neither for good nor instead of somebody else. Whoever is away holds one.
    """
    in_role = Post.objects.filter(
        held_on(today()), account__is_active=True, account_id=OuterRef(who), role_id=OuterRef(role)
    )
    answers_for = Substitute.objects.filter(account_id=OuterRef(OuterRef(who)))
    others = Post.objects.filter(
        held_on(today()),
        role_id=OuterRef(role),
        school_id=OuterRef(school),
        pk__in=answers_for.values("post_id"),
    )
    at_door = in_role.filter(school_id=OuterRef(school))
    return Q(~Exists(at_door), ~(Exists(in_role) & Exists(others)))


def left_behind() -> QuerySet[ContactRequest]:
    """Open requests of whoever answers at their door no more."""
    taken = ContactRequest.objects.filter(taken_by__isnull=False, closed_at__isnull=True)
    return taken.filter(answers_no_more("taken_by_id"))


def unclaimed_at_doors_of(account_id: UUID, reader_id: UUID) -> list[Unclaimed]:
    """Open requests that are nobody's at the doors where the account holds a post today, but for floods and what is
    not there for it, or for whoever reads this."""
    doors = Q(pk__in=())
    for role_id, school_id in Post.objects.filter(held_on(today()), account_id=account_id).values_list(
        "role_id", "school_id"
    ):
        doors |= Q(role_id=role_id, school_id=school_id)
    rows = ContactRequest.objects.filter(doors, is_free(), closed_at__isnull=True)
    rows = rows.exclude(hidden_from(account_id)).exclude(hidden_from(reader_id))
    found: dict[tuple[UUID, UUID], list[Listed]] = {}
    for row in with_promises(list(rows.exclude(IN_A_FLOOD).exclude(taken_by_id=account_id))):
        found.setdefault((row.request.role_id, row.request.school_id), []).append(row)
    return [
        Unclaimed(
            *door,
            len(rows),
            min((one.due_at for one in rows if one.waits() and one.due_at), default=None),
            frozenset(one.request.pk for one in rows),
        )
        for door, rows in found.items()
    ]
