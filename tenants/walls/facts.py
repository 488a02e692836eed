"""From rows to the values the policy decides about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, Value

from kernel import clock, once, worded
from kernel.actor import Actor
from kernel.tenancy import require_current
from tenants.setup.actors import held_on, today
from tenants.setup.models import HelperRole, Post, School
from tenants.walls.cases import Case, Door, Ties, every_tie
from tenants.walls.circles import Circle, Record, Sharing, circle_of, record_due, sharing_of
from tenants.walls.models import Grant, Opening
from tenants.walls.policy import Held, Reader, Thing, What

#: What somebody is let into, and what follows from it.
rights = once.Once("rights")


@contextmanager
def asked_once() -> Iterator[None]:
    """While a page is made that changes nobody's rights: what somebody is let into is asked once, set-up too."""
    with once.setup(), rights():
        yield


def reader_of(actor: Actor) -> Reader:
    """The facts about who wants to read. One query for a helper (what they are let into), none for others; within
    `asked_once` one for all of them.
    """
    return rights.ask(("reader", actor), lambda: _reader_of(actor))


def _reader_of(actor: Actor) -> Reader:
    grants, opened, extracted = set[UUID](), set[UUID](), set[UUID]()
    offered, recused, refused = set[UUID](), set[UUID](), set[UUID]()
    by_tie = {"grant": grants, "offered": offered, "recused": recused, "refused": refused}
    if actor.kind == "person" and actor.id is not None and actor.posts:
        for case_key, how in _let_into(actor.id, actor.posts):
            by_tie.get(how, opened).add(case_key)
            if how not in by_tie and how != Opening.Basis.DANGER:
                extracted.add(case_key)
    return Reader(
        kind=actor.kind,
        id=actor.id,
        doors=actor.posts,
        leads=actor.leads,
        is_administrator=actor.is_administrator,
        is_operator=actor.is_operator,
        grants=frozenset(grants),
        opened=frozenset(opened),
        extracted=frozenset(extracted),
        offered=frozenset(offered),
        recused=frozenset(recused),
        refused=frozenset(refused),
        case=actor.case_id,
    )


def _let_into(account_id: UUID, doors: frozenset[Door]) -> list[tuple[Any, ...]]:
    """(case key, "grant", the basis of an opening, or what rooms upstairs tie people by) of what stands now. Rooms
    upstairs ask for the posts of today: what was worded on another day does not answer.
    """
    at = chain.from_iterable(doors)
    return worded.ask(_of_doors, account_id, clock.now(), *at, kept=(every_tie(), today()))


def is_refused(account_id: UUID, doors: frozenset[Door], case: Case) -> bool:
    """Whether the student of the case has said no to somebody with these posts."""
    return (case.key, "refused") in _let_into(account_id, doors)


def _of_doors(account_id: UUID, now: datetime, *rest: Any) -> QuerySet[Grant, Any]:
    """`question`, with the doors as ids of roles and schools in turn; then the ties, and the day they are worded on."""
    *at, ties, _day = rest
    return question(account_id, now, frozenset(zip(at[::2], at[1::2], strict=True)), ties)


def question(
    account_id: UUID, now: datetime, doors: frozenset[Door], ties: tuple[Ties, ...]
) -> QuerySet[Grant, Any]:
    """What somebody is let into, as one question."""
    openings = standing_openings(now).filter(reader_id=account_id).values_list("case_key_id", "basis")
    grants = standing_grants(now).filter(account_id=account_id)
    let_in = grants.values_list("case_key_id", Value("grant", CharField()))
    return let_in.union(openings, *(rows for one in ties for rows in one(account_id, doors)), all=True)


def standing_grants(now: datetime | None = None) -> QuerySet[Grant]:
    return Grant.objects.filter(withdrawn_at__isnull=True, ends_at__gt=now or clock.now())


def standing_openings(now: datetime | None = None) -> QuerySet[Opening]:
    return Opening.objects.filter(ended_at__isnull=True, ends_at__gt=now or clock.now())


def held_by(holder: UUID | None, actor: Actor) -> Held:
    """Who has it, as this actor sees it. `holder` is None when the one who took it is gone."""
    if holder is None:
        return "nobody"
    return "me" if holder == actor.id else "colleague"


def thing_of(case: Case, actor: Actor, what: What = "conversation") -> Thing:
    """A thing of a case."""
    held: Held = "rest" if case.holder is None and case.rests else held_by(case.holder, actor)
    return Thing(what, role=case.role, school=case.school, held=held, case=case.key, request=case.object_id)


@dataclass(frozen=True, slots=True)
class Seat:
    """One post as the law sees it. `employer` is the kind of the post's employer, the role's, or the place's own."""

    account_id: UUID
    name: str
    role_id: UUID
    role_names: dict[str, str]
    school_id: UUID
    school_name: str
    profession: str
    form: str
    employer: str

    @property
    def _where(self) -> tuple[str, str, str, str]:
        return require_current().country, self.profession, self.form, self.employer

    @property
    def circle(self) -> Circle:
        return circle_of(*self._where)

    @property
    def sharing(self) -> Sharing:
        return sharing_of(*self._where)

    @property
    def circle_name(self) -> str:
        """The circle as one word to keep beside what was written in it: equal for two seats that share one."""
        circle = self.circle
        alone = self.role_id.hex if circle.alone else ""
        return ":".join((circle.country, circle.name, circle.employer, alone))

    def shares_with(self, other: "Seat") -> bool:
        """One secrecy circle. A profession that no rule names shares with its own role alone."""
        return self.circle == other.circle and (not self.circle.alone or self.role_id == other.role_id)


@dataclass(frozen=True, slots=True)
class Duty:
    """What the law asks of somebody's post: `employer` the kind it stands on, `record` what is due elsewhere."""

    employer: str
    record: Record | None


def duty_of(account_id: UUID, role: HelperRole, school: School) -> Duty:
    """The duty of whoever answers at this door: by their post there, else (standing in) by the role's employer."""
    there = seats(account_id=account_id, role_id=role.pk, school_id=school.pk)
    employer = there[0].employer if there else role.employer.kind if role.employer else _own_kind()
    return duty(role, school, employer)


def duty(role: HelperRole, school: School, employer: str) -> Duty:
    """The same, where the kind of employer is known. A country without rules asks for nothing that we know."""
    try:
        found = record_due(require_current().country, role.profession, school.form, employer)
    except LookupError:
        found = None
    return Duty(employer, found)


def _own_kind() -> str:
    return "county" if require_current().kind == "county" else "municipality"


def circles_at(account_id: UUID, case: Case) -> frozenset[str]:
    """In which secrecy circles somebody reads a case: that of their post at its door, else those of all their
    posts. One query.
    """
    theirs = seats(account_id=account_id)
    there = [seat for seat in theirs if (seat.role_id, seat.school_id) == (case.role, case.school)]
    return frozenset(seat.circle_name for seat in there or theirs)


def seats(**only: Any) -> list[Seat]:
    """Posts held today by people who may sign in, by name. One query."""
    posts = Post.objects.filter(held_on(today()), account__is_active=True, **only)
    posts = posts.select_related("account", "role__employer", "school", "employer")
    own = _own_kind()
    return [
        Seat(
            account_id=post.account_id,
            name=post.account.name,
            role_id=post.role_id,
            role_names=post.role.names,
            school_id=post.school_id,
            school_name=post.school.name,
            profession=post.role.profession,
            form=post.school.form,
            employer=employer.kind if (employer := post.employer or post.role.employer) else own,
        )
        for post in posts.order_by("account__name", "school__name", "pk")
    ]
