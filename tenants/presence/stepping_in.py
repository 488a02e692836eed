"""Who could answer at a door besides those who do: by name, in the order of names, and never how much anybody has.

Only who stands in the same secrecy circle as that door, holds the same role today and is there today. To be named
here gives nobody anything: an administrator has to give a post.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kernel.outbox.queries import unreached
from kernel.people.models import Account
from tenants.presence.circles import circle_at, circle_of_post
from tenants.presence.presence import Roster
from tenants.presence.queries import accounts, roster
from tenants.setup.actors import held_on, today
from tenants.setup.models import Employer, HelperRole, Post, School
from tenants.walls import same_circle

type Door = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Person:
    """`email` is "" where messages do not get through. `at`: their schools, by name; `lent_by`: the municipality that
    lends them by agreement."""

    account_id: UUID
    name: str
    email: str
    at: tuple[str, ...] = ()
    lent_by: str = ""
    is_substitute: bool = False


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Of one (role, school): who answers today; holders of the role elsewhere; those lent by another municipality."""

    here: tuple[Person, ...] = ()
    elsewhere: tuple[Person, ...] = ()
    lent: tuple[Person, ...] = ()


def who_could_step_in(
    doors: Collection[Door], apart: Mapping[Door, frozenset[UUID]] | None = None
) -> dict[Door, AtDoor]:
    """For each (role, school). Five queries, however many doors and people. `apart`: by door, who cannot answer what
    waits there."""
    if not doors:
        return {}
    roles = HelperRole.objects.select_related("employer").in_bulk({role for role, _school in doors})
    schools = School.objects.in_bulk({school for _role, school in doors})
    rows = list(
        Post.objects.filter(held_on(today()), role_id__in=roles, account__is_active=True)
        .select_related("account", "role__employer", "school", "employer")
        .order_by("account__name", "school__name", "pk")
    )
    everybody = roster()
    aside = apart or {}
    answering = {
        door: [who for who in everybody.present(*door, today()) if who not in aside.get(door, ())]
        for door in doors
    }
    known = {row.account_id: row.account for row in rows}
    known |= {one.pk: one for one in accounts(who for here in answering.values() for who in here)}
    silent = unreached(known)
    return {
        (role, school): _at_door(
            roles[role],
            schools[school],
            [row for row in rows if row.account_id not in aside.get((role, school), ())],
            answering[role, school],
            known,
            silent,
            everybody,
        )
        for role, school in doors
        if role in roles and school in schools
    }


def _at_door(
    role: HelperRole,
    school: School,
    rows: list[Post],
    answering: Collection[UUID],
    known: dict[UUID, Account],
    silent: set[UUID],
    everybody: Roster,
) -> AtDoor:
    own = [row for row in rows if (row.role_id, row.school_id) == (role.pk, school.pk)]
    circles = [circle_of_post(row) for row in own] or [circle_at(role, school)]
    named = {who for row in own for who in everybody.substitutes.get(row.pk, ())}
    others: dict[UUID, list[Post]] = {}
    for row in rows:
        fits = any(same_circle(circle_of_post(row), one) for one in circles)
        free = row.account_id not in answering and everybody.works_in(row.account_id, role.pk, today())
        if row.role_id == role.pk and row.school_id != school.pk and fits and free:
            others.setdefault(row.account_id, []).append(row)
    found = [_person(known[who], silent, posts, who in named) for who, posts in others.items()]
    here = [_person(known[who], silent) for who in answering if who in known]
    return AtDoor(
        here=tuple(sorted(here, key=lambda one: one.name)),
        elsewhere=tuple(one for one in found if not one.lent_by),
        lent=tuple(one for one in found if one.lent_by),
    )


def _person(
    account: Account, silent: set[UUID], posts: Iterable[Post] = (), is_substitute: bool = False
) -> Person:
    lenders = [row.employer.name for row in posts if _is_lent(row) and row.employer]
    return Person(
        account_id=account.pk,
        name=account.name,
        email="" if account.pk in silent else account.email,
        at=tuple(dict.fromkeys(row.school.name for row in posts)),
        lent_by=lenders[0] if lenders else "",
        is_substitute=is_substitute,
    )


def _is_lent(post: Post) -> bool:
    return post.employer is not None and post.employer.kind == Employer.Kind.NEIGHBOUR


def administrators_to_ask() -> list[Person]:
    """Administrators who are there today and whom messages reach, by name. Two queries."""
    rows = Account.objects.filter(Q(is_administrator=True), is_active=True).order_by("name", "pk")
    found = [row for row in rows if not roster().is_away(row.pk, today())]
    silent = unreached(row.pk for row in found)
    return [_person(row, silent) for row in found if row.pk not in silent]
